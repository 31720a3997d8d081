"""Domain time (law L9): a mapping of real time that the registry holds, one for all processes.

Without a mapping domain time is real time. The mapping of a record is the newest one that the log
had when the record was appended, so that a rebuild finds the same time again.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from motcua_kernel.domain_time import mapped, recorded_at
from motcua_kernel.instant import Instant
from motcua_kernel.registry import Registry

RealClock = Callable[[], Instant]


def real_now() -> Instant:
    """The wall clock in milliseconds; entry points hand it down."""
    return Instant(time.time_ns() // 1_000_000)


class DomainClock:
    """Domain time under the mappings of a registry."""

    def __init__(self, registry: Callable[[], Registry], real_clock: RealClock = real_now) -> None:
        """Ask `registry()` for the mappings each time, so that a new one counts at once."""
        self._registry = registry
        self._real_clock = real_clock

    def now(self) -> Instant:
        """Domain time now, by the newest mapping."""
        mappings = self._registry().clock_mappings
        real = self._real_clock()
        return mapped(mappings[-1], real) if mappings else real

    def real_seconds_since(self, moment: Instant) -> float | None:
        """Real time that has passed since a moment of domain time; None while that stands still."""
        mappings = self._registry().clock_mappings
        rate = mappings[-1].rate if mappings else 1.0
        return (self.now() - moment) / rate / 1000 if rate > 0 else None

    def recorded_at(self, appended: int) -> Instant:
        """Domain time of a record that the broker appended at `appended` (real, milliseconds)."""
        return recorded_at(self._registry().clock_mappings, appended)
