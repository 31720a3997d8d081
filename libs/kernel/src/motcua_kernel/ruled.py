"""The clock ledger as the rules of the registry leave it.

The fold keeps what was told: pauses with their reasons, extensions with their grounds. Which of
them rest the clock or move the due date is a matter of rules that may change later: the catalogue
of pause reasons, bounds of extensions, consultations, and mass suspensions by decree.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec.structs import replace

from motcua_kernel.clock import Holder, Ledger, Limit, LimitUnit, Pause, PauseMode, due
from motcua_kernel.decrees import Suspension
from motcua_kernel.errors import BeyondCalendar
from motcua_kernel.instant import Instant, day_number, local_date, midnight
from motcua_kernel.procedures import Procedure
from motcua_kernel.registry import Registry
from motcua_kernel.state import Anomaly, AnomalyKind, DossierState, Extension
from motcua_kernel.verdict import is_overdue

if TYPE_CHECKING:
    from motcua_kernel.calendar import Calendar

FOR_EVER: Final = date.max.toordinal()
CONSULTATION: Final = "consultation"
"""The reason of a pause in which a consulted agency is waited for."""


class Ruled(NamedTuple):
    """A ledger after the rules.

    `paused`: the clock rests until an event ends it. `rests`: first and last days (ordinals), one
    after the other, on which it rests by itself. `granted`: minutes that were only re-appointed.
    `offset`: the newest registry entry consulted, suspensions aside.
    """

    ledger: Ledger
    paused: bool
    rests: tuple[int, ...]
    granted: int
    anomalies: tuple[Anomaly, ...]
    offset: int
    suspensions: tuple[Suspension, ...]


def ruled(state: DossierState, limit: Limit, registry: Registry, calendar: Calendar) -> Ruled:
    """The ledger of a received dossier under the rules of a registry.

    Raises:
        BeyondCalendar: the calendar does not answer for a day that matters.
    """
    started = state.received_at
    suspensions = tuple(registry.suspensions_of(state.resolving_unit, state.procedure))
    if not (state.pauses or state.extensions or state.consultations or suspensions):
        return Ruled(Ledger(limit, started), False, (), 0, (), -1, ())
    rests: list[int] = []
    pauses, offset = _told_pauses(state, registry, calendar, rests)
    pauses += _consultations(state, registry)
    paused = not state.is_ended and any(pause.closed is None for pause in pauses)
    ended = day_number(state.ended_at) if state.is_ended else FOR_EVER
    for one in suspensions:
        pauses += _suspended(one, day_number(started), ended, rests)
    pauses.sort(key=_opened)
    ledger = Ledger(limit, started, tuple(pauses))
    granted, anomalies = 0, _unknown_reasons(state, registry)
    if state.extensions:
        procedure = registry.procedure_on(state.procedure, local_date(started))
        ledger, granted, refused = _extended(ledger, state.extensions, procedure, calendar)
        anomalies += refused
    if state.is_ended or limit.unit is LimitUnit.NONE:
        rests = []
    return Ruled(ledger, paused, tuple(rests), granted, anomalies, offset, suspensions)


def _opened(pause: Pause) -> Instant:
    return pause.opened


def _told_pauses(
    state: DossierState, registry: Registry, calendar: Calendar, rests: list[int]
) -> tuple[list[Pause], int]:
    """The pauses that rest the clock by the catalogue of reasons; a cap adds to `rests`."""
    kept: list[Pause] = []
    offset = -1
    for told in state.pauses:
        reason = registry.pause_reasons.get(told.reason)
        if reason is None:
            kept.append(told)
            offset = max(offset, registry.catalogue_offset)
            continue
        offset = max(offset, reason.offset)
        if reason.keeps_running:
            continue
        pause = told if reason.holder is None else replace(told, holder=reason.holder)
        if reason.cap_working_days is not None:
            pause = _capped(pause, reason.cap_working_days, calendar, rests)
        kept.append(pause)
    return kept, offset


def _capped(pause: Pause, working_days: int, calendar: Calendar, rests: list[int]) -> Pause:
    first = day = day_number(pause.opened)
    for _ in range(working_days):
        day = calendar.next_working_day(day)
    end = midnight(day + 1)
    if pause.closed is None:
        rests += (first, day)
    elif pause.closed <= end:
        return pause
    return replace(pause, closed=end)


def _consultations(state: DossierState, registry: Registry) -> list[Pause]:
    """The waits for consulted agencies that rest the clock, where the procedure says so."""
    if not state.consultations:
        return []
    procedure = registry.procedure_on(state.procedure, local_date(state.received_at))
    pauses: list[Pause] = []
    for one in state.consultations:
        rule = procedure.consultation(one.agency) if procedure else None
        if rule is not None and rule.pauses:
            answered = one.answered or (state.ended_at or None)
            pauses.append(
                Pause(one.asked, answered, PauseMode.CONTINUE, CONSULTATION, Holder.CONSULTED)
            )
    return pauses


def _suspended(one: Suspension, received: int, ended: int, rests: list[int]) -> list[Pause]:
    """The pause that a mass suspension makes of its days, from the receipt to the end."""
    first = max(one.first_day.toordinal(), received)
    last = FOR_EVER if one.last_day is None else one.last_day.toordinal()
    if first > min(last, ended):
        return []
    rests += (first, last)
    closed = None if last == FOR_EVER else midnight(last + 1)
    if closed is None and ended != FOR_EVER:
        closed = midnight(ended + 1)
    return [Pause(midnight(first), closed, PauseMode.CONTINUE, one.id, Holder.AGENCY)]


def _unknown_reasons(state: DossierState, registry: Registry) -> tuple[Anomaly, ...]:
    """Reasons outside the catalogue, where there is one; such a pause counts."""
    known = registry.pause_reasons
    if not known:
        return ()
    told = {pause.reason for pause in state.pauses if pause.reason and pause.reason not in known}
    return tuple(Anomaly("pause_reason_unknown", "", reason) for reason in sorted(told))


def _extended(
    ledger: Ledger,
    extensions: tuple[Extension, ...],
    procedure: Procedure | None,
    calendar: Calendar,
) -> tuple[Ledger, int, tuple[Anomaly, ...]]:
    """The ledger with the extensions that replace its due date, and the minutes re-appointed.

    An extension needs a reason and a form, keeps within the bounds of the procedure, and comes
    before the limit has run out; what does not is an anomaly, and at most a new appointment. One
    refused for its ground or bounds uses up none of the times that the procedure allows.
    """
    rule = procedure.extension if procedure else None
    granted = times = 0
    anomalies: list[Anomaly] = []
    for one in extensions:
        fault: AnomalyKind | None = None
        if not (one.reason and one.form):
            fault = "extension_without_ground"
        elif rule is not None and (one.minutes > rule.most_minutes or times >= rule.most_times):
            fault = "extension_out_of_bounds"
        elif _came_too_late(ledger, one.at, calendar):
            fault = "extension_too_late"
        if fault is not None:
            anomalies.append(Anomaly(fault, one.publisher, one.event_id))
        times += fault in {None, "extension_too_late"}
        if fault is None and one.replaces_due:
            ledger = replace(ledger, extension=ledger.extension + one.minutes)
        elif fault in (None, "extension_too_late"):
            granted += one.minutes
    return ledger, granted, tuple(anomalies)


def _came_too_late(ledger: Ledger, at: Instant, calendar: Calendar) -> bool:
    """Whether the limit had run out by then, by what had been told by then."""
    told = tuple(pause for pause in ledger.pauses if pause.opened < at)
    try:
        end = due(replace(ledger, pauses=told), calendar)
    except BeyondCalendar:
        return False
    return end is not None and is_overdue(end, at)
