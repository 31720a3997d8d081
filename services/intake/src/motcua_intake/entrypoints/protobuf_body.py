"""Events in Protobuf: a `motcua.dossier.v1.PublicationBatch`."""

from __future__ import annotations

from typing import Final

from google.protobuf.message import DecodeError
from motcua.dossier.v1 import events_pb2 as pb
from motcua_kernel.admission_rules import Rejected
from motcua_kernel.instant import Instant
from motcua_platform.dossier_codec import event_from_message
from motcua_platform.errors import Unreadable

from motcua_intake.domain.candidates import Body, Candidate, Unread
from motcua_intake.domain.errors import MalformedBody, TooManyEvents
from motcua_intake.domain.json_events import MAX_EVENTS

MEDIA_TYPE: Final = "application/protobuf"

_NOT_RECORDED: Final = Instant(0)
_RULES: Final = {
    "dossier": ("/subject", "dossier-code"),
    "occurred_at": ("/time", "past"),
    "change": ("/type", "type"),
    "channel": ("/data/channel", "form"),
}


def read_protobuf(publisher: str, body: bytes) -> Body:
    """The events of a publisher in a batch of publications.

    Raises:
        MalformedBody: the body is no such batch.
        TooManyEvents: it has none, or more than `MAX_EVENTS`.
    """
    batch = pb.PublicationBatch()
    try:
        batch.ParseFromString(body)
    except DecodeError as error:
        raise MalformedBody("the body is no motcua.dossier.v1.PublicationBatch") from error
    if not 0 < len(batch.events) <= MAX_EVENTS:
        raise TooManyEvents(len(batch.events), MAX_EVENTS)
    return Body([_candidate(publisher, one) for one in batch.events], is_batch=True)


def _candidate(publisher: str, told: pb.Publication) -> Candidate:
    try:
        return event_from_message(told.event, publisher, told.id, told.source, _NOT_RECORDED)
    except Unreadable as error:
        field, rule = _RULES.get(error.field, ("", "protobuf"))
        return Unread(told.id, Rejected(field, rule, form="a channel of the catalogue"))
