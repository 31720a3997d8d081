"""The clock ledger (sổ đồng hồ): what is stored of a deadline, and what follows from it.

Stored are the limit, when it started and what paused it. Being overdue is never stored (law L3):
`due` and `remaining` answer at the moment of asking, by the calendar of that moment.

A pause opened after the limit has run out is kept but stops nothing: the lateness has already
happened, and neither an apology nor a late request cures it. A limit by day runs out when its due
day has ended, so a pause opened on that day still counts, and what it leaves is not due before
the day on which it closes.

Sources: Civil Code 2015 art. 147 (the first day is not counted; hours run from the moment) and
art. 148 (an end on a day off moves to the end of the next working day); Labour Code 2019
arts. 111-112 (days off); Decree 61/2018/NĐ-CP art. 19 (a returned dossier starts anew).
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from motcua_kernel.calendar import Edge, Measure
from motcua_kernel.errors import BeyondCalendar, Invalid
from motcua_kernel.instant import MINUTE, Instant, day_number, midnight

if TYPE_CHECKING:
    from motcua_kernel.calendar import Calendar

WORKING_DAY_MINUTES: Final = 480
WORKING_HOUR_MINUTES: Final = 60
CALENDAR_DAY_MINUTES: Final = 1440


class LimitUnit(IntEnum):
    """The unit of a time limit: ngày làm việc, giờ làm việc, ngày."""

    NONE = 0
    WORKING_DAYS = 1
    WORKING_HOURS = 2
    CALENDAR_DAYS = 3


class EndRule(IntEnum):
    """When a limit in working days ends: at the moment of receipt, or with the day."""

    SAME_MOMENT = 0
    END_OF_DAY = 1


class PauseMode(IntEnum):
    """After the pause the rest goes on, or the full limit starts again."""

    CONTINUE = 0
    RESTART = 1


class Holder(IntEnum):
    """Who is waited for during a pause."""

    APPLICANT = 0
    AGENCY = 1
    CONSULTED = 2


class Limit(msgspec.Struct, frozen=True, gc=False):
    """A time limit (thời hạn giải quyết).

    `amount` is in minutes: a working day counts 480, a working hour 60, a calendar day 1440.
    0 working days is a same-day procedure: the result is due on the day itself. What arrives
    after `cutoff_minute` (15:00 as a rule) counts from the next working day; only a limit in
    working days has a cut-off. A limit in calendar days ends with its day under either rule.

    Raises:
        Invalid: a negative amount, or a cut-off where none is possible.
    """

    unit: LimitUnit
    amount: int = 0
    end_rule: EndRule = EndRule.SAME_MOMENT
    cutoff_minute: int | None = None

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise Invalid("limit.amount", "zero or more minutes", str(self.amount))
        if self.cutoff_minute is None:
            return
        if self.unit != _WORKING_DAYS:
            raise Invalid("limit.cutoff_minute", "only with working days", self.unit.name)
        if not 0 <= self.cutoff_minute < CALENDAR_DAY_MINUTES:
            raise Invalid("limit.cutoff_minute", "a minute of the day", str(self.cutoff_minute))


class Pause(msgspec.Struct, frozen=True, gc=False):
    """A stretch in which the clock stands (tạm dừng); `closed` is None while it does."""

    opened: Instant
    closed: Instant | None
    mode: PauseMode
    reason: str
    holder: Holder


class Ledger(msgspec.Struct, frozen=True, gc=False):
    """Limit, start and pauses in order of opening.

    `extension`, in the limit's minutes, counts only extensions whose legal basis replaces the
    due date; it is added again after a restart.
    """

    limit: Limit
    started: Instant
    pauses: tuple[Pause, ...] = ()
    extension: int = 0


class Due(msgspec.Struct, frozen=True, gc=False):
    """The end of a limit (hạn trả): its day number, its moment, and which of the two decides.

    With `by_day` (limits in days) a dossier is overdue once `day` has ended, else after `moment`.
    """

    day: int
    moment: Instant
    by_day: bool


class _Run(NamedTuple):
    """The stretch that counts: its start, what pauses took from it, and where it stands still.

    `resumed` is when it last began to run: the start, or the end of the last pause that counts.
    """

    start: Instant
    paused: int
    resumed: Instant
    halted: Instant | None = None


_NONE: Final = LimitUnit.NONE
_WORKING_DAYS: Final = LimitUnit.WORKING_DAYS
_WORKING_HOURS: Final = LimitUnit.WORKING_HOURS
_CALENDAR_DAYS: Final = LimitUnit.CALENDAR_DAYS
_END_OF_DAY: Final = EndRule.END_OF_DAY
_RESTART: Final = PauseMode.RESTART
_DAYS: Final = Measure.DAYS
_TIME: Final = Measure.TIME
_EARLY: Final = Edge.EARLY
_LATE: Final = Edge.LATE


def start_of_clock(received: Instant, limit: Limit, calendar: Calendar) -> Instant:
    """When a limit starts to run for what was received at `received`.

    Before opening it is the opening, in the lunch break the afternoon's start, after closing, on
    a day off or after the cut-off the opening of the next working day. Calendar days run from
    the receipt itself.
    """
    if limit.unit in (_CALENDAR_DAYS, _NONE):
        return received
    if limit.cutoff_minute is not None:
        day = day_number(received)
        cutoff = midnight(day) + limit.cutoff_minute * MINUTE
        if received > cutoff:
            return calendar.opening(calendar.next_working_day(day))
    return calendar.working_from(received)


def due(ledger: Ledger, calendar: Calendar) -> Due | None:
    """When the limit ends; None without a limit, and while a pause is open that began in time.

    The receipt day is day 0 (Civil Code art. 147), so N working days end at the same working
    moment N working days later, or with that day by the end rule. Calendar days count days off
    too; an end on one moves to the next working day (art. 148). Working hours end at their
    moment, which at a boundary is the end of the window and not the start of the next.

    Raises:
        BeyondCalendar: the end lies behind the calendar's horizon.
    """
    return _due(ledger, calendar, ledger.extension)


def reappointed_due(ledger: Ledger, calendar: Calendar, granted: int) -> Due | None:
    """The date told to the applicant on re-appointment (hẹn lại), `granted` minutes later.

    It is a second figure beside `due`: an apology alone does not cure lateness. Whether a pause
    began in time is judged here by the re-appointed date.
    """
    return _due(ledger, calendar, ledger.extension + granted)


def used(ledger: Ledger, calendar: Calendar, now: Instant) -> int:
    """Units of the limit's measure used up by `now`, exact: pauses take no part in it.

    The unit is 1/60,000 of a limit's minute: working-day units of `Measure.DAYS` (also without
    limit), working milliseconds, or civil milliseconds. Pauses after `now` are not seen, nor those
    opened after the limit had run out.
    """
    run = _run(ledger, calendar, now, ledger.extension)
    until = now if run.halted is None else run.halted
    if until <= run.start:
        return 0
    return _elapsed(run.start, until, ledger.limit.unit, calendar) - run.paused


def remaining(ledger: Ledger, calendar: Calendar, now: Instant) -> int:
    """What is left of the limit at `now`, in the units of `used`; negative once it has run out.

    Closing a pause in mode `CONTINUE` never changes it.

    Raises:
        Invalid: the ledger has no limit.
    """
    if ledger.limit.unit == _NONE:
        raise Invalid("limit.unit", "a limit with an end", ledger.limit.unit.name)
    budget = (ledger.limit.amount + ledger.extension) * MINUTE
    return budget - used(ledger, calendar, now)


def _due(ledger: Ledger, calendar: Calendar, extension: int) -> Due | None:
    if ledger.limit.unit == _NONE:
        return None
    run = _run(ledger, calendar, None, extension)
    return None if run.halted is not None else _end(run, ledger.limit, extension, calendar)


def _end(run: _Run, limit: Limit, extension: int, calendar: Calendar) -> Due:
    """When a stretch without further pauses ends: never before it last began to run."""
    unit = limit.unit
    budget = (limit.amount + extension) * MINUTE + run.paused
    if unit == _CALENDAR_DAYS:
        end = max(run.start + budget, run.resumed)
        day = calendar.roll_forward(day_number(Instant(end)))
        return Due(day, calendar.closing(day), by_day=True)
    if unit == _WORKING_HOURS:
        end = calendar.instant_at(calendar.position(run.start, _TIME) + budget, _TIME, _EARLY)
        moment = max(run.resumed, end)
        return Due(day_number(moment), moment, by_day=False)
    moment = calendar.instant_at(calendar.position(run.start, _DAYS) + budget, _DAYS, _LATE)
    if moment < run.resumed:
        moment = calendar.working_from(run.resumed)
    day = day_number(moment)
    if limit.end_rule == _END_OF_DAY:
        moment = calendar.closing(day)
    return Due(day, moment, by_day=True)


def _run(ledger: Ledger, calendar: Calendar, now: Instant | None, extension: int) -> _Run:
    """Walk the pauses seen by `now` (all of them for None); overlaps are counted once."""
    limit = ledger.limit
    start = start_of_clock(ledger.started, limit, calendar)
    run = _Run(start, 0, start)
    for pause in ledger.pauses:
        if now is not None and pause.opened >= now:
            break
        if _has_run_out(run, limit, extension, calendar, pause.opened):
            break
        if pause.closed is None or (now is not None and pause.closed > now):
            return run._replace(halted=max(pause.opened, run.resumed))
        if pause.closed <= run.resumed:
            continue
        if pause.mode == _RESTART:
            start = start_of_clock(pause.closed, limit, calendar)
            run = _Run(start, 0, start)
        else:
            opened = max(pause.opened, run.resumed)
            taken = _elapsed(opened, pause.closed, limit.unit, calendar)
            run = _Run(run.start, run.paused + taken, pause.closed)
    return run


def _has_run_out(run: _Run, limit: Limit, extension: int, calendar: Calendar, at: Instant) -> bool:
    """Whether the limit is over at a moment: its due day has ended, or its moment has passed."""
    if limit.unit == _NONE or at <= run.resumed:
        return False
    try:
        end = _end(run, limit, extension, calendar)
    except BeyondCalendar:
        return False
    return day_number(at) > end.day if end.by_day else at > end.moment


def _elapsed(start: Instant, end: Instant, unit: LimitUnit, calendar: Calendar) -> int:
    if unit == _CALENDAR_DAYS:
        return end - start
    measure = _TIME if unit == _WORKING_HOURS else _DAYS
    return calendar.position(end, measure) - calendar.position(start, measure)
