"""A rebuild of which only the first process is killed (SIGKILL), while its workers write."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing
from typing import Final

import psutil
from motcua_cli.stack.processes import kill, spawn
from stack_under_fault import SCHEMA, Stack
from struck_rebuild import Session, asked
from waiting import until

_SECONDS: Final = 60.0
_ORPHAN_SECONDS: Final = 5.0
COMMAND: Final = ("-c", "from motcua_cli.main import app; app()", "rebuild")
MODULE: Final = ("-m", "motcua_processing.rebuild")
_HELD: Final = f"BEGIN; LOCK TABLE {SCHEMA}_rebuild.journal IN ACCESS EXCLUSIVE MODE;"
_WRITERS_WAIT: Final = (
    f"SELECT 1 FROM pg_locks WHERE NOT granted AND relation = "
    f"to_regclass('{SCHEMA}_rebuild.journal') HAVING count(*) = 2"
)


def left_after_the_first_process_is_killed(stack: Stack, entry: tuple[str, ...]) -> list[str]:
    """Kill it while both workers wait to write; what of its descendants is there after seconds."""
    environment = stack.settings("processing", GROUP_INSTANCE=None)
    if entry is COMMAND:
        named = ("MOTCUA_KAFKA_BOOTSTRAP", "MOTCUA_DATABASE_URL")
        environment = {
            name: one
            for name, one in environment.items()
            if not name.startswith("MOTCUA_") or name in named
        }
    rebuilding = spawn((sys.executable, *entry), log=stack.logs / "orphans.log", env=environment)
    try:
        with closing(Session(stack)) as holding:
            until("two workers run", lambda: len(_workers(rebuilding)) == 2, _SECONDS)
            holding.say(_HELD)
            until("both wait to write", lambda: asked(stack, _WRITERS_WAIT), _SECONDS)
            family = psutil.Process(rebuilding.pid).children(recursive=True)
            os.kill(rebuilding.pid, signal.SIGKILL)
            _, alive = psutil.wait_procs(family, _ORPHAN_SECONDS)
            return [" ".join(one.cmdline()) for one in alive]
    finally:
        kill(rebuilding)


def _workers(rebuilding: subprocess.Popen[bytes]) -> list[psutil.Process]:
    family = psutil.Process(rebuilding.pid).children(recursive=True)
    return [one for one in family if "spawn_main" in " ".join(one.cmdline())]
