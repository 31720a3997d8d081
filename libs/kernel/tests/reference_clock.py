"""A slow second opinion on deadlines: it walks from day to day and window to window.

Written from the rules and not from the engine: local `datetime`s, no tables, no positions. The
clock is played through as a film: pauses open and close one after the other, phases end.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from motcua_kernel.calendar import DayKind, Override, Week
from motcua_kernel.clock import EndRule, Ledger, Limit, LimitUnit, Pause, PauseMode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ONE_DAY = timedelta(days=1)
MILLISECOND = timedelta(milliseconds=1)
EIGHT_HOURS = timedelta(hours=8) // MILLISECOND
EPOCH_HERE = datetime(1970, 1, 1, 7)  # noqa: DTZ001 local time, as everywhere below

Stretch = tuple[datetime, datetime]


class OutOfRangeError(Exception):
    """The walk left the calendar."""


class ReferenceCalendar:
    def __init__(self, week: Week, overrides: Sequence[Override], first: date, last: date) -> None:
        self.week = week
        self.first = first
        self.last = last
        self.overrides: dict[date, list[Override]] = {}
        for override in overrides:
            self.overrides.setdefault(override.day, []).append(override)
        self.known: dict[date, tuple[list[Stretch], int]] = {}

    def day(self, day: date) -> tuple[list[Stretch], int]:
        """The stretches worked on a day and the units that the day is worth."""
        if not self.first <= day <= self.last:
            raise OutOfRangeError(day)
        if day not in self.known:
            self.known[day] = self._judge(day)
        return self.known[day]

    def _judge(self, day: date) -> tuple[list[Stretch], int]:
        minutes = [(w.start_minute, w.end_minute) for w in self.week[day.weekday()]]
        units = EIGHT_HOURS if minutes else 0
        entries = sorted(self.overrides.get(day, ()), key=lambda o: (o.layer.value, o.offset))
        if entries:
            last = entries[-1]
            own = [(w.start_minute, w.end_minute) for w in last.windows]
            usual = minutes or self._first_hours_of_the_week()
            if last.kind == DayKind.CLOSED:
                minutes, units = [], 0
            elif last.kind == DayKind.WORKING:
                minutes, units = own or usual, EIGHT_HOURS
            else:
                minutes, units = own or usual[:1], EIGHT_HOURS // 2
        midnight = datetime.combine(day, time())
        return (
            [
                (midnight + timedelta(minutes=a), midnight + timedelta(minutes=b))
                for a, b in minutes
            ],
            units,
        )

    def _first_hours_of_the_week(self) -> list[tuple[int, int]]:
        for windows in self.week:
            if windows:
                return [(w.start_minute, w.end_minute) for w in windows]
        return []

    def days_from(self, day: date) -> Iterator[date]:
        while True:
            yield day
            day += ONE_DAY

    def stretches_from(self, moment: datetime) -> Iterator[Stretch]:
        """Every later stretch of work, the first one cut at `moment`."""
        for day in self.days_from(moment.date()):
            for start, end in self.day(day)[0]:
                if moment < end:
                    yield max(start, moment), end

    def next_working_day(self, day: date) -> date:
        return next(d for d in self.days_from(day + ONE_DAY) if self.day(d)[0])

    def done_by(self, moment: datetime) -> int:
        """Units of its own day done by `moment`."""
        stretches, units = self.day(moment.date())
        if not stretches:
            return 0
        whole = sum(((b - a) // MILLISECOND for a, b in stretches), 0)
        done = sum(((min(b, moment) - a) // MILLISECOND for a, b in stretches if a < moment), 0)
        return units * done // whole


def local(instant: int) -> datetime:
    return EPOCH_HERE + instant * MILLISECOND


def instant(moment: datetime) -> int:
    return (moment - EPOCH_HERE) // MILLISECOND


def start(received: datetime, limit: Limit, calendar: ReferenceCalendar) -> datetime:
    if limit.unit in (LimitUnit.NONE, LimitUnit.CALENDAR_DAYS):
        return received
    if limit.cutoff_minute is not None:
        cutoff = datetime.combine(received.date(), time()) + timedelta(minutes=limit.cutoff_minute)
        if received > cutoff:
            return calendar.day(calendar.next_working_day(received.date()))[0][0][0]
    return next(calendar.stretches_from(received))[0]


def spent(begin: datetime, end: datetime, unit: LimitUnit, calendar: ReferenceCalendar) -> int:
    """What passes of a limit between two moments."""
    if end <= begin:
        return 0
    if unit == LimitUnit.CALENDAR_DAYS:
        return (end - begin) // MILLISECOND
    if unit == LimitUnit.WORKING_HOURS:
        total = 0
        for a, b in calendar.stretches_from(begin):
            if a >= end:
                return total
            total += (min(b, end) - a) // MILLISECOND
            if b >= end:
                return total
    if begin.date() == end.date():
        return calendar.done_by(end) - calendar.done_by(begin)
    total = calendar.day(begin.date())[1] - calendar.done_by(begin)
    for day in calendar.days_from(begin.date() + ONE_DAY):
        if day == end.date():
            return total + calendar.done_by(end)
        total += calendar.day(day)[1]
    raise AssertionError


class Film:
    """The clock of a ledger played up to `now`, or to the end of everything for None."""

    def __init__(self, ledger: Ledger, calendar: ReferenceCalendar, now: datetime | None) -> None:
        self.calendar = calendar
        self.now = now
        self.extension = ledger.extension
        self.phases = list(phases_of(ledger.limit))
        self.number = 0
        self.begin = start(local(ledger.started), ledger.limit, calendar)
        self.rests: list[Stretch] = []
        self.open: list[Pause] = []
        self.halted: datetime | None = None
        for moment, what, pause in _happenings(ledger.pauses):
            if what == OPENS:
                if now is not None and moment >= now:
                    continue
                if not self.open and self._is_over(moment):
                    break
                self._open(pause, moment)
            elif pause in self.open and (now is None or moment <= now):
                self._close(pause, moment)
        if not self.open:
            self._go_on_to(now)

    @property
    def limit(self) -> Limit:
        return self.phases[self.number]

    @property
    def is_last(self) -> bool:
        return self.number == len(self.phases) - 1

    @property
    def budget(self) -> int:
        return (self.limit.amount + (self.extension if self.is_last else 0)) * 60_000

    def _open(self, pause: Pause, moment: datetime) -> None:
        if not self.open:
            self.halted = max(moment, self._resumed())
        self.open.append(pause)

    def _close(self, pause: Pause, moment: datetime) -> None:
        self.open.remove(pause)
        assert self.halted is not None
        if pause.mode == PauseMode.RESTART and moment > self.begin:
            self.number, self.rests = 0, []
            self.begin = self.halted = start(moment, self.limit, self.calendar)
        if not self.open:
            if moment > self._resumed():
                self.rests.append((self.halted, moment))
            self.halted = None

    def _resumed(self) -> datetime:
        return self.rests[-1][1] if self.rests else self.begin

    def _is_over(self, moment: datetime) -> bool:
        """Whether nothing is left that a pause could stop; earlier phases may end on the way."""
        if self.limit.unit == LimitUnit.NONE:
            return False
        try:
            self._go_on_to(moment)
            day, end, by_day = self.end()
        except OutOfRangeError:
            return False
        if moment <= self._resumed() or not self.is_last:
            return False
        return moment.date() > day if by_day else moment > end

    def _go_on_to(self, moment: datetime | None) -> None:
        while not self.is_last:
            end = max(self.end()[1], self._resumed())
            if moment is not None and end > moment:
                return
            self.begin, self.rests = end, []
            self.number += 1

    def end(self) -> tuple[date, datetime, bool]:
        """Where the phase ends if nothing stops it any more."""
        limit, calendar = self.limit, self.calendar
        budget = self.budget
        budget += sum(spent(opened, closed, limit.unit, calendar) for opened, closed in self.rests)
        if limit.unit == LimitUnit.CALENDAR_DAYS:
            last = max(self.begin + budget * MILLISECOND, self._resumed()).date()
            day = next(d for d in calendar.days_from(last) if calendar.day(d)[0])
            return day, calendar.day(day)[0][-1][1], True
        if limit.unit == LimitUnit.WORKING_HOURS:
            moment = max(self._resumed(), _walk_hours(self.begin, budget, calendar))
            return moment.date(), moment, False
        stretches = calendar.day(self.begin.date())[0]
        between = self.number > 0 and not any(a <= self.begin < b for a, b in stretches)
        moment = _walk_days(self.begin, budget, calendar, to_the_end=between)
        if moment < self._resumed():
            moment = next(calendar.stretches_from(self._resumed()))[0]
        if limit.end_rule == EndRule.END_OF_DAY:
            return moment.date(), calendar.day(moment.date())[0][-1][1], True
        return moment.date(), moment, True

    def left(self) -> int:
        assert self.now is not None
        until = self.halted or self.now
        edges = [self.begin, *(edge for rest in self.rests for edge in rest), until]
        runs = list(pairwise(edges))[::2]
        return self.budget - sum(spent(a, b, self.limit.unit, self.calendar) for a, b in runs)


CLOSES, OPENS = range(2)


def _happenings(pauses: Sequence[Pause]) -> list[tuple[datetime, int, Pause]]:
    """Openings and closings in order; at one moment what ran before closes first."""
    found: list[tuple[datetime, bool, int, int, Pause]] = []
    for number, pause in enumerate(pauses):
        found.append((local(pause.opened), True, number, OPENS, pause))
        if pause.closed is not None:
            found.append((local(pause.closed), pause.closed == pause.opened, number, CLOSES, pause))
    found.sort(key=lambda one: (*one[:3], -one[3]))
    return [(moment, what, pause) for moment, _, _, what, pause in found]


def phases_of(limit: Limit | None) -> Iterator[Limit]:
    while limit is not None:
        yield limit
        limit = limit.then


def remaining(ledger: Ledger, calendar: ReferenceCalendar, now: datetime) -> int:
    return Film(ledger, calendar, now).left()


def due(ledger: Ledger, calendar: ReferenceCalendar) -> tuple[date, datetime, bool] | None:
    if ledger.limit.unit == LimitUnit.NONE:
        return None
    film = Film(ledger, calendar, None)
    return None if film.open else film.end()


def _walk_hours(begin: datetime, budget: int, calendar: ReferenceCalendar) -> datetime:
    if budget == 0:
        return begin
    for a, b in calendar.stretches_from(begin):
        length = (b - a) // MILLISECOND
        if budget <= length:
            return a + budget * MILLISECOND
        budget -= length
    raise AssertionError


def _walk_days(
    begin: datetime, budget: int, calendar: ReferenceCalendar, *, to_the_end: bool
) -> datetime:
    """`to_the_end`: what ends with a stretch of work ends there, and not where the next starts."""
    budget += calendar.done_by(begin)
    for day in calendar.days_from(begin.date()):
        stretches, units = calendar.day(day)
        if budget < units or (to_the_end and 0 < budget == units):
            return _within(stretches, units, budget, to_the_end=to_the_end)
        budget -= units
    raise AssertionError


def _within(stretches: list[Stretch], units: int, wanted: int, *, to_the_end: bool) -> datetime:
    """The first moment of a day by which `wanted` of its units are done."""
    whole = sum(((b - a) // MILLISECOND for a, b in stretches), 0)
    work = 0 if wanted == 0 else (wanted * whole - 1) // units + 1
    for a, b in stretches:
        length = (b - a) // MILLISECOND
        if work < length or (to_the_end and work == length):
            return a + work * MILLISECOND
        work -= length
    return stretches[-1][1]
