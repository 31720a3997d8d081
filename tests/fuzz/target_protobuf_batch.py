"""Bodies of `/v1/events` in Protobuf."""

from __future__ import annotations

from motcua.dossier.v1 import events_pb2 as pb
from motcua_intake.domain.errors import MalformedBody, TooManyEvents
from motcua_intake.entrypoints.protobuf_body import read_protobuf
from taking_in import PUBLISHER, check_taken_in


def one_input(data: bytes) -> None:
    """Refused by name, or candidates that are taken in and survive being written again."""
    try:
        body = read_protobuf(PUBLISHER.id, data)
    except (MalformedBody, TooManyEvents):
        return
    check_taken_in(body.candidates)
    batch = pb.PublicationBatch.FromString(data)
    batch.DiscardUnknownFields()
    again = read_protobuf(PUBLISHER.id, batch.SerializeToString(deterministic=True))
    assert len(again.candidates) == len(body.candidates)
    for one, other in zip(body.candidates, again.candidates, strict=True):
        assert type(one) is type(other)
        assert repr(one) == repr(other)
