"""Domain time (law L9) as a function of real time, by the mappings that the registry holds."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from motcua_kernel.instant import Instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from motcua_kernel.registry import ClockMapping


def mapped(mapping: ClockMapping, real: int) -> Instant:
    """Domain time at a moment of real time (milliseconds) under a mapping."""
    elapsed = real - mapping.real_anchor
    return Instant(mapping.domain_anchor + round(elapsed * mapping.rate))


def recorded_at(mappings: Sequence[ClockMapping], appended: int) -> Instant:
    """Domain time of a record that the broker appended at `appended` (real, milliseconds).

    The mapping is the newest one that the log had by then; without one domain time is real time.

    >>> recorded_at((), 250)
    250
    """
    if not mappings:
        return Instant(appended)
    if appended >= _log_time(mappings[-1]):
        return mapped(mappings[-1], appended)
    found = bisect_right(mappings, appended, key=_log_time) - 1
    return mapped(mappings[found], appended) if found >= 0 else Instant(appended)


def _log_time(mapping: ClockMapping) -> int:
    return mapping.recorded_at or 0
