"""What follows from a state and the registry: due dates, and the registry entries they rest on.

Nothing here depends on "now" (law L3); a due date is a citation of the ledger and the calendar.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from motcua_kernel.calendar import BeyondCalendar, Calendar
from motcua_kernel.clock import Due, EndRule, Ledger, Limit, LimitUnit, due, reappointed_due
from motcua_kernel.decrees import Suspension
from motcua_kernel.instant import Instant, day_number, local_date
from motcua_kernel.procedures import Procedure
from motcua_kernel.registry import Registry
from motcua_kernel.ruled import FOR_EVER, ruled
from motcua_kernel.state import NEVER, Anomaly, AnomalyKind, DossierState
from motcua_kernel.steps import step_due

RECEPTION_LIMIT = Limit(LimitUnit.WORKING_HOURS, 8 * 60, EndRule.SAME_MOMENT, None)
"""An online filing is answered within 8 working hours (Decree 45/2020/NĐ-CP)."""


ALWAYS = (0, 2**31 - 1)
"""The span of a state that any calendar entry may change."""


class Derived(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The due dates of a state, the anomalies they brought up, and what they rest on.

    `registry_offset` is the newest registry entry among those that the state and its dates rest
    on, so it is a function of the log, whatever the pace at which the registry was read.
    `span_first` and `span_last` are the days (ordinals) on which a calendar entry would matter.
    `paused` and `rests` say when the clock stands (see `ruled.Ruled`).
    """

    due: Due | None
    reappointed_due: Due | None
    reception_due: Due | None
    registry_offset: int
    span_first: int
    span_last: int
    anomalies: tuple[Anomaly, ...]
    paused: bool = False
    rests: tuple[int, ...] = ()
    step_due: Due | None = None
    consultation_dues: tuple[Due | None, ...] = ()


def derive(state: DossierState, registry: Registry) -> Derived:
    """The derived part of a state under a registry."""
    unit = state.resolving_unit or state.receiving_unit
    start = state.received_at or state.filed_at
    if not unit or start == NEVER:
        return Derived(None, None, None, -1, *ALWAYS, state.anomalies)
    calendar = registry.calendar(unit)
    if calendar is None:
        return _without_dates(state, "calendar_unknown", unit, registry)
    try:
        return _derive_with(state, calendar, registry, unit)
    except BeyondCalendar:
        return _without_dates(state, "beyond_calendar", unit, registry)


def derive_due(state: DossierState, registry: Registry) -> Derived:
    """Of what derives from a state only the due dates that verdicts look at, and the rests.

    What else `derive` gives is left empty, and nothing of it is computed.
    """
    nothing = Derived(None, None, None, -1, *ALWAYS, (), state.is_paused)
    unit = state.resolving_unit or state.receiving_unit
    calendar = registry.calendar(unit)
    if calendar is None:
        return nothing
    try:
        answer = reception(state, registry)[0] if state.filed_at != NEVER else None
        if not state.is_received or state.limit is None:
            return Derived(None, None, answer, -1, *ALWAYS, (), state.is_paused)
        found = ruled(state, state.limit, registry, calendar)
        due_at = due(found.ledger, calendar)
    except BeyondCalendar:
        return nothing
    return Derived(due_at, None, answer, -1, *ALWAYS, (), found.paused, found.rests)


def _without_dates(
    state: DossierState, problem: AnomalyKind, unit: str, registry: Registry
) -> Derived:
    anomalies = (*state.anomalies, Anomaly(problem, "", unit))
    offset = max(state.procedure_offset, registry.frame_offset(unit))
    paused = state.is_paused
    return Derived(None, None, None, offset, *ALWAYS, anomalies, paused)


