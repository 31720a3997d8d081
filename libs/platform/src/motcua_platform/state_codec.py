"""The published state of a dossier: from the kernel's snapshot to `DossierState` and back.

What travels back is only what a reader of the states topic needs; the facts of the fold stay with
processing.
"""

from __future__ import annotations

import msgspec
from motcua.dossier.v1 import state_pb2 as pb
from motcua_kernel.clock import Due
from motcua_kernel.events import Channel
from motcua_kernel.instant import Instant
from motcua_kernel.life_cycle import Status
from motcua_kernel.snapshot import Snapshot
from motcua_kernel.state import FOLD_REVISION, NEVER, DossierState


class PublishedState(msgspec.Struct, frozen=True, gc=False):
    """A state as the states topic tells it; moments are 0 where the thing did not happen."""

    dossier: str
    fold_revision: int
    registry_offset: int
    events: int
    status: Status
    channel: Channel
    receiving_unit: str
    resolving_unit: str
    reporting_unit: str
    department: str
    filed_at: Instant
    received_at: Instant
    resolved_at: Instant
    closed_at: Instant
    is_paused: bool
    rests: tuple[int, ...]
    due: Due | None
    reception_due: Due | None
    step_due: Due | None
    step_department: str
    anomalies: tuple[str, ...]
    recorded_at: Instant
    occurred_at: Instant = NEVER


def state_to_value(snapshot: Snapshot) -> bytes:
    """The record value of a snapshot: a serialized `DossierState`."""
    state, derived = snapshot.state, snapshot.derived
    message = pb.DossierState(
        dossier=state.dossier,
        version=pb.StateVersion(
            fold_revision=FOLD_REVISION,
            registry_offset=derived.registry_offset,
            events=state.events,
        ),
        status=int(state.status),  # pyright: ignore[reportArgumentType]
        procedure=state.procedure,
        channel=int(state.channel),  # pyright: ignore[reportArgumentType]
        receiving_unit=state.receiving_unit,
        resolving_unit=state.resolving_unit,
        reporting_unit=state.reporting_unit,
        department=state.department,
        filed_at=state.filed_at,
        received_at=state.received_at,
        resolved_at=state.resolved_at,
        returned_at=state.returned_at,
        closed_at=state.closed_at,
        recorded_at=state.recorded_at,
        occurred_at=state.last[0] if state.last else 0,
    )
    if state.received_at != NEVER:
        _add_ledger(message.ledger, state)
    message.paused = derived.paused
    for place in range(0, len(derived.rests), 2):
        message.rests.add(first_day=derived.rests[place], last_day=derived.rests[place + 1])
    if derived.due is not None:
        _add_due(message.due, derived.due)
    if derived.reappointed_due is not None:
        _add_due(message.reappointed_due, derived.reappointed_due)
    if derived.reception_due is not None:
        _add_due(message.reception_due, derived.reception_due)
    _add_hops(message, snapshot)
    for anomaly in derived.anomalies:
        message.anomalies.add(
            kind=anomaly.kind, publisher=anomaly.publisher, event_id=anomaly.event_id
        )
    return message.SerializeToString(deterministic=True)


def _add_hops(message: pb.DossierState, snapshot: Snapshot) -> None:
    """Steps and consultations, with their own due dates."""
    state, derived = snapshot.state, snapshot.derived
    if derived.step_due is not None:
        _add_due(message.step_due, derived.step_due)
    for place, one in enumerate(state.consultations):
        asked = message.consultations.add(agency=one.agency, asked=one.asked, answered=one.answered)
        end = derived.consultation_dues[place] if derived.consultation_dues else None
        if end is not None:
            _add_due(asked.due, end)
    for step in state.steps:
        message.steps.add(
            department=step.department, step=step.step, entered=step.entered, left=step.left
        )


def _add_ledger(ledger: pb.ClockLedger, state: DossierState) -> None:
    ledger.started = state.received_at
    for extension in state.extensions:
        if extension.replaces_due:
            ledger.extension_minutes += extension.minutes
        else:
            ledger.reappointed_minutes += extension.minutes
    limit = state.limit
    if limit is not None:
        ledger.limit.unit = int(limit.unit)
        ledger.limit.minutes = limit.amount
        ledger.limit.end_rule = int(limit.end_rule)
        ledger.limit.cutoff_minute = -1 if limit.cutoff_minute is None else limit.cutoff_minute
    for pause in state.pauses:
        ledger.pauses.add(
            opened=pause.opened,
            closed=pause.closed or 0,
            mode=int(pause.mode),
            holder=int(pause.holder),
            reason=pause.reason,
        )


def _add_due(message: pb.Due, due: Due) -> None:
    message.day = due.day
    message.moment = due.moment
    message.by_day = due.by_day


def state_from_value(value: bytes) -> PublishedState:
    """The state in a record value.

    Raises:
        google.protobuf.message.DecodeError: a defect of processing, not to be survived.
    """
    message = pb.DossierState()
    message.ParseFromString(value)
    steps = message.steps
    return PublishedState(
        dossier=message.dossier,
        fold_revision=message.version.fold_revision,
        registry_offset=message.version.registry_offset,
        events=message.version.events,
        status=Status(message.status),
        channel=Channel(message.channel),
        receiving_unit=message.receiving_unit,
        resolving_unit=message.resolving_unit,
        reporting_unit=message.reporting_unit,
        department=message.department,
        filed_at=Instant(message.filed_at),
        received_at=Instant(message.received_at),
        resolved_at=Instant(message.resolved_at),
        closed_at=Instant(message.closed_at),
        is_paused=message.paused or _paused_by_revision_1(message),
        rests=tuple(day for one in message.rests for day in (one.first_day, one.last_day)),
        due=_due(message.due) if message.HasField("due") else None,
        reception_due=_due(message.reception_due) if message.HasField("reception_due") else None,
        step_due=_due(message.step_due) if message.HasField("step_due") else None,
        step_department=steps[-1].department if steps and not steps[-1].left else "",
        anomalies=tuple(anomaly.kind for anomaly in message.anomalies),
        recorded_at=Instant(message.recorded_at),
        occurred_at=Instant(message.occurred_at),
    )


def _paused_by_revision_1(message: pb.DossierState) -> bool:
    """A state that has not been folded anew yet tells it by an open pause."""
    pauses = message.ledger.pauses
    open_pause = bool(pauses) and pauses[-1].closed == 0
    ended = message.resolved_at or message.closed_at
    return message.version.fold_revision == 1 and open_pause and not ended


def _due(message: pb.Due) -> Due:
    return Due(message.day, Instant(message.moment), message.by_day)
