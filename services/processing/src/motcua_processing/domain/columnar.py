"""Due dates of many dossiers at once: the clock of `motcua_kernel.clock`, in columns.

For clocks that nothing but the calendar moves (no pause, no extension, one phase). A property test
holds it equal to the readable engine. Instants and days are those of the kernel, as int64 arrays.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
from motcua_kernel.calendar import BeyondCalendar, Calendar, Edge, Measure
from motcua_kernel.clock import EndRule, Limit, LimitUnit
from motcua_kernel.instant import DAY, MINUTE, midnight
from numpy.typing import NDArray

Column: TypeAlias = NDArray[np.int64]

_NEVER_WORKED: Final = 1
"""Divides the nothing of a day without work."""


class CalendarColumns:
    """A compiled calendar as arrays by day; windows that a day lacks are empty ones at its end."""

    def __init__(self, calendar: Calendar) -> None:
        """Take the calendar apart."""
        first, last = calendar.first.toordinal(), calendar.horizon.toordinal()
        days = [calendar.day(number) for number in range(first, last + 1)]
        most = max(len(day.windows) for day in days)
        self.first = first
        self.count = len(days)
        self.origin = midnight(first)
        self.horizon = calendar.horizon
        shape = (most, len(days))
        self.starts: Column = np.full(shape, DAY, np.int64)
        self.ends: Column = np.full(shape, DAY, np.int64)
        for index, day in enumerate(days):
            for place, window in enumerate(day.windows):
                self.starts[place, index] = window.start_minute * MINUTE
                self.ends[place, index] = window.end_minute * MINUTE
        self.lengths: Column = self.ends - self.starts
        self.totals: Column = self.lengths.sum(axis=0)
        self.weights: Column = np.array([day.weight for day in days], np.int64)
        self.before = {
            Measure.DAYS: _running(self.weights),
            Measure.TIME: _running(self.totals),
        }
        self.working_days: Column = np.flatnonzero(self.totals > 0).astype(np.int64)
        self.closings: Column = np.max(np.where(self.lengths > 0, self.ends, 0), axis=0)

    def indexes(self, instants: Column) -> Column:
        """The day index of each instant.

        Raises:
            BeyondCalendar: one of them lies outside the calendar.
        """
        found: Column = (instants - self.origin) // DAY
        self._check(found)
        return found

    def position(self, instants: Column, measure: Measure) -> Column:
        """See `Calendar.position`."""
        index = self.indexes(instants)
        moment = instants - self.origin - index * DAY
        worked: Column = np.zeros_like(moment)
        for starts, lengths in zip(self.starts, self.lengths, strict=True):
            worked += np.clip(moment - starts[index], 0, lengths[index])
        if measure is Measure.DAYS:
            worked = worked * self.weights[index] // np.maximum(self.totals[index], _NEVER_WORKED)
        return self.before[measure][index] + worked

    def instant_at(self, positions: Column, measure: Measure, edge: Edge) -> Column:
        """See `Calendar.instant_at`."""
        before = self.before[measure]
        side = "right" if edge is Edge.LATE else "left"
        index: Column = np.searchsorted(before, positions, side=side).astype(np.int64) - 1
        self._check(index)
        worked = positions - before[index]
        if measure is Measure.DAYS:
            weights = np.maximum(self.weights[index], _NEVER_WORKED)
            worked = -(-worked * self.totals[index] // weights)
        moment = self._moment(index, worked, edge)
        return self.origin + index * DAY + moment

    def _moment(self, index: Column, worked: Column, edge: Edge) -> Column:
        """The moment of the day by which `worked` milliseconds of its work are done."""
        moment = self.closings[index].copy()
        open_still = np.ones(len(index), dtype=bool)
        for starts, lengths in zip(self.starts, self.lengths, strict=True):
            start, length = starts[index], lengths[index]
            fits = worked < length if edge is Edge.LATE else worked <= length
            here = open_still & fits & (length > 0)
            moment[here] = (start + worked)[here]
            open_still &= ~here
            worked = np.where(open_still, worked - length, worked)
        return moment

    def working_from(self, instants: Column) -> Column:
        """See `Calendar.working_from`."""
        index = self.indexes(instants)
        moment = instants - self.origin - index * DAY
        found: Column = np.full(len(instants), -1, np.int64)
        for starts, ends in zip(self.starts[::-1], self.ends[::-1], strict=True):
            start, end = starts[index], ends[index]
            inside = (moment < end) & (start < end)
            found = np.where(inside, np.maximum(moment, start), found)
        closed = found < 0
        opened = self.origin + index * DAY + found
        opened[closed] = self.opening_after(index[closed])
        return opened

    def opening_after(self, index: Column) -> Column:
        """When work starts on the first working day after each day index."""
        following = self._working(index + 1)
        return self.origin + following * DAY + self.starts[0][following]

    def roll_forward(self, instants: Column) -> Column:
        """The index of each day if it is a working day, else of the next one."""
        return self._working(self.indexes(instants))

    def _working(self, index: Column) -> Column:
        place = np.searchsorted(self.working_days, index)
        if len(place) and int(place.max()) >= len(self.working_days):
            raise BeyondCalendar(date.fromordinal(self.first + self.count), self.horizon)
        return self.working_days[place]

    def _check(self, index: Column) -> None:
        if len(index) and not (int(index.min()) >= 0 and int(index.max()) < self.count):
            raise BeyondCalendar(date.fromordinal(self.first + self.count), self.horizon)


@lru_cache(maxsize=256)
def columns_of(calendar: Calendar) -> CalendarColumns:
    """The columns of a calendar, which is compared by identity."""
    return CalendarColumns(calendar)


def due_columns(calendar: Calendar, limit: Limit, received: Column) -> tuple[Column, Column]:
    """The due day (ordinal) and moment of each dossier received at these instants.

    Raises:
        BeyondCalendar: one of them lies beyond the calendar; ask the readable engine one by one.
    """
    columns = columns_of(calendar)
    budget = limit.amount * MINUTE
    if limit.unit is LimitUnit.CALENDAR_DAYS:
        index = columns.roll_forward(received + budget)
        return columns.first + index, _closing(columns, index)
    start = _start(columns, limit, received)
    if limit.unit is LimitUnit.WORKING_HOURS:
        end = columns.position(start, Measure.TIME) + budget
        moment = np.maximum(start, columns.instant_at(end, Measure.TIME, Edge.EARLY))
        return columns.first + columns.indexes(moment), moment
    end = columns.position(start, Measure.DAYS) + budget
    moment = columns.instant_at(end, Measure.DAYS, Edge.LATE)
    moment = np.where(moment < start, start, moment)
    index = columns.indexes(moment)
    if limit.end_rule is EndRule.END_OF_DAY:
        moment = _closing(columns, index)
    return columns.first + index, moment


def _start(columns: CalendarColumns, limit: Limit, received: Column) -> Column:
    """See `clock.start_of_clock`."""
    start = columns.working_from(received)
    if limit.cutoff_minute is not None:
        index = columns.indexes(received)
        late = received - columns.origin - index * DAY > limit.cutoff_minute * MINUTE
        start[late] = columns.opening_after(index[late])
    return start


def _closing(columns: CalendarColumns, index: Column) -> Column:
    return columns.origin + index * DAY + columns.closings[index]


def _running(values: Column) -> Column:
    """Sums before each place, and after the last."""
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(values)))
