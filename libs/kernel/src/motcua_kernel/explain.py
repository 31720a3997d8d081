"""Explain (giải trình): every day from the receipt to the due date, counted or skipped, and why.

What the lines count adds up to the limit (with its extension) where there is a due date, and what
they say was used to `clock.used`, both exactly: a line is a difference of positions within one
running total. A day on which one phase of a limit ends and the next begins has a line for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from msgspec import structs

from motcua_kernel.attribution import Share, attribution
from motcua_kernel.calendar_entries import week_entry
from motcua_kernel.clock import (
    Due,
    Ledger,
    Limit,
    LimitUnit,
    due,
    elapsed,
    phases_by,
    stretch,
    used,
)
from motcua_kernel.errors import BeyondCalendar
from motcua_kernel.explain_reasons import Case, Message, Reason, message, reasons
from motcua_kernel.instant import DAY, MINUTE, Instant, day_number, local_date, midnight
from motcua_kernel.procedures import NO_LIMIT
from motcua_kernel.ruled import ruled
from motcua_kernel.running import Span, outside_rests, running
from motcua_kernel.steps import StepAccount, step_accounts

if TYPE_CHECKING:
    from motcua_kernel.calendar import Calendar
    from motcua_kernel.derive import Derived
    from motcua_kernel.procedures import Procedure, TimeLimit
    from motcua_kernel.registry import Registry, WorkingWeek
    from motcua_kernel.state import DossierState


class Mark(Enum):
    """What became of a day."""

    COUNTED = "counted"
    PARTLY = "partly"
    SKIPPED = "skipped"
    OVER = "over"


class Line(NamedTuple):
    """A day within a phase, in units of `clock.used`.

    `counted` goes towards the limit, also on days to come; `used` has passed by the moment of
    asking, over the limit too; `whole` is all that the day holds.
    """

    day: int
    phase: int
    mark: Mark
    counted: int
    used: int
    whole: int
    reasons: tuple[Message, ...]


class PhaseSum(NamedTuple):
    """What a phase may use and what its lines come to; one for all of an ordinary limit."""

    unit: LimitUnit
    budget: int
    counted: int
    used: int


class Head(NamedTuple):
    """What the days are counted by.

    `procedure` is the version of the receipt day, `stated` the limit as it states it for the
    channel, `limit` the shorter one that drives the clock.
    """

    procedure: Procedure | None
    stated: TimeLimit | None
    limit: Limit | None
    week: WorkingWeek | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The whole account of a dossier's deadline at a moment; `problem` says why there is none."""

    dossier: str
    now: Instant
    head: Head
    problem: Message | None = None
    due: Due | None = None
    reappointed_due: Due | None = None
    lines: tuple[Line, ...] = ()
    sums: tuple[PhaseSum, ...] = ()
    used: int = 0
    rests: tuple[Span, ...] = ()
    extension_minutes: int = 0
    shares: tuple[Share, ...] = ()
    steps: tuple[StepAccount, ...] = ()
    registry_offset: int = -1


def explain(state: DossierState, derived: Derived, registry: Registry, now: Instant) -> Explanation:
    """The account of a state; `derived` is what `derive` makes of it under the same registry."""
    head = _head(state, registry)
    if not state.is_received or state.limit is None:
        return Explanation(state.dossier, now, head, message(Reason.NOT_RECEIVED))
    calendar = registry.calendar(state.resolving_unit)
    if calendar is None:
        problem = message(Reason.NO_CALENDAR, unit=state.resolving_unit)
        return Explanation(state.dossier, now, head, problem)
    try:
        told = _explained(state, registry, calendar, now, head)
    except BeyondCalendar as beyond:
        problem = message(Reason.BEYOND_CALENDAR, day=beyond.horizon.toordinal())
        return Explanation(state.dossier, now, head, problem)
    return replace(
        told,
        reappointed_due=derived.reappointed_due,
        registry_offset=derived.registry_offset,
    )


def _head(state: DossierState, registry: Registry) -> Head:
    if not state.is_received:
        return Head(None, None, None, None)
    day = local_date(state.received_at)
    procedure = registry.procedure_on(state.procedure, day)
    limits = procedure.limits if procedure else ()
    stated = next((one for one in limits if one.channel == state.channel), None)
    if stated is None:
        stated = next((one for one in limits if not one.channel), None)
    return Head(procedure, stated, state.limit, week_entry(registry, state.resolving_unit, day))


