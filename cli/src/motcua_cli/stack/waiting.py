import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from motcua_cli.stack.errors import StackError
from motcua_cli.stack.processes import tail

_POLL_SECONDS = 0.05


def wait_until_ready(
    name: str,
    ready: Callable[[], bool],
    *,
    child: subprocess.Popen[bytes],
    deadline: float,
    log: Path,
) -> None:
    """Poll `ready` until it is true.

    Raises:
        StackError: the child ended, or `deadline` seconds have passed.
    """
    give_up = time.monotonic() + deadline
    while not ready():
        if child.poll() is not None:
            message = f"{name} ended with code {child.returncode}: see {log} ({tail(log)})."
            raise StackError(message)
        if time.monotonic() > give_up:
            message = f"{name} is not ready after {deadline:.0f} s: see {log} ({tail(log)})."
            raise StackError(message)
        time.sleep(_POLL_SECONDS)
