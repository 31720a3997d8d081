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
from msgspec.structs import replace

from motcua_kernel.calendar import Edge, Measure
from motcua_kernel.errors import BeyondCalendar, Invalid
from motcua_kernel.instant import MINUTE, Instant, day_number, midnight

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    A limit of several phases (giai đoạn) goes on with `then`, from the end of this phase.

    Raises:
        Invalid: a negative amount, or a cut-off or a further phase where none is possible.
    """

    unit: LimitUnit
    amount: int = 0
    end_rule: EndRule = EndRule.SAME_MOMENT
    cutoff_minute: int | None = None
    then: Limit | None = None

    def __post_init__(self) -> None:
        if self.then is not None and _NONE in (self.unit, self.then.unit):
            raise Invalid("limit.then", "phases that each have a limit", self.then.unit.name)
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
    due date; it is added again after a restart. `follows`: it is a further phase, which starts
    where the one before ended, be that a closing, with that day as its day 0.
    """

    limit: Limit
    started: Instant
    pauses: tuple[Pause, ...] = ()
    extension: int = 0
    follows: bool = False


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
    `restarted` is the end of the last pause after which the full limit began again, `rests` are
    the pauses that counted since the start, first and last moment.
    """

    start: Instant
    paused: int
    resumed: Instant
    halted: Instant | None = None
    restarted: Instant | None = None
    rests: tuple[tuple[Instant, Instant], ...] = ()
    follows: bool = False


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
        if received > midnight(day) + limit.cutoff_minute * MINUTE:
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


def phase_in_force(ledger: Ledger, calendar: Calendar, now: Instant) -> Ledger:
    """The ledger of the phase (giai đoạn) that runs at a moment; of one phase, the ledger itself.

    A phase ends at a moment, and there the next one starts, with the pauses from then on. An
    extension goes to the last phase; a pause in mode `RESTART` starts the first one again.
    """
    return phases_by(ledger, calendar, now)[-1]


def phases_by(ledger: Ledger, calendar: Calendar, now: Instant) -> Sequence[Ledger]:
    """The phases that have begun by a moment since the last restart, the one in force last."""
    return (ledger,) if ledger.limit.then is None else _phases(ledger, calendar, now)[0]


class Stretch(NamedTuple):
    """What of a ledger counts at a moment: where its run began, where it stands, its rests.

    The run began at the receipt or with the last restart; `end` is the moment asked about, or
    where a pause still open has halted the clock.
    """

    start: Instant
    end: Instant
    rests: tuple[tuple[Instant, Instant], ...]


def stretch(ledger: Ledger, calendar: Calendar, now: Instant) -> Stretch:
    """The stretch of time behind `used`: what lies in it, outside its rests, is what was used."""
    phase = phase_in_force(ledger, calendar, now)
    run = _run(phase, calendar, now, phase.extension)
    end = now if run.halted is None else run.halted
    return Stretch(run.start, max(end, run.start), run.rests)


def used(ledger: Ledger, calendar: Calendar, now: Instant) -> int:
    """Units of the limit's measure used up by `now`, exact: pauses take no part in it.

    The unit is 1/60,000 of a limit's minute: working-day units of `Measure.DAYS` (also without
    limit), working milliseconds, or civil milliseconds. Pauses after `now` are not seen, nor those
    opened after the limit had run out. Of a limit in phases it is the phase in force.
    """
    ledger = phase_in_force(ledger, calendar, now)
    run = _run(ledger, calendar, now, ledger.extension)
    until = now if run.halted is None else run.halted
    if until <= run.start:
        return 0
    return elapsed(run.start, until, ledger.limit.unit, calendar) - run.paused


def remaining(ledger: Ledger, calendar: Calendar, now: Instant) -> int:
    """What is left of the limit at `now`, in the units of `used`; negative once it has run out.

    Closing a pause in mode `CONTINUE` never changes it. Of a limit in phases it is the phase in
    force; `phase_in_force` says which.

    Raises:
        Invalid: the ledger has no limit.
    """
    if ledger.limit.unit == _NONE:
        raise Invalid("limit.unit", "a limit with an end", ledger.limit.unit.name)
    phase = phase_in_force(ledger, calendar, now)
    return (phase.limit.amount + phase.extension) * MINUTE - used(phase, calendar, now)


def _due(ledger: Ledger, calendar: Calendar, extension: int) -> Due | None:
    if ledger.limit.unit == _NONE:
        return None
    if ledger.limit.then is not None:
        return _phases(replace(ledger, extension=extension), calendar, None)[1]
    run = _run(ledger, calendar, None, extension)
    return None if run.halted is not None else _end(run, ledger.limit, extension, calendar)


def _phases(
    ledger: Ledger, calendar: Calendar, now: Instant | None
) -> tuple[list[Ledger], Due | None]:
    """The phases begun by `now` (all of them for None), and for None the end, if it has one."""
    begun: list[Ledger] = []
    whole, phase = ledger, ledger
    while True:
        limit, then = phase.limit, phase.limit.then
        extension = 0 if then is not None else whole.extension
        phase = replace(phase, limit=replace(limit, then=None), extension=extension)
        run = _run(phase, calendar, now, extension, until_moment=then is not None)
        if run.restarted is not None and begun:
            pauses = _lasting_beyond(whole.pauses, run.restarted)
            phase = whole = replace(whole, started=run.restarted, pauses=pauses)
            begun = []
            continue
        begun.append(phase)
        if run.halted is not None or (then is None and now is not None):
            return begun, None
        end = _end(run, limit, extension, calendar)
        moment = max(end.moment, run.resumed)
        if then is None or (now is not None and moment > now):
            return begun, end
        phase = Ledger(then, moment, _lasting_beyond(whole.pauses, moment), follows=True)


def _lasting_beyond(pauses: tuple[Pause, ...], moment: Instant) -> tuple[Pause, ...]:
    return tuple(pause for pause in pauses if pause.closed is None or pause.closed > moment)


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
    edge = _EARLY if run.follows and not calendar.is_working(run.start) else _LATE
    moment = calendar.instant_at(calendar.position(run.start, _DAYS) + budget, _DAYS, edge)
    if moment < run.resumed:
        moment = calendar.working_from(run.resumed)
    day = day_number(moment)
    if limit.end_rule == _END_OF_DAY:
        moment = calendar.closing(day)
    return Due(day, moment, by_day=True)


def _run(
    ledger: Ledger,
    calendar: Calendar,
    now: Instant | None,
    extension: int,
    *,
    until_moment: bool = False,
) -> _Run:
    """Walk the pauses seen by `now` (all of them for None); overlaps are counted once.

    `until_moment`: the limit ends at its moment even if it is one by day, for a phase follows.
    While one pause is open, another that closes in mode `RESTART` still renews the limit.
    """
    limit = ledger.limit
    start = ledger.started if ledger.follows else start_of_clock(ledger.started, limit, calendar)
    run = _Run(start, 0, start, follows=ledger.follows)
    for pause in ledger.pauses:
        if now is not None and pause.opened >= now:
            break
        if run.halted is None and _has_run_out(
            run, limit, extension, calendar, pause.opened, until_moment
        ):
            break
        if pause.closed is None or (now is not None and pause.closed > now):
            if run.halted is None:
                run = run._replace(halted=max(pause.opened, run.resumed))
        elif pause.mode == _RESTART and pause.closed > run.start:
            run = _renewed(run, pause.closed, limit, calendar)
        elif run.halted is None:
            run = _rested(run, pause.opened, pause.closed, limit, calendar)
    return run


def _renewed(run: _Run, closed: Instant, limit: Limit, calendar: Calendar) -> _Run:
    """The full limit again, from the end of a pause; an earlier pause may last beyond it."""
    start = start_of_clock(closed, limit, calendar)
    renewed = _Run(start, 0, start, None if run.halted is None else start, closed)
    return _rested(renewed, closed, run.resumed, limit, calendar)


def _rested(run: _Run, opened: Instant, closed: Instant, limit: Limit, calendar: Calendar) -> _Run:
    if closed <= run.resumed:
        return run
    opened = max(opened, run.resumed)
    taken = elapsed(opened, closed, limit.unit, calendar)
    rests = (*run.rests, (opened, closed))
    return run._replace(paused=run.paused + taken, resumed=closed, rests=rests)


def _has_run_out(  # noqa: PLR0917 - all that the end of a run depends on
    run: _Run, limit: Limit, extension: int, calendar: Calendar, at: Instant, until_moment: bool
) -> bool:
    """Whether the limit is over at a moment: its due day has ended, or its moment has passed."""
    if limit.unit == _NONE or at < run.resumed or (at == run.resumed and not until_moment):
        return False
    try:
        end = _end(run, limit, extension, calendar)
    except BeyondCalendar:
        return False
    if until_moment:
        return at >= max(end.moment, run.resumed)
    return day_number(at) > end.day if end.by_day else at > end.moment


def elapsed(start: Instant, end: Instant, unit: LimitUnit, calendar: Calendar) -> int:
    """What passes of a limit between two moments, in the units of `used`."""
    if unit == _CALENDAR_DAYS:
        return end - start
    measure = _TIME if unit == _WORKING_HOURS else _DAYS
    return calendar.position(end, measure) - calendar.position(start, measure)
