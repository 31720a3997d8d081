"""The working calendar (lịch làm việc), compiled for arithmetic in constant time.

Load-bearing: two cumulative tables by day, working *days* and working *time*. The distance
between two instants is a subtraction of positions, the end of a limit an addition and a binary
search. Both tables never fall, so every order between instants survives.

On a day whose windows last T ms and which weighs W units, w worked ms are W*w // T units; back,
u units are reached after ceil(u*T / W) ms. On the usual eight hours one unit is one millisecond.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date
from enum import IntEnum
from itertools import accumulate
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NoReturn, final

from motcua_kernel.days import (
    FULL_DAY,
    HALF_DAY,
    OFFICE_HOURS,
    OFFICE_WEEK,
    Day,
    DayKind,
    Layer,
    Override,
    Week,
    Window,
    Windows,
    in_force,
    ordinary_days,
    special_day,
)
from motcua_kernel.errors import BeyondCalendar, Invalid
from motcua_kernel.instant import DAY, EPOCH_DAY_NUMBER, LOCAL_OFFSET, MINUTE, Instant, midnight

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "FULL_DAY",
    "HALF_DAY",
    "OFFICE_HOURS",
    "OFFICE_WEEK",
    "BeyondCalendar",
    "Calendar",
    "Day",
    "DayKind",
    "Edge",
    "Layer",
    "Measure",
    "Override",
    "Week",
    "Window",
    "Windows",
    "build_calendar",
]


class Measure(IntEnum):
    """What a position counts: days of equal weight, or plain working milliseconds."""

    DAYS = 0
    TIME = 1


class Edge(IntEnum):
    """Where a position between two windows lies: at the end of one or the start of the next."""

    EARLY = 0
    LATE = 1


_DAYS = Measure.DAYS
_LATE = Edge.LATE

NOTHING_UNDONE: Final[Mapping[int, int]] = MappingProxyType({})

_Span = tuple[int, int]


@final
class Calendar:
    """An immutable calendar over [first, last]; make one with `build_calendar`.

    Days are given by number (`date.toordinal()`). Every method raises `BeyondCalendar` for a
    question outside the range, or whose answer lies outside it.
    """

    __slots__ = (
        "_days",
        "_days_before",
        "_first",
        "_offset_days",
        "_offsets",
        "_on_or_after",
        "_origin",
        "_spans",
        "_time_before",
        "_totals",
        "first",
        "horizon",
    )

    def __init__(self, first: date, days: Sequence[Day], offsets: dict[int, int]) -> None:
        """Compile `days` from `first` on; `offsets` are registry offsets by day number."""
        self.first = first
        """The first day known."""
        self._first = first.toordinal()
        self._origin = midnight(self._first)
        self._days = tuple(days)
        self._spans = tuple(_spans(day.windows) for day in days)
        self._totals = tuple(sum(end - start for start, end in spans) for spans in self._spans)
        self._days_before = tuple(accumulate((day.weight for day in days), initial=0))
        self._time_before = tuple(accumulate(self._totals, initial=0))
        self._on_or_after = _working_days_ahead(self._totals)
        self._offset_days = tuple(sorted(offsets))
        self._offsets = tuple(offsets[day] for day in self._offset_days)
        self.horizon = date.fromordinal(self._first + len(days) - 1)
        """The last day known."""

    def position(self, instant: Instant, measure: Measure) -> int:
        """Units of working time from the calendar's start to `instant`; never falls."""
        index, moment = divmod(instant - self._origin, DAY)
        if not 0 <= index < len(self._days):
            self._beyond(self._first + index)
        worked = 0
        for start, end in self._spans[index]:
            if moment <= start:
                break
            worked += min(moment, end) - start
        if measure is not _DAYS:
            return self._time_before[index] + worked
        weight, total = self._days[index].weight, self._totals[index]
        if weight != total:
            worked = worked * weight // total
        return self._days_before[index] + worked

    def instant_at(self, position: int, measure: Measure, edge: Edge) -> Instant:
        """The first instant by which `position` units have passed.

        Between two windows `Edge.EARLY` keeps to that first instant, the end of the window just
        worked, and `Edge.LATE` goes on to the start of the next one.
        """
        before = self._days_before if measure is _DAYS else self._time_before
        if edge is _LATE:
            index = bisect_right(before, position) - 1
        else:
            index = bisect_left(before, position) - 1
            if position == 0:
                return self._origin
        if not 0 <= index < len(self._days):
            self._beyond(self._first + (index if index < 0 else len(self._days)))
        worked = position - before[index]
        if measure is _DAYS:
            weight, total = self._days[index].weight, self._totals[index]
            if weight != total:
                worked = -(-worked * total // weight)
        end = 0
        for start, end in self._spans[index]:
            length = end - start
            if worked < length or (worked == length and edge is not _LATE):
                return Instant(self._origin + index * DAY + start + worked)
            worked -= length
        return Instant(self._origin + index * DAY + end)

    def working_from(self, instant: Instant) -> Instant:
        """The instant itself in working time, else the start of the next window."""
        index, moment = divmod(instant - self._origin, DAY)
        if not 0 <= index < len(self._days):
            self._beyond(self._first + index)
        for start, end in self._spans[index]:
            if moment < start:
                return Instant(self._origin + index * DAY + start)
            if moment < end:
                return instant
        return self.opening(self.next_working_day(self._first + index))

    def is_working(self, instant: Instant) -> bool:
        """Whether the instant lies in a window; a window's end does not."""
        index = self._index((instant + LOCAL_OFFSET) // DAY + EPOCH_DAY_NUMBER)
        moment = (instant + LOCAL_OFFSET) % DAY
        return any(start <= moment < end for start, end in self._spans[index])

    def is_working_day(self, day: date | int) -> bool:
        """Whether any work is done on the day."""
        number = day if isinstance(day, int) else day.toordinal()
        return self._totals[self._index(number)] > 0

    def roll_forward(self, day: int) -> int:
        """The day itself if it is a working day, else the next one."""
        return self._working(self._index(day))

    def next_working_day(self, day: int) -> int:
        """The first working day after `day`."""
        return self._working(self._index(day) + 1)

    def opening(self, day: int) -> Instant:
        """When work starts on a working day; `Invalid` on a day off."""
        return Instant(midnight(day) + self._working_spans(day)[0][0])

    def closing(self, day: int) -> Instant:
        """When work ends on a working day; `Invalid` on a day off."""
        return Instant(midnight(day) + self._working_spans(day)[-1][1])

    def day(self, day: int) -> Day:
        """The day as compiled: windows, weight, and the reference of its override if any."""
        return self._days[self._index(day)]

    def latest_offset(self, first_day: int, last_day: int) -> int:
        """The greatest registry offset in force in [first_day, last_day], -1 without override."""
        self._index(first_day)
        self._index(last_day)
        low = bisect_left(self._offset_days, first_day)
        high = bisect_right(self._offset_days, last_day)
        return max(self._offsets[low:high], default=-1)

    def _index(self, day: int) -> int:
        index = day - self._first
        if not 0 <= index < len(self._days):
            self._beyond(day)
        return index

    def _working(self, index: int) -> int:
        found = self._on_or_after[index]
        if found == len(self._days):
            self._beyond(self._first + found)
        return self._first + found

    def _working_spans(self, day: int) -> tuple[_Span, ...]:
        spans = self._spans[self._index(day)]
        if not spans:
            raise Invalid("day", "a working day", str(date.fromordinal(day)))
        return spans

    def _beyond(self, day: int) -> NoReturn:
        asked = min(max(day, date.min.toordinal()), date.max.toordinal())
        raise BeyondCalendar(date.fromordinal(asked), self.horizon)


def build_calendar(
    week: Week,
    overrides: Sequence[Override],
    first: date,
    last: date,
    undone: Mapping[int, int] = NOTHING_UNDONE,
    *,
    later_weeks: Sequence[tuple[date, Week]] = (),
) -> Calendar:
    """Compile the weekly pattern and the overrides of [first, last]; other overrides are unused.

    On one day the more specific layer wins, in one layer the later registry offset. `undone` has
    the offsets, by day number, of the entries that took an earlier one back: a date that rests on
    such a day rests on them. `later_weeks` take the place of `week`, each from its date on.

    Raises:
        Invalid: empty or overlapping windows, or no working day in the whole range.
    """
    low, high = first.toordinal(), last.toordinal()
    chosen = {day: o for day, o in in_force(overrides).items() if low <= day <= high}
    weeks = [(low, ordinary_days(week))]
    weeks += [(start.toordinal(), ordinary_days(later)) for start, later in later_weeks]
    days: list[Day] = []
    for number in range(low, high + 1):
        ordinary = next(days for start, days in reversed(weeks) if start <= number)
        special = chosen.get(number)
        usual = ordinary[date.fromordinal(number).weekday()]
        days.append(special_day(special, ordinary) if special else usual)
    if not any(day.windows for day in days):
        raise Invalid("calendar", "at least one working day", f"{first}..{last}")
    offsets = dict(undone)
    for day, override in chosen.items():
        offsets[day] = max(override.offset, offsets.get(day, -1))
    return Calendar(first, days, offsets)


def _spans(windows: Windows) -> tuple[_Span, ...]:
    return tuple((window.start_minute * MINUTE, window.end_minute * MINUTE) for window in windows)


def _working_days_ahead(totals: Sequence[int]) -> tuple[int, ...]:
    """For each index, and one past the end, the first index with work on or after it."""
    ahead = [len(totals)]
    for index in reversed(range(len(totals))):
        ahead.append(index if totals[index] else ahead[-1])
    return tuple(reversed(ahead))
