"""Dossier events between their three forms: Kafka record, Protobuf message, kernel event.

Binary CloudEvents 1.0: attributes in `ce_` headers, the value is a `DossierEvent`. On the common
topic only intake writes, so its `ce_publisher` header is the authenticated publisher.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from google.protobuf.message import DecodeError
from motcua.dossier.v1 import events_pb2 as pb
from motcua_kernel import events as k
from motcua_kernel.codes import check_dossier_code
from motcua_kernel.errors import Invalid
from motcua_kernel.instant import Instant, format_local

from motcua_platform.errors import Unreadable

CONTENT_TYPE: Final = b"application/protobuf"
TYPE_PREFIX: Final = "motcua.dossier.v1."

HEADERS: Final[dict[str, str]] = {
    "ce_specversion": "CloudEvents 1.0",
    "ce_id": "Unique per publisher, the same at each attempt",
    "ce_source": "The system that tells, a URI reference",
    "ce_type": "The full name of the message of the change",
    "ce_subject": "Dossier code (mã hồ sơ), as in the value",
    "ce_time": "When it happened at the counter, RFC 3339 with the offset of Vietnam",
    "ce_publisher": "Who spoke, as intake authenticated it; on an ingress topic its name counts",
    "content-type": "How the value is written",
}
"""The headers of an event's record, and what each says."""

Headers = Iterable[tuple[str, bytes]]
HeaderList = list[tuple[str, bytes]]

_FIELD_OF_KIND: dict[k.Kind, str] = {
    kind: pb.DossierEvent.DESCRIPTOR.fields_by_number[int(kind)].name for kind in k.Kind
}
_MESSAGE_OF_KIND: dict[k.Kind, type[Any]] = {
    kind: getattr(pb, k.CHANGE_OF_KIND[kind].__name__) for kind in k.Kind
}
_FIELDS_OF_KIND: dict[k.Kind, tuple[str, ...]] = {
    kind: k.CHANGE_OF_KIND[kind].__struct_fields__ for kind in k.Kind
}
TYPE_OF_KIND: dict[k.Kind, str] = {
    kind: TYPE_PREFIX + k.CHANGE_OF_KIND[kind].__name__ for kind in k.Kind
}
"""The CloudEvents type of each kind: the full name of its Protobuf message."""
KIND_OF_TYPE: dict[str, k.Kind] = {name: kind for kind, name in TYPE_OF_KIND.items()}

_CHANNELS = tuple(k.Channel)
EARLIEST: Final = Instant(631_152_000_000)
"""1990-01-01T00:00Z: no counter of ours is older."""
LATEST: Final = Instant(4_102_444_800_000)
"""2100-01-01T00:00Z."""


def _channel(number: int) -> k.Channel:
    if not 0 <= number < len(_CHANNELS):
        raise Unreadable("a channel of the catalogue", "channel")
    return _CHANNELS[number]


_FROM_PROTO: dict[str, tuple[k.Kind, Callable[[Any], k.Change]]] = {
    "filed": (
        k.Kind.FILED,
        lambda m: k.Filed(m.procedure, m.receiving_unit, _channel(m.channel)),
    ),
    "received": (
        k.Kind.RECEIVED,
        lambda m: k.Received(
            m.procedure,
            _channel(m.channel),
            m.receiving_unit,
            m.resolving_unit,
            m.reporting_unit,
            m.department,
            m.duplicate_mark,
        ),
    ),
    "refused": (k.Kind.REFUSED, lambda m: k.Refused(m.reason, m.form)),
    "forwarded": (k.Kind.FORWARDED, lambda m: k.Forwarded(m.department, m.step, m.staff)),
    "supplement_requested": (
        k.Kind.SUPPLEMENT_REQUESTED,
        lambda m: k.SupplementRequested(m.reason, m.form),
    ),
    "supplement_supplied": (k.Kind.SUPPLEMENT_SUPPLIED, lambda _: k.SupplementSupplied()),
    "payment_requested": (k.Kind.PAYMENT_REQUESTED, lambda m: k.PaymentRequested(m.reason)),
    "payment_paid": (k.Kind.PAYMENT_PAID, lambda _: k.PaymentPaid()),
    "extended": (
        k.Kind.EXTENDED,
        lambda m: k.Extended(m.added_minutes, m.reason, m.form, m.replaces_due),
    ),
    "stopped": (k.Kind.STOPPED, lambda m: k.Stopped(m.reason, m.form, m.final)),
    "resumed": (k.Kind.RESUMED, lambda m: k.Resumed(m.reason)),
    "withdrawn": (k.Kind.WITHDRAWN, lambda m: k.Withdrawn(m.reason)),
    "resolved": (k.Kind.RESOLVED, lambda m: k.Resolved(m.result_code)),
    "returned": (k.Kind.RETURNED, lambda m: k.Returned(_channel(m.channel))),
    "voided": (k.Kind.VOIDED, lambda m: k.Voided(m.event_id, m.reason)),
    "consulted": (k.Kind.CONSULTED, lambda m: k.Consulted(m.agency)),
    "opinion_given": (k.Kind.OPINION_GIVEN, lambda m: k.OpinionGiven(m.agency)),
}


