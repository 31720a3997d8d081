"""A slow second opinion on deadlines: it walks from day to day and window to window.

Written from the rules and not from the engine: local `datetime`s, no tables, no positions.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
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


def running(
    ledger: Ledger, calendar: ReferenceCalendar, now: datetime | None
) -> tuple[list[tuple[datetime, datetime | None]], list[Stretch]]:
    """The stretches in which the clock runs since its last start, and the pauses between them.

    The first pause that opens when the limit is over ends the walk: it stops nothing any more.
    """
    begin = start(local(ledger.started), ledger.limit, calendar)
    runs: list[tuple[datetime, datetime | None]] = []
    pauses: list[Stretch] = []
    for pause in ledger.pauses:
        opened, closed = max(local(pause.opened), begin), _closed(pause, now)
        if now is not None and local(pause.opened) >= now:
            break
        first = runs[0][0] if runs else begin
        if is_over(local(pause.opened), first, pauses, ledger, calendar):
            break
        if closed is None:
            return [*runs, (begin, opened)], pauses
        if closed <= begin:
            continue
        if pause.mode == PauseMode.RESTART:
            runs, pauses = [], []
            begin = start(closed, ledger.limit, calendar)
        else:
            runs.append((begin, opened))
            pauses.append((opened, closed))
            begin = closed
    return [*runs, (begin, now)], pauses


def _closed(pause: Pause, now: datetime | None) -> datetime | None:
    closed = None if pause.closed is None else local(pause.closed)
    return None if closed is None or (now is not None and closed > now) else closed


def remaining(ledger: Ledger, calendar: ReferenceCalendar, now: datetime) -> int:
    budget = (ledger.limit.amount + ledger.extension) * 60_000
    runs, _ = running(ledger, calendar, now)
    for begin, end in runs:
        assert end is not None
        budget -= spent(begin, end, ledger.limit.unit, calendar)
    return budget


def due(ledger: Ledger, calendar: ReferenceCalendar) -> tuple[date, datetime, bool] | None:
    if ledger.limit.unit == LimitUnit.NONE:
        return None
    runs, pauses = running(ledger, calendar, None)
    if runs[-1][1] is not None:
        return None
    return ending(runs[0][0], pauses, ledger, calendar)


def is_over(
    moment: datetime,
    begin: datetime,
    pauses: list[Stretch],
    ledger: Ledger,
    calendar: ReferenceCalendar,
) -> bool:
    """Whether the limit is over at a moment, given the pauses that counted so far."""
    if ledger.limit.unit == LimitUnit.NONE:
        return False
    try:
        day, end, by_day = ending(begin, pauses, ledger, calendar)
    except OutOfRangeError:
        return False
    return moment.date() > day if by_day else moment > end


def ending(
    begin: datetime, pauses: list[Stretch], ledger: Ledger, calendar: ReferenceCalendar
) -> tuple[date, datetime, bool]:
    """Where a clock ends that started at `begin` and stood still in `pauses`."""
    limit = ledger.limit
    budget = (limit.amount + ledger.extension) * 60_000
    budget += sum(spent(opened, closed, limit.unit, calendar) for opened, closed in pauses)
    resumed = pauses[-1][1] if pauses else begin
    if limit.unit == LimitUnit.CALENDAR_DAYS:
        last = max(begin + budget * MILLISECOND, resumed).date()
        day = next(d for d in calendar.days_from(last) if calendar.day(d)[0])
        return day, calendar.day(day)[0][-1][1], True
    if limit.unit == LimitUnit.WORKING_HOURS:
        moment = max(resumed, _walk_hours(begin, budget, calendar))
        return moment.date(), moment, False
    moment = _walk_days(begin, budget, calendar)
    if moment < resumed:
        moment = next(calendar.stretches_from(resumed))[0]
    if limit.end_rule == EndRule.END_OF_DAY:
        return moment.date(), calendar.day(moment.date())[0][-1][1], True
    return moment.date(), moment, True


def _walk_hours(begin: datetime, budget: int, calendar: ReferenceCalendar) -> datetime:
    if budget == 0:
        return begin
    for a, b in calendar.stretches_from(begin):
        length = (b - a) // MILLISECOND
        if budget <= length:
            return a + budget * MILLISECOND
        budget -= length
    raise AssertionError


def _walk_days(begin: datetime, budget: int, calendar: ReferenceCalendar) -> datetime:
    budget += calendar.done_by(begin)
    for day in calendar.days_from(begin.date()):
        stretches, units = calendar.day(day)
        if budget < units:
            return _within(stretches, units, budget)
        budget -= units
    raise AssertionError


def _within(stretches: list[Stretch], units: int, wanted: int) -> datetime:
    """The first moment of a day by which `wanted` of its units are done, past any break."""
    whole = sum(((b - a) // MILLISECOND for a, b in stretches), 0)
    work = 0 if wanted == 0 else (wanted * whole - 1) // units + 1
    for a, b in stretches:
        length = (b - a) // MILLISECOND
        if work < length:
            return a + work * MILLISECOND
        work -= length
    return stretches[-1][1]