def _explained(
    state: DossierState, registry: Registry, calendar: Calendar, now: Instant, head: Head
) -> Explanation:
    found = ruled(state, head.limit or NO_LIMIT, registry, calendar)
    ledger = found.ledger
    until = min(now, state.ended_at) if state.is_ended else now
    until = max(until, state.received_at)
    end = due(ledger, calendar)
    horizon = until if end is None else midnight(end.day + 1)
    ahead = _looked_at(phases_by(ledger, calendar, horizon), horizon)
    past = _looked_at(phases_by(ledger, calendar, until), until)
    ran = (*_spans(ahead, calendar), *running(ledger, calendar, until))
    case = Case(state, found, registry, calendar, until, end, ahead, ran)
    counted = _by_day(ahead, calendar, last_is_bound=ledger.limit.unit is not LimitUnit.NONE)
    spent = _by_day(past, calendar, last_is_bound=False)
    lines = _lines(case, counted, spent)
    procedure = head.procedure
    final = stretch(ledger, calendar, until)
    return Explanation(
        dossier=state.dossier,
        now=now,
        head=head,
        due=end,
        lines=lines,
        sums=_sums(ahead, lines),
        used=used(ledger, calendar, until),
        rests=final.rests if final.end >= until else (*final.rests, (final.end, until)),
        extension_minutes=ledger.extension,
        shares=attribution(state, found, registry, calendar, now),
        steps=step_accounts(state, procedure, ledger, calendar, now),
    )


def _looked_at(begun: Sequence[Ledger], until: Instant) -> list[tuple[Ledger, Instant]]:
    """Each phase with the moment up to which its days are counted: a passed one to its last day.

    What opened after a phase was over is no pause of it, even on that day.
    """
    seen: list[tuple[Ledger, Instant]] = []
    for phase, after in pairwise(begun):
        own = tuple(one for one in phase.pauses if one.opened < after.started)
        evening = midnight(day_number(after.started) + 1)
        seen.append((structs.replace(phase, pauses=own), min(evening, until)))
    return [*seen, (begun[-1], until)]


def _spans(seen: Sequence[tuple[Ledger, Instant]], calendar: Calendar) -> list[Span]:
    return [span for one, until in seen for span in outside_rests(stretch(one, calendar, until))]


_Units = dict[tuple[int, int], int]
"""Units by day number and phase."""


def _by_day(
    seen: Sequence[tuple[Ledger, Instant]], calendar: Calendar, *, last_is_bound: bool
) -> _Units:
    """What each day takes; a phase takes no more than its budget, the last one only if bound."""
    units: _Units = {}
    for number, (phase, until) in enumerate(seen):
        bound = last_is_bound or number < len(seen) - 1
        left = _budget(phase) if bound else None
        for start, end in outside_rests(stretch(phase, calendar, until)):
            for first, last in _cut_at_midnights(start, end):
                took = elapsed(first, last, phase.limit.unit, calendar)
                if left is not None:
                    took = min(took, left)
                    left -= took
                key = (day_number(first), number)
                units[key] = units.get(key, 0) + took
    return units


def _cut_at_midnights(start: Instant, end: Instant) -> Iterable[Span]:
    while start < end:
        until = min(end, midnight(day_number(start) + 1))
        yield start, until
        start = until


def _budget(phase: Ledger) -> int:
    return (phase.limit.amount + phase.extension) * MINUTE


def _lines(case: Case, counted: _Units, spent: _Units) -> tuple[Line, ...]:
    first = day_number(case.state.received_at)
    last = max(day_number(case.until), case.due.day if case.due else first)
    return tuple(
        _line(case, day, phase, counted.get((day, phase), 0), spent.get((day, phase), 0))
        for day in range(first, last + 1)
        for phase in _phases_of(case, day, counted, spent)
    )


def _phases_of(case: Case, day: int, counted: _Units, spent: _Units) -> list[int]:
    """The phases with a part in a day; where nothing runs, the one that waits for its time."""
    starts = [day_number(phase.started) for phase, _ in case.phases]
    found = [
        number
        for number, start in enumerate(starts)
        if (number and start == day) or (day, number) in counted or (day, number) in spent
    ]
    return found or [max(0, sum(start <= day for start in starts) - 1)]


def _line(case: Case, day: int, phase: int, counted: int, spent: int) -> Line:
    whole = _whole(case, day, case.phases[phase][0].limit.unit)
    mark = Mark.COUNTED if counted == whole else Mark.PARTLY
    if not counted:
        mark = Mark.OVER if spent else Mark.SKIPPED
    return Line(
        day, phase, mark, counted, spent, whole, reasons(case, day, phase, counts=counted > 0)
    )


def _whole(case: Case, day: int, unit: LimitUnit) -> int:
    if unit is LimitUnit.CALENDAR_DAYS:
        return DAY
    known = case.calendar.day(day)
    if unit is LimitUnit.WORKING_HOURS:
        return sum(one.end_minute - one.start_minute for one in known.windows) * MINUTE
    return known.weight


def _sums(seen: Sequence[tuple[Ledger, Instant]], lines: Sequence[Line]) -> tuple[PhaseSum, ...]:
    return tuple(
        PhaseSum(
            phase.limit.unit,
            _budget(phase),
            sum(line.counted for line in lines if line.phase == number),
            sum(line.used for line in lines if line.phase == number),
        )
        for number, (phase, _) in enumerate(seen)
    )