def event_to_value(event: k.Event) -> bytes:
    """The record value of an event: a serialized `DossierEvent`."""
    fields = _FIELDS_OF_KIND[event.kind]
    change = event.change
    message = _MESSAGE_OF_KIND[event.kind](**{name: getattr(change, name) for name in fields})
    envelope = pb.DossierEvent(
        dossier=event.dossier,
        occurred_at=event.occurred_at,
        sequence=event.sequence,
        backfill=event.backfill,
    )
    getattr(envelope, _FIELD_OF_KIND[event.kind]).CopyFrom(message)
    getattr(envelope, _FIELD_OF_KIND[event.kind]).SetInParent()
    return envelope.SerializeToString(deterministic=True)


def event_headers(event: k.Event) -> HeaderList:
    """The CloudEvents attributes of an event as record headers."""
    return [
        ("ce_specversion", b"1.0"),
        ("ce_id", event.event_id.encode()),
        ("ce_source", event.source.encode()),
        ("ce_type", TYPE_OF_KIND[event.kind].encode()),
        ("ce_subject", event.dossier.encode()),
        ("ce_time", format_local(event.occurred_at).encode()),
        ("ce_publisher", event.publisher.encode()),
        ("content-type", CONTENT_TYPE),
    ]


def event_from_record(
    value: bytes | None, headers: Headers, recorded_at: Instant, publisher: str | None = None
) -> k.Event:
    """The event in a record; of `publisher`, or of the one that the headers name.

    Raises:
        Unreadable: a header is missing, the value is no `DossierEvent`, or a code is impossible.
    """
    attributes = dict(headers)
    try:
        told = attributes["ce_publisher"].decode() if publisher is None else publisher
        event_id = attributes["ce_id"].decode()
        source = attributes["ce_source"].decode()
    except KeyError as missing:
        raise Unreadable("a CloudEvents 1.0 header", str(missing.args[0])) from missing
    except UnicodeDecodeError as error:
        raise Unreadable("headers in UTF-8") from error
    if not told or not event_id:
        raise Unreadable("a publisher and an event id", "ce_id")
    return event_from_value(value or b"", told, event_id, source, recorded_at)


def event_from_value(
    value: bytes, publisher: str, event_id: str, source: str, recorded_at: Instant
) -> k.Event:
    """The event in a serialized `DossierEvent`, with the attributes that travel beside it.

    Raises:
        Unreadable: the value is no `DossierEvent`, or a code is impossible.
    """
    message = pb.DossierEvent()
    try:
        message.ParseFromString(value)
    except DecodeError as error:
        raise Unreadable("a motcua.dossier.v1.DossierEvent") from error
    event = event_from_message(message, publisher, event_id, source, recorded_at)
    if b"\x00" in value or "\x00" in publisher or "\x00" in event_id or "\x00" in source:
        _refuse_nul(publisher, event_id, source, *_texts(event.change))
    return event


def event_from_message(
    message: pb.DossierEvent, publisher: str, event_id: str, source: str, recorded_at: Instant
) -> k.Event:
    """The event in a `DossierEvent`, with the attributes that travel beside it.

    Raises:
        Unreadable: the kind is unknown, or a code is impossible.
    """
    field = message.WhichOneof("change")
    if field is None:
        raise Unreadable("an event of a known kind", "change")
    kind, read = _FROM_PROTO[field]
    dossier = message.dossier
    try:
        check_dossier_code(dossier)
    except Invalid as error:
        raise Unreadable(error.rule, "dossier") from error
    occurred_at = Instant(message.occurred_at)
    if not EARLIEST <= occurred_at < LATEST:
        raise Unreadable("a moment between 1990 and 2100", "occurred_at")
    return k.Event(
        publisher,
        event_id,
        dossier,
        kind,
        occurred_at,
        source,
        message.sequence,
        read(getattr(message, field)),
        recorded_at,
        message.backfill,
    )


def _texts(change: k.Change) -> list[str]:
    values = [getattr(change, name) for name in change.__struct_fields__]
    return [value for value in values if isinstance(value, str)]


def _refuse_nul(*texts: str) -> None:
    """No database keeps the character NUL in a text, and no code or id has one."""
    if any("\x00" in text for text in texts):
        raise Unreadable("texts without the character NUL")
