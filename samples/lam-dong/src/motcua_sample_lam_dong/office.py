"""The days on which the offices in fact worked, at 07:30-11:30 and 13:30-17:30.

A *position* counts working milliseconds since the opening of the first day, so that the generators
draw working moments without ever meeting a night or a day off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from motcua_kernel.instant import Instant, at_local

WORKING_MINUTE: Final = 60_000
WORKING_HOUR: Final = 60 * WORKING_MINUTE
WORKDAY: Final = 8 * WORKING_HOUR
_MORNING: Final = 4 * WORKING_HOUR
_OPENS, _OPENS_AGAIN = 7 * 60 + 30, 13 * 60 + 30
_SATURDAY: Final = 5

DAYS_OFF: Final = frozenset({date(2026, 1, 1), date(2026, 1, 2)})
"""The offices knew of the swap of 2 January in time, whatever a system knew."""
EXTRA_DAYS: Final = frozenset({date(2026, 1, 10)})


def is_working_day(day: date) -> bool:
    """Whether offices worked; for days in June and July 2025 and from December 2025 on."""
    return day in EXTRA_DAYS or (day.weekday() < _SATURDAY and day not in DAYS_OFF)


@dataclass(frozen=True)
class Office:
    """The working days from the first on, in order."""

    days: tuple[date, ...]

    @classmethod
    def between(cls, first: date, last: date) -> Office:
        """The working days of a stretch, both ends included."""
        length = (last - first).days + 1
        days = (first + timedelta(days=number) for number in range(length))
        return cls(tuple(day for day in days if is_working_day(day)))

    def opening(self, day: date) -> int:
        """The position at which a working day begins."""
        return self.days.index(day) * WORKDAY

    def moment(self, position: int) -> Instant:
        """The instant of a position."""
        number, worked = divmod(position, WORKDAY)
        afternoon = worked >= _MORNING
        minute = _OPENS_AGAIN if afternoon else _OPENS
        since = worked - _MORNING if afternoon else worked
        return Instant(at_local(self.days[number], minute) + since)
