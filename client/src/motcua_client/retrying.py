"""When to try again: full jitter under a doubling cap, never before `Retry-After`.

Full jitter: the wait is drawn evenly between nothing and the cap, so that a hundred communes whose
line came back together do not knock together.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from motcua_client.errors import Away


@dataclass(frozen=True, slots=True)
class Pace:
    """How a client waits; times in seconds."""

    first: float = 0.5
    """The cap of the first wait."""
    longest: float = 30.0
    """The highest cap."""
    patience: float | None = 600.0
    """How long without a final answer until `Away`; None: for ever."""
    request: float = 30.0
    """How long a request may take."""
    monotonic: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
    """Drawn from 0 to 1."""


class Retries:
    """The attempts since the last final answer."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._attempt = 0
        self._since = pace.monotonic()

    def answered(self) -> None:
        """A final answer came: the next failure is a first one."""
        self._attempt = 0
        self._since = self._pace.monotonic()

    def wait(self, why: str, at_least: float = 0.0) -> float:
        """The seconds until the next attempt.

        Raises:
            Away: they would end after the patience.
        """
        pace = self._pace
        cap = min(pace.longest, pace.first * 2 ** min(self._attempt, 30))
        self._attempt += 1
        wait = at_least + cap * pace.chance()
        if pace.patience is not None:
            left = self._since + pace.patience - pace.monotonic()
            if wait > left:
                raise Away(why, at_least)
        return wait
