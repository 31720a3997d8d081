"""`motcua` as an operator runs it, and what it printed."""

from __future__ import annotations

import subprocess
import sys

from stack_under_fault import Stack

_SECONDS = 90


def motcua(stack: Stack, *arguments: str) -> str:
    """Run a command to its success; what it printed."""
    code, printed = motcua_ends(stack, *arguments)
    assert code == 0, printed[-2000:]
    return printed


def motcua_ends(stack: Stack, *arguments: str) -> tuple[int, str]:
    """Run a command; its exit code, and what it printed on both streams."""
    done = subprocess.run(
        (sys.executable, "-c", "from motcua_cli.main import app; app()", *arguments),
        env=_environment(stack),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    return done.returncode, done.stdout


def _environment(stack: Stack) -> dict[str, str]:
    processing = stack.settings("processing")
    wanted = {
        "MOTCUA_KAFKA_BOOTSTRAP": stack.servers.kafka.bootstrap,
        "MOTCUA_DATABASE_URL": stack.servers.database_url,
    }
    return {name: one for name, one in processing.items() if "MOTCUA_" not in name} | wanted
