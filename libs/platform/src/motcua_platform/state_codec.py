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
    due: Due | None
    reception_due: Due | None
    anomalies: tuple[str, ...]
    recorded_at: Instant


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
    if derived.due is not None:
        _add_due(message.due, derived.due)
    if derived.reappointed_due is not None:
        _add_due(message.reappointed_due, derived.reappointed_due)
    if derived.reception_due is not None:
        _add_due(message.reception_due, derived.reception_due)
    for step in state.steps:
        message.steps.add(
            department=step.department, step=step.step, entered=step.entered, left=step.left
        )
    for anomaly in derived.anomalies:
        message.anomalies.add(
            kind=anomaly.kind, publisher=anomaly.publisher, event_id=anomaly.event_id
        )
    return message.SerializeToString(deterministic=True)


def _add_ledger(ledger: pb.ClockLedger, state: DossierState) -> None:
    ledger.started = state.received_at
    ledger.extension_minutes = state.extension.replacing
    ledger.reappointed_minutes = state.extension.reappointing
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
    pauses = message.ledger.pauses
    resolved_at, closed_at = Instant(message.resolved_at), Instant(message.closed_at)
    open_pause = bool(pauses) and pauses[-1].closed == 0
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
        resolved_at=resolved_at,
        closed_at=closed_at,
        is_paused=open_pause and not resolved_at and not closed_at,
        due=_due(message.due) if message.HasField("due") else None,
        reception_due=_due(message.reception_due) if message.HasField("reception_due") else None,
        anomalies=tuple(anomaly.kind for anomaly in message.anomalies),
        recorded_at=Instant(message.recorded_at),
    )


def _due(message: pb.Due) -> Due:
    return Due(message.day, Instant(message.moment), message.by_day)