def _derive_with(state: DossierState, calendar: Calendar, registry: Registry, unit: str) -> Derived:
    reception_due, offset = None, -1
    if state.filed_at != NEVER:
        reception_due, offset = reception(state, registry)
    offset = max(offset, state.procedure_offset, registry.frame_offset(unit))
    anomalies = state.anomalies
    if unit not in registry.units:
        anomalies = (*anomalies, Anomaly("unit_unknown", "", unit))
    first = day_number(state.filed_at or state.received_at)
    last = max(_last_day(state), reception_due.day if reception_due else 0)
    if state.received_at == NEVER or state.limit is None:
        offset = max(offset, calendar.latest_offset(first, last))
        paused = state.is_paused
        return Derived(None, None, reception_due, offset, first, last, anomalies, paused)
    found = ruled(state, state.limit, registry, calendar)
    ledger = found.ledger
    due_at = due(ledger, calendar)
    told, at_step, consulted = None, None, ()
    try:
        if found.granted:
            told = reappointed_due(ledger, calendar, found.granted)
        if (state.steps or state.consultations) and not state.is_ended:
            at_step, consulted = _on_the_way(state, ledger, registry, calendar)
    except BeyondCalendar:
        anomalies = (*anomalies, Anomaly("beyond_calendar", "", unit))
        last = ALWAYS[1]
    days = [one.day for one in (due_at, told, at_step, *consulted) if one is not None]
    last = max(last, *days, *found.rests, last)
    offset = max(
        offset,
        found.offset,
        calendar.latest_offset(first, min(last, calendar.horizon.toordinal())),
        _suspension_offset(
            registry.suspensions_ever_of(state.resolving_unit, state.procedure),
            first,
            last if state.is_ended else FOR_EVER,
        ),
    )
    return Derived(
        due_at,
        told,
        reception_due,
        offset,
        first,
        last,
        (*anomalies, *found.anomalies) if found.anomalies else anomalies,
        found.paused,
        found.rests,
        at_step,
        consulted,
    )


def _on_the_way(
    state: DossierState, ledger: Ledger, registry: Registry, calendar: Calendar
) -> tuple[Due | None, tuple[Due | None, ...]]:
    """When the step that the dossier is at is due, and when the agencies that it waits for."""
    procedure = registry.procedure_on(state.procedure, local_date(state.received_at))
    at_step = step_due(state, procedure, ledger, calendar)
    if not state.consultations:
        return at_step, ()
    return at_step, consultation_dues(state, procedure, calendar)


def reception(state: DossierState, registry: Registry) -> tuple[Due | None, int]:
    """When an online filing has to be answered, and the newest registry entry behind it.

    The clock runs in the hours of the receiving unit, and rests while a supplement is waited for.
    """
    unit = state.receiving_unit
    calendar = registry.calendar(unit)
    rules = registry.rules_on(unit, local_date(state.filed_at))
    offset = max(registry.frame_offset(unit), rules.offset)
    if calendar is None:
        return None, offset
    limit = RECEPTION_LIMIT
    if rules.reception_minutes is not None:
        limit = Limit(LimitUnit.WORKING_HOURS, rules.reception_minutes)
    pauses = state.reception_pauses if state.is_received else state.pauses
    due_at = due(Ledger(limit, state.filed_at, pauses), calendar)
    last = due_at.day if due_at else day_number(state.filed_at)
    return due_at, max(offset, calendar.latest_offset(day_number(state.filed_at), last))


def consultation_dues(
    state: DossierState, procedure: Procedure | None, calendar: Calendar
) -> tuple[Due | None, ...]:
    """When each consulted agency has to answer; None without a budget.

    It counts in the hours of the unit that asks, whose dossier it is, so that what moves its end
    moves the dossier's as well.
    """
    dues: list[Due | None] = []
    for one in state.consultations:
        rule = procedure.consultation(one.agency) if procedure else None
        if rule is None or not rule.budget_minutes:
            dues.append(None)
            continue
        limit = Limit(LimitUnit.WORKING_HOURS, rule.budget_minutes)
        dues.append(due(Ledger(limit, one.asked), calendar))
    return tuple(dues)


def _suspension_offset(suspensions: Sequence[Suspension], first: int, last: int) -> int:
    """The newest suspension that ever had a day in [first, last], -1 for none.

    A dossier in progress may rest on any day to come, also when its limit has run out.
    """
    return max(
        (
            one.offset
            for one in suspensions
            if one.reach[0].toordinal() <= last and first <= one.reach[1].toordinal()
        ),
        default=-1,
    )


def _last_day(state: DossierState) -> int:
    """The last local day that the facts of the state speak of."""
    last = max(state.filed_at, state.received_at, state.resolved_at, state.closed_at)
    if state.pauses:
        pause = state.pauses[-1]
        last = max(last, pause.closed or pause.opened)
    return day_number(Instant(last))
