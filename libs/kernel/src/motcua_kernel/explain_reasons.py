"""Why a day of a dossier counted or did not: the rules, entries and events behind one line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from motcua_kernel.calendar import DayKind
from motcua_kernel.calendar_entries import day_entry, week_entry
from motcua_kernel.clock import Due, Ledger, LimitUnit, start_of_clock, stretch
from motcua_kernel.instant import MINUTE, Instant, day_number, midnight
from motcua_kernel.running import Span, common

if TYPE_CHECKING:
    from motcua_kernel.calendar import Calendar
    from motcua_kernel.clock import Pause
    from motcua_kernel.registry import Registry
    from motcua_kernel.ruled import Ruled
    from motcua_kernel.state import DossierState


_LABOUR_CODE_2019: Final = date(2021, 1, 1)
"""Its first day in force; before it, the weekly rest was art. 110 of the code of 2012."""


class Reason(Enum):
    """What may be said of a day; the words are in `explain_texts`."""

    RECEIVED = "received"
    AFTER_CUTOFF = "after_cutoff"
    OUTSIDE_HOURS = "outside_hours"
    STARTS = "starts"
    WIPED = "wiped"
    RESTARTED = "restarted"
    WEEKLY_REST = "weekly_rest"
    CLOSED = "closed"
    MAKE_UP = "make_up"
    OWN_HOURS = "own_hours"
    HALF_DAY = "half_day"
    TAKEN_BACK = "taken_back"
    DAYS_OFF_COUNT = "days_off_count"
    PAUSED = "paused"
    PAUSE_KEEPS_RUNNING = "pause_keeps_running"
    PAUSE_CAPPED = "pause_capped"
    PAUSE_TOO_LATE = "pause_too_late"
    SUSPENDED = "suspended"
    SUSPENDED_TOO_LATE = "suspended_too_late"
    CONSULTED = "consulted"
    CONSULTED_RESTING = "consulted_resting"
    EXTENDED = "extended"
    REAPPOINTED = "reappointed"
    EXTENSION_REFUSED = "extension_refused"
    PHASE_BEGINS = "phase_begins"
    PHASE_ENDS = "phase_ends"
    UNIT_FOLLOWED = "unit_followed"
    DUE_ON_DAY = "due_on_day"
    DUE_AT = "due_at"
    ROLLED_OFF = "rolled_off"
    OVERDUE = "overdue"
    NOW = "now"
    RESOLVED = "resolved"
    CLOSED_OTHERWISE = "closed_otherwise"
    NOT_RECEIVED = "not_received"
    NO_CALENDAR = "no_calendar"
    BEYOND_CALENDAR = "beyond_calendar"


class Message(NamedTuple):
    """A reason and its particulars; names ending in `at` are instants, in `day` day numbers."""

    reason: Reason
    params: Mapping[str, str | int]


def message(reason: Reason, **params: str | int) -> Message:
    """A message by its particulars."""
    return Message(reason, params)


@dataclass(frozen=True, slots=True)
class Case:
    """All that the reasons of a dossier's days rest on.

    `phases` are those up to the due date, each with the moment until which it is looked at; `ran`
    are the spans in which the clock runs up to the due date or ran by `until`.
    """

    state: DossierState
    found: Ruled
    registry: Registry
    calendar: Calendar
    until: Instant
    due: Due | None
    phases: Sequence[tuple[Ledger, Instant]]
    ran: Sequence[Span]

    @property
    def unit(self) -> str:
        """The unit whose calendar the clock follows."""
        return self.state.resolving_unit


def reasons(case: Case, day: int, phase: int, *, counts: bool) -> tuple[Message, ...]:
    """The reasons of one day within one phase, from the calendar to the events of the day."""
    found = [*_start(case, day), *_phase_start(case, day, phase)]
    found += _of_calendar(case, day, counts=counts)
    found += [*_pauses(case, day), *_suspensions(case, day), *_consultations(case, day)]
    found += [*_extensions(case, day), *_unit(case, day), *_ends(case, day, phase)]
    return tuple(found)


def _start(case: Case, day: int) -> Iterator[Message]:
    received, limit = case.state.received_at, case.found.ledger.limit
    first = start_of_clock(received, limit, case.calendar)
    cutoff = limit.cutoff_minute
    if day == day_number(received):
        yield message(Reason.RECEIVED, at=received)
        if first != received:
            late = midnight(day) + (cutoff or 0) * MINUTE
            if cutoff is not None and received > late and case.calendar.is_working(received):
                yield message(Reason.AFTER_CUTOFF, cutoff_at=late, start_at=first)
            else:
                yield message(Reason.OUTSIDE_HOURS, start_at=first)
    ledger, until = case.phases[0]
    counting = stretch(ledger, case.calendar, until).start
    if counting > first:
        if day < day_number(counting):
            yield message(Reason.WIPED, start_at=counting)
        elif day == day_number(counting):
            yield message(Reason.RESTARTED, start_at=counting)
    elif day == day_number(first) != day_number(received):
        yield message(Reason.STARTS, start_at=first)


def _phase_start(case: Case, day: int, phase: int) -> Iterator[Message]:
    started = case.phases[phase][0].started
    if phase and day == day_number(started):
        yield message(Reason.PHASE_BEGINS, number=phase + 1, at=started)


def _of_calendar(case: Case, day: int, *, counts: bool) -> Iterator[Message]:
    works = case.calendar.is_working_day(day)
    on = date.fromordinal(day)
    entry = day_entry(case.registry, case.unit, on)
    week = week_entry(case.registry, case.unit, on)
    usual = bool(week and week.days[on.weekday()])
    if entry is not None:
        kinds = {
            DayKind.CLOSED: Reason.CLOSED,
            DayKind.HALF: Reason.HALF_DAY,
            DayKind.WORKING: Reason.OWN_HOURS if usual else Reason.MAKE_UP,
        }
        yield message(
            Reason.TAKEN_BACK if entry.kind is None else kinds[entry.kind],
            reference=entry.reference,
            layer=entry.layer.name.lower(),
            offset=entry.offset,
        )
    if not works and (entry is None or entry.kind is None):
        code, article = (2019, 111) if on >= _LABOUR_CODE_2019 else (2012, 110)
        yield message(Reason.WEEKLY_REST, code=code, article=article)
    if not works and counts:
        yield message(Reason.DAYS_OFF_COUNT)


def _on_day(opened: Instant, closed: Instant | None, case: Case, day: int) -> Span | None:
    """The part of a span that lies on a day; what is open reaches to the end or to now."""
    start = max(opened, midnight(day))
    open_until = case.state.ended_at or case.until
    end = min(open_until if closed is None else closed, midnight(day + 1))
    return (start, end) if start < end else None


def _ran(case: Case, span: Span) -> bool:
    return bool(common([span], case.ran))


def _pauses(case: Case, day: int) -> Iterator[Message]:
    for told in case.state.pauses:
        capped_at = _capped_at(case, told)
        closed = told.closed
        if closed is None and capped_at is not None and capped_at > case.until:
            closed = capped_at
        span = _on_day(told.opened, closed, case, day)
        if span is None:
            continue
        ground = case.registry.pause_reasons.get(told.reason)
        reason = Reason.PAUSED
        if ground is not None and ground.keeps_running:
            reason = Reason.PAUSE_KEEPS_RUNNING
        elif capped_at is not None and span[0] >= capped_at:
            reason = Reason.PAUSE_CAPPED
        elif _ran(case, span):
            reason = Reason.PAUSE_TOO_LATE
        holder = told.holder if ground is None or ground.holder is None else ground.holder
        yield message(
            reason,
            from_at=told.opened,
            to_at=closed or case.until,
            code=told.reason,
            name=ground.name if ground else told.reason,
            legal_basis=ground.legal_basis if ground else "",
            cap=(ground.cap_working_days or 0) if ground else 0,
            holder=holder.name.lower(),
            offset=ground.offset if ground else -1,
        )


def _capped_at(case: Case, told: Pause) -> Instant | None:
    """The moment from which a pause rests no more, though it went on."""
    for pause in case.found.ledger.pauses:
        same = (pause.opened, pause.reason) == (told.opened, told.reason)
        if same and pause.closed != told.closed:
            return pause.closed
    return None


def _suspensions(case: Case, day: int) -> Iterator[Message]:
    by_id = {one.id: one for one in case.found.suspensions}
    for pause in case.found.ledger.pauses:
        one = by_id.get(pause.reason)
        span = _on_day(pause.opened, pause.closed, case, day)
        if one is None or span is None:
            continue
        reason = Reason.SUSPENDED_TOO_LATE if _ran(case, span) else Reason.SUSPENDED
        yield message(reason, id=one.id, reference=one.reference, offset=one.offset)


def _consultations(case: Case, day: int) -> Iterator[Message]:
    for one in case.state.consultations:
        span = _on_day(one.asked, one.answered or None, case, day)
        if span is None:
            continue
        reason = Reason.CONSULTED if _ran(case, span) else Reason.CONSULTED_RESTING
        known = case.registry.units.get(one.agency)
        name = known.name if known else one.agency
        yield message(reason, agency=name, from_at=one.asked, to_at=one.answered or case.until)


def _extensions(case: Case, day: int) -> Iterator[Message]:
    faults = {(one.publisher, one.event_id): one.kind for one in case.found.anomalies}
    for one in case.state.extensions:
        if day_number(one.at) != day:
            continue
        fault = faults.get((one.publisher, one.event_id))
        reason = Reason.EXTENDED if one.replaces_due else Reason.REAPPOINTED
        yield message(
            reason if fault is None else Reason.EXTENSION_REFUSED,
            minutes=one.minutes,
            why=one.reason,
            form=one.form,
            fault=fault or "",
        )


def _unit(case: Case, day: int) -> Iterator[Message]:
    for term in case.registry.unit_map.line(case.unit)[1:]:
        if term.first.toordinal() == day:
            known = case.registry.units.get(term.unit)
            yield message(Reason.UNIT_FOLLOWED, unit=known.name if known else term.unit)


def _ends(case: Case, day: int, phase: int) -> Iterator[Message]:
    due, state = case.due, case.state
    last = phase == len(case.phases) - 1
    ended = None if last else case.phases[phase + 1][0].started
    end = day_number(ended) if ended is not None else (due.day if due is not None else None)
    if (
        end is not None
        and day == end
        and (natural := _natural_end(case, phase)) is not None
        and natural < end
    ):
        yield message(Reason.ROLLED_OFF, day=natural)
    if ended is not None and day == end:
        yield message(Reason.PHASE_ENDS, number=phase + 1, at=ended)
    if due is not None and last and day == due.day:
        yield message(Reason.DUE_ON_DAY if due.by_day else Reason.DUE_AT, at=due.moment)
    if due is not None and due.day < day <= day_number(case.until):
        yield message(Reason.OVERDUE)
    if last and case.until != state.ended_at and day == day_number(case.until):
        yield message(Reason.NOW, at=case.until)
    if state.is_ended and day == day_number(state.ended_at):
        resolved = state.ended_at == state.resolved_at
        reason = Reason.RESOLVED if resolved else Reason.CLOSED_OTHERWISE
        yield message(reason, at=state.ended_at)


def _natural_end(case: Case, phase: int) -> int | None:
    """The day on which a phase in calendar days ends, before it is moved off days off."""
    ledger, until = case.phases[phase]
    if ledger.limit.unit is not LimitUnit.CALENDAR_DAYS:
        return None
    counted = stretch(ledger, case.calendar, until)
    rested = sum(closed - opened for opened, closed in counted.rests)
    budget = (ledger.limit.amount + ledger.extension) * MINUTE
    end = max([counted.start + budget + rested, *(closed for _, closed in counted.rests)])
    return day_number(Instant(end))
