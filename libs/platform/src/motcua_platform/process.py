"""How a process ends: crash-only.

What is neither bad input nor transient is a defect or a lost world: the process says so and dies
at once, the supervisor starts it anew, and the log makes good what was in flight (law L5).
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Final, NoReturn, ParamSpec, TypeVar

import structlog

CRASH_EXIT_CODE: Final = 70

P = ParamSpec("P")
T = TypeVar("T")

_log = structlog.get_logger()


def crash(event: str, error: BaseException) -> NoReturn:
    """Log the error and end the process without any clean-up."""
    _log.error(event, exc_info=error)
    os._exit(CRASH_EXIT_CODE)


def crash_on_error(
    function: Callable[P, Awaitable[T]],
) -> Callable[P, Awaitable[T]]:
    """Wrap a coroutine so that an error in it ends the process; cancellation passes through."""

    @wraps(function)
    async def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await function(*args, **kwargs)
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001 - the one place where everything ends
            crash("crashed", error)

    return guarded


class Failpoints:
    """Named places where a fault test lets the process kill itself, each at most once.

    In production no name is set and `reach` costs one comparison.
    """

    def __init__(self, armed: str = "") -> None:
        """Arm `name` or `name:count`, which fires at the count-th passing."""
        name, _, count = armed.partition(":")
        self._name = name
        self._left = int(count or "1")

    def reach(self, name: str) -> None:
        """Kill the process with SIGKILL if this place is armed and its turn has come."""
        if name != self._name:
            return
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
