"""A rebuild killed (SIGKILL, its whole group) at two places, and one that is left to itself."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from typing import Final

from motcua_cli.stack.postgres_binaries import find_postgres
from motcua_cli.stack.processes import kill, spawn
from stack_under_fault import SCHEMA, Stack
from waiting import until

_SECONDS: Final = 90.0
_MODULE: Final = (sys.executable, "-m", "motcua_processing.rebuild")
_FILLING: Final = f"SELECT 1 FROM pg_tables WHERE schemaname = '{SCHEMA}_rebuild'"
_WAITING: Final = (
    "SELECT 1 FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock' "
    "AND pid IN (SELECT pid FROM pg_stat_activity WHERE query LIKE 'LOCK TABLE%')"
)
_HOLDING: Final = f"BEGIN; LOCK TABLE {SCHEMA}.notice IN ACCESS SHARE MODE;"


def killed_while_it_fills(stack: Stack) -> None:
    """Kill one as soon as its shadow is there."""
    rebuilding = _started(stack)
    until("the rebuild has its shadow", lambda: asked(stack, _FILLING), _SECONDS)
    assert rebuilding.poll() is None
    kill(rebuilding)


def killed_before_it_swaps(stack: Stack) -> None:
    """Kill one that has filled its shadow and waits for the live tables, which are held here."""
    with closing(Session(stack)) as holding:
        holding.say(_HOLDING)
        rebuilding = _started(stack)
        until("the rebuild waits for the tables", lambda: asked(stack, _WAITING), _SECONDS)
        assert rebuilding.poll() is None
        kill(rebuilding)


def rebuild(stack: Stack) -> str:
    """One that nothing strikes; what it reported."""
    environment = stack.settings("processing", GROUP_INSTANCE=None)
    done = subprocess.run(
        _MODULE, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


class Session:
    """A session of psql that stays open."""

    def __init__(self, stack: Stack) -> None:
        self._psql = subprocess.Popen(
            (find_postgres().program("psql"), "-q", stack.servers.database_url),
            stdin=subprocess.PIPE,
            text=True,
        )

    def say(self, statement: str) -> None:
        assert self._psql.stdin is not None
        self._psql.stdin.write(statement + "\n")
        self._psql.stdin.flush()

    def close(self) -> None:
        self._psql.communicate()


def _started(stack: Stack) -> subprocess.Popen[bytes]:
    environment = stack.settings("processing", GROUP_INSTANCE=None)
    return spawn(_MODULE, log=stack.logs / "rebuild.log", env=environment)


def asked(stack: Stack, question: str) -> bool:
    psql = find_postgres().program("psql")
    done = subprocess.run(
        (psql, "-Atc", question, stack.servers.database_url),
        capture_output=True,
        text=True,
        check=True,
    )
    return bool(done.stdout.strip())
