"""What is decided about quarantined records: released as told or mended, or discarded.

Each decision is an event of the admin topic under an id that is made from the record's, so that
there is one for each record. A release is told again in a topic of its own, and from there on is
an event like any other (laws L1, L2).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any, Final

import msgspec
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from google.protobuf.message import DecodeError
from motcua.admin.v1 import admin_pb2 as admin
from motcua.dossier.v1 import events_pb2 as dossier
from motcua.quarantine.v1 import quarantine_pb2 as quarantine
from motcua_kernel.admission import Admission
from motcua_kernel.admission_rules import Rejected
from motcua_kernel.events import Event
from motcua_kernel.instant import Instant
from motcua_kernel.registry import Registry
from motcua_platform.dossier_codec import event_from_message, event_from_value, event_to_value
from motcua_platform.errors import Unreadable

ID_PREFIX: Final = "quarantine-"


class Verdict(IntEnum):
    """What was decided; the numbers are those of `QuarantineDecision.Verdict`."""

    NONE = 0
    RELEASED = 1
    DISCARDED = 2


class SetAside(msgspec.Struct, frozen=True):
    """A quarantined record, and what was decided about it."""

    id: str
    topic: str
    partition: int
    offset: int
    appended_at: int
    rule: str
    field: str
    record: bytes
    publisher: str
    event_id: str
    dossier: str
    verdict: int


class Applied(msgspec.Struct, frozen=True):
    """What the journal has of an event."""

    content: bytes
    dossier: str
    recorded_at: Instant
    topic: str
    partition: int
    offset: int


class Mending(msgspec.Struct, frozen=True):
    """What a person puts right: the whole event in Protobuf's JSON, and a new id where needed."""

    event: dict[str, Any] | None = None
    event_id: str = ""


def told_event(row: SetAside) -> dict[str, Any] | None:
    """What a record says, in Protobuf's JSON of a `DossierEvent`; None where it says nothing.

    Fields that the schema does not have are not shown.
    """
    message = dossier.DossierEvent()
    try:
        message.ParseFromString(_record(row).value)
    except DecodeError:
        return None
    return MessageToDict(message) or None


def mended_event(row: SetAside, mending: Mending, registry: Registry, now: Instant) -> Event:
    """The event that is released.

    Raises:
        Rejected: it breaks a rule, under the registry as known now.
    """
    event_id = mending.event_id or row.event_id
    try:
        if mending.event is None:
            event = event_from_value(
                _record(row).value, row.publisher, event_id, _source(row), Instant(0)
            )
        else:
            message = ParseDict(mending.event, dossier.DossierEvent())
            event = event_from_message(message, row.publisher, event_id, _source(row), Instant(0))
    except (Unreadable, ParseError) as error:
        field = error.field if isinstance(error, Unreadable) else "event"
        raise Rejected(f"/{field}", "unreadable") from error
    publisher = registry.publishers.get(row.publisher)
    if publisher is None or publisher.revoked:
        raise Rejected("/publisher", "publisher")
    Admission(registry, publisher).check(event, now)
    return event


def release(row: SetAside, event: Event, reason: str, actor: str, now: Instant) -> admin.AdminEvent:
    """The decision to release a record as this event."""
    decided = _decided(row, Verdict.RELEASED, reason, actor, now)
    decision = decided.quarantine_decision
    decision.publisher = event.publisher
    decision.event_id = event.event_id
    decision.source = event.source
    decision.value = event_to_value(event)
    decision.mended.extend(_differing(row, event))
    return decided


def discard(row: SetAside, reason: str, actor: str, now: Instant) -> admin.AdminEvent:
    """The decision to leave a record out for good."""
    return _decided(row, Verdict.DISCARDED, reason, actor, now)


def released_event(record: bytes) -> Event | None:
    """The event that an admin event releases; None for any other admin event."""
    event = admin.AdminEvent.FromString(record)
    decision = event.quarantine_decision
    if event.WhichOneof("event") != "quarantine_decision" or not decision.value:
        return None
    return event_from_value(
        decision.value,
        decision.publisher,
        decision.event_id,
        decision.source,
        Instant(event.occurred_at),
    )


def _decided(
    row: SetAside, verdict: Verdict, reason: str, actor: str, now: Instant
) -> admin.AdminEvent:
    return admin.AdminEvent(
        id=ID_PREFIX + row.id,
        occurred_at=now,
        actor=actor,
        quarantine_decision=admin.QuarantineDecision(
            record=row.id,
            verdict=admin.QuarantineDecision.Verdict.ValueType(int(verdict)),
            reason=reason,
        ),
    )


def _differing(row: SetAside, event: Event) -> Sequence[str]:
    """The fields in which a released event is not what was told."""
    told = _flat(told_event(row) or {})
    now_told = _flat(MessageToDict(dossier.DossierEvent.FromString(event_to_value(event))))
    differing = {name for name in told.keys() | now_told if told.get(name) != now_told.get(name)}
    if event.event_id != row.event_id:
        differing.add("id")
    return sorted(differing)


def _flat(document: dict[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in document.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{inner}": one for inner, one in value.items()}  # pyright: ignore[reportUnknownVariableType]
        else:
            flat[name] = value
    return flat


def _record(row: SetAside) -> quarantine.QuarantinedRecord:
    return quarantine.QuarantinedRecord.FromString(row.record)


def _source(row: SetAside) -> str:
    told = {header.name: header.value for header in _record(row).headers}
    return told.get("ce_source", b"").decode("ascii", "replace")
