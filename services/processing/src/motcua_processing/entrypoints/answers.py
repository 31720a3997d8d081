"""The JSON of the answers: figures, and a dossier with its timeline and clock ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from motcua_kernel.clock import Due, Limit, used
from motcua_kernel.events import Event
from motcua_kernel.instant import MINUTE, Instant, format_local
from motcua_kernel.life_cycle import STATUS_NAMES
from motcua_kernel.registry import Registry
from motcua_kernel.ruled import ruled
from motcua_kernel.snapshot import Snapshot
from motcua_kernel.state import FOLD_REVISION, NEVER, DossierState
from motcua_kernel.verdict import (
    OUTCOME_NAMES,
    TIMING_NAMES,
    Outcome,
    Timing,
    due_soon_until,
    outcome,
    timing,
)

from motcua_processing.domain.verdicts import Figures


def figures_answer(figures: Figures) -> dict[str, Any]:
    """The members of a balance."""
    return {
        "carried_over": figures.carried_over,
        "received": figures.received,
        "resolved": {"total": figures.resolved.total()}
        | {one.value: figures.resolved[one] for one in Outcome},
        "in_progress": {"total": figures.in_progress.total()}
        | {one.value: figures.in_progress[one] for one in Timing},
        "withdrawn": figures.withdrawn,
        "stopped": figures.stopped,
        "refused": figures.refused,
        "on_time_percent": _percent(figures.on_time_percent),
        "overdue_percent": _percent(figures.overdue_percent),
        "index766_percent": _percent(figures.index766_percent),
    }


def _percent(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def verdict_of(snapshot: Snapshot, registry: Registry, now: Instant) -> str | None:
    """The verdict on a dossier at `now`; None where none is due (before receipt, or closed)."""
    state, due = snapshot.state, snapshot.derived.due
    if not state.is_received or state.closed_at != NEVER:
        return None
    if state.resolved_at != NEVER:
        return outcome(due, state.resolved_at).value
    calendar = registry.calendar(state.resolving_unit)
    soon = due_soon_until(calendar, now) if calendar else 0
    rest = snapshot.derived
    return timing(due, paused=rest.paused, now=now, soon_until=soon, rests=rest.rests).value


def units_of(state: DossierState) -> tuple[str, ...]:
    """The units whose dossier it is: receiving, resolving, reporting."""
    named = (state.receiving_unit, state.resolving_unit, state.reporting_unit)
    return tuple(dict.fromkeys(unit for unit in named if unit))


def dossier_answer(
    snapshot: Snapshot, events: Sequence[Event], registry: Registry, now: Instant
) -> dict[str, Any]:
    """A dossier as it stands at `now`."""
    state, derived = snapshot.state, snapshot.derived
    verdict = verdict_of(snapshot, registry, now)
    names = OUTCOME_NAMES if state.resolved_at != NEVER else TIMING_NAMES
    return {
        "dossier": state.dossier,
        "as_of": format_local(now),
        "status": {"code": int(state.status), "name": STATUS_NAMES[state.status]},
        "verdict": verdict,
        "verdict_name": {one.value: name for one, name in names.items()}.get(verdict or ""),
        "procedure": state.procedure,
        "channel": state.channel.name.lower(),
        "receiving_unit": state.receiving_unit,
        "resolving_unit": state.resolving_unit,
        "reporting_unit": state.reporting_unit,
        "department": state.department,
        "filed_at": _moment(state.filed_at),
        "received_at": _moment(state.received_at),
        "resolved_at": _moment(state.resolved_at),
        "returned_at": _moment(state.returned_at),
        "closed_at": _moment(state.closed_at),
        "due": _due(derived.due),
        "reappointed_due": _due(derived.reappointed_due),
        "reception_due": _due(derived.reception_due),
        "ledger": _ledger(state, registry, now),
        "step_due": _due(derived.step_due),
        "steps": [
            {
                "department": step.department,
                "step": step.step,
                "entered": _moment(step.entered),
                "left": _moment(step.left),
            }
            for step in state.steps
        ],
        "timeline": [_line(event) for event in sorted(events, key=lambda event: event.order)],
        "anomalies": [
            {"kind": one.kind, "publisher": one.publisher, "event_id": one.event_id}
            for one in derived.anomalies
        ],
        "version": {
            "fold_revision": FOLD_REVISION,
            "registry_offset": derived.registry_offset,
            "events": state.events,
        },
    }


def _moment(instant: Instant) -> str | None:
    return None if instant == NEVER else format_local(instant)


def _due(due: Due | None) -> dict[str, Any] | None:
    if due is None:
        return None
    compared = "date" if due.by_day else "moment"
    day = date.fromordinal(due.day).isoformat()
    return {"date": day, "moment": format_local(due.moment), "compared_by": compared}


def _ledger(state: DossierState, registry: Registry, now: Instant) -> dict[str, Any] | None:
    calendar = registry.calendar(state.resolving_unit)
    if not state.is_received or state.limit is None or calendar is None:
        return None
    found = ruled(state, state.limit, registry, calendar)
    ledger = found.ledger
    ends = [state.ended_at] if state.is_ended else []
    spent = used(ledger, calendar, min([now, *ends]))
    return {
        "limit": _limit(ledger.limit),
        "started": format_local(ledger.started),
        "extension_minutes": ledger.extension,
        "reappointed_minutes": found.granted,
        "used_minutes": round(spent / MINUTE, 2),
        "pauses": [
            {
                "opened": format_local(pause.opened),
                "closed": None if pause.closed is None else format_local(pause.closed),
                "mode": pause.mode.name.lower(),
                "holder": pause.holder.name.lower(),
                "reason": pause.reason,
            }
            for pause in ledger.pauses
        ],
    }


def _limit(limit: Limit) -> dict[str, Any]:
    """A limit, with its further phases behind it."""
    shown: dict[str, Any] = {"unit": limit.unit.name.lower(), "minutes": limit.amount}
    return shown if limit.then is None else {**shown, "then": _limit(limit.then)}


def _line(event: Event) -> dict[str, Any]:
    change = msgspec.to_builtins(event.change, enc_hook=lambda _: None)
    change.pop("duplicate_mark", None)
    return {
        "kind": event.kind.name.lower(),
        "occurred_at": format_local(event.occurred_at),
        "recorded_at": format_local(event.recorded_at),
        "publisher": event.publisher,
        "event_id": event.event_id,
        "data": change,
    }
