"""Waiting for something to become true: polled, and never longer than a deadline."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final, TypeVar

T = TypeVar("T")

_POLL_SECONDS: Final = 0.1


def until(what: str, ask: Callable[[], T | None], seconds: float) -> T:
    """Ask until the answer is truthy, and return it.

    Raises:
        AssertionError: it was not within `seconds`; names `what` was waited for.
    """
    give_up = time.monotonic() + seconds
    while not (answer := ask()):
        if time.monotonic() > give_up:
            raise AssertionError(f"{what}: not within {seconds:.0f} s; last answer {answer!r}")
        threading.Event().wait(_POLL_SECONDS)
    return answer


def let_pass(seconds: float) -> None:
    """Let a drawn time pass before a fault strikes; nothing is waited for."""
    threading.Event().wait(seconds)
