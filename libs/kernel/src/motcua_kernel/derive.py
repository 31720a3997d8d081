"""What follows from a state and the registry: due dates, and the registry entries they rest on.

Nothing here depends on "now" (law L3); a due date is a citation of the ledger and the calendar.
"""

from __future__ import annotations

import msgspec

from motcua_kernel.calendar import BeyondCalendar, Calendar
from motcua_kernel.clock import Due, EndRule, Ledger, Limit, LimitUnit, due, reappointed_due
from motcua_kernel.instant import Instant, day_number
from motcua_kernel.life_cycle import Status
from motcua_kernel.registry import Registry
from motcua_kernel.state import NEVER, Anomaly, AnomalyKind, DossierState

RECEPTION_LIMIT = Limit(LimitUnit.WORKING_HOURS, 8 * 60, EndRule.SAME_MOMENT, None)
"""An online filing is answered within 8 working hours (Decree 45/2020/NĐ-CP)."""


ALWAYS = (0, 2**31 - 1)
"""The span of a state that any calendar entry may change."""


class Derived(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The due dates of a state, the anomalies they brought up, and what they rest on.

    `registry_offset` is the newest registry entry among those that the state and its dates rest
    on, so it is a function of the log, whatever the pace at which the registry was read.
    `span_first` and `span_last` are the days (ordinals) on which a calendar entry would matter.
    """

    due: Due | None
    reappointed_due: Due | None
    reception_due: Due | None
    registry_offset: int
    span_first: int
    span_last: int
    anomalies: tuple[Anomaly, ...]


def derive(state: DossierState, registry: Registry) -> Derived:
    """The derived part of a state under a registry."""
    unit = state.resolving_unit or state.receiving_unit
    start = state.received_at or state.filed_at
    if not unit or start == NEVER:
        return Derived(None, None, None, -1, *ALWAYS, state.anomalies)
    calendar = registry.calendar(unit)
    if calendar is None:
        offset = max(state.procedure_offset, registry.frame_offset(unit))
        return _without_dates(state, "calendar_unknown", unit, offset)
    try:
        return _derive_with(state, start, calendar, registry, unit)
    except BeyondCalendar:
        offset = max(state.procedure_offset, registry.frame_offset(unit))
        return _without_dates(state, "beyond_calendar", unit, offset)


def _without_dates(
    state: DossierState, problem: AnomalyKind, unit: str, registry_offset: int
) -> Derived:
    anomalies = (*state.anomalies, Anomaly(problem, "", unit))
    return Derived(None, None, None, registry_offset, *ALWAYS, anomalies)


def _derive_with(
    state: DossierState, start: Instant, calendar: Calendar, registry: Registry, unit: str
) -> Derived:
    ledger = state.ledger()
    due_at = due(ledger, calendar) if ledger else None
    granted = state.extension.reappointing
    told = reappointed_due(ledger, calendar, granted) if ledger and granted else None
    reception_due = None
    if state.status is Status.FILED:
        reception_due = due(Ledger(RECEPTION_LIMIT, state.filed_at, (), 0), calendar)
    anomalies = state.anomalies
    if unit not in registry.units:
        anomalies = (*anomalies, Anomaly("unit_unknown", "", unit))
    first = day_number(start)
    last = max(
        _last_day(state, start), *(one.day if one else 0 for one in (due_at, told, reception_due))
    )
    offset = max(
        state.procedure_offset,
        registry.frame_offset(unit),
        calendar.latest_offset(first, last),
    )
    return Derived(due_at, told, reception_due, offset, first, last, anomalies)


def _last_day(state: DossierState, start: Instant) -> int:
    """The last local day that the facts of the state speak of."""
    last = max(start, state.resolved_at, state.closed_at)
    if state.pauses:
        pause = state.pauses[-1]
        last = max(last, pause.closed or pause.opened)
    return day_number(last)
