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


class Derived(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The due dates of a state, the anomalies they brought up, and the registry offset they used.

    `registry_offset` is the newest entry among those that the state and its dates rest on, so it
    is a function of the log, whatever the pace at which the registry was read.
    """

    due: Due | None
    reappointed_due: Due | None
    reception_due: Due | None
    registry_offset: int
    anomalies: tuple[Anomaly, ...]


def derive(state: DossierState, registry: Registry) -> Derived:
    """The derived part of a state under a registry."""
    unit = state.resolving_unit or state.receiving_unit
    if not unit:
        return Derived(None, None, None, -1, state.anomalies)
    calendar = registry.calendar(unit)
    if calendar is None:
        problem = _anomaly("calendar_unknown", unit)
        return Derived(
            None, None, None, state.procedure_offset, (*state.anomalies, *problem)
        )
    try:
        return _derive_with(state, calendar, registry, unit)
    except BeyondCalendar:
        problem = _anomaly("beyond_calendar", unit)
        offset = max(state.procedure_offset, registry.week_offset(unit))
        return Derived(None, None, None, offset, (*state.anomalies, *problem))


def _derive_with(
    state: DossierState, calendar: Calendar, registry: Registry, unit: str
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
        anomalies = (*anomalies, *_anomaly("unit_unknown", unit))
    offset = max(
        state.procedure_offset,
        registry.week_offset(unit),
        _span_offset(state, calendar, due_at, told, reception_due),
    )
    return Derived(due_at, told, reception_due, offset, anomalies)


def _span_offset(state: DossierState, calendar: Calendar, *dues: Due | None) -> int:
    """The newest calendar entry on a day from receipt to the last date the state speaks of."""
    start = state.received_at or state.filed_at
    if start == NEVER:
        return -1
    moments = [Instant(start), state.resolved_at, state.closed_at]
    moments += [pause.closed or pause.opened for pause in state.pauses]
    last = max(day_number(moment) for moment in moments if moment != NEVER)
    last = max([last, *(one.day for one in dues if one is not None)])
    return calendar.latest_offset(day_number(Instant(start)), last)


def _anomaly(kind: AnomalyKind, unit: str) -> tuple[Anomaly, ...]:
    return (Anomaly(kind, "", unit),)
