"""Records set aside: untouched, with the reason, under an id that no redelivery changes."""

from __future__ import annotations

from collections.abc import Iterable

from motcua.quarantine.v1 import quarantine_pb2 as pb

from motcua_processing.application.ports import QuarantineRow
from motcua_processing.domain.identity import Entry, Known, Place

CONFLICT_RULE = "another content under an id that was told before"


def quarantine_row(
    place: Place,
    rule: str,
    field: str,
    *,
    key: bytes = b"",
    value: bytes = b"",
    headers: Iterable[tuple[str, bytes]] = (),
) -> QuarantineRow:
    """The row of a record that broke a rule."""
    name = f"{place.topic}-{place.partition}-{place.offset}"
    record = pb.QuarantinedRecord(
        id=name,
        topic=place.topic,
        partition=place.partition,
        offset=place.offset,
        recorded_at=place.appended_at,
        rule=rule,
        field=field,
        key=key,
        value=value,
        headers=[pb.Header(name=header, value=content) for header, content in headers],
    )
    return QuarantineRow(
        name,
        place.topic,
        place.partition,
        place.offset,
        place.appended_at,
        rule,
        field,
        record.SerializeToString(deterministic=True),
    )


def conflict_row(conflict: Entry | Known) -> QuarantineRow:
    """The row of the content that did not come first; its identity is its field at fault."""
    told = conflict.event if isinstance(conflict, Entry) else conflict
    return quarantine_row(
        conflict.place,
        CONFLICT_RULE,
        "id",
        key=told.dossier.encode(),
        value=conflict.value,
        headers=[
            ("ce_publisher", told.publisher.encode()),
            ("ce_id", told.event_id.encode()),
            ("ce_source", told.source.encode()),
        ],
    )
