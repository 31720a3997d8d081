"""Domain time (law L9): a mapping of real time that the registry holds, one for all processes.

Without a mapping domain time is real time. The mapping of a record is the newest one that the log
had when the record was appended, so that a rebuild finds the same time again.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable

from motcua_kernel.instant import Instant
from motcua_kernel.registry import ClockMapping, Registry

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
        return _mapped(mappings[-1], real) if mappings else real

    def recorded_at(self, appended: int) -> Instant:
        """Domain time of a record that the broker appended at `appended` (real, milliseconds)."""
        mappings = self._registry().clock_mappings
        if not mappings:
            return Instant(appended)
        if appended >= _log_time(mappings[-1]):
            return _mapped(mappings[-1], appended)
        found = bisect_right(mappings, appended, key=_log_time) - 1
        return _mapped(mappings[found], appended) if found >= 0 else Instant(appended)


def _log_time(mapping: ClockMapping) -> int:
    return mapping.recorded_at or 0


def _mapped(mapping: ClockMapping, real: int) -> Instant:
    elapsed = real - mapping.real_anchor
    return Instant(mapping.domain_anchor + round(elapsed * mapping.rate))
