"""Records set aside: untouched, with the reason, under an id that no redelivery changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from motcua.quarantine.v1 import quarantine_pb2 as pb
from motcua_kernel.admission import is_id
from motcua_kernel.codes import check_dossier_code
from motcua_kernel.errors import Invalid

from motcua_processing.application.ports import QuarantineRow
from motcua_processing.domain.identity import Entry, Known, Place

CONFLICT_RULE = "conflict"
"""Another content under an id that was told before."""


def quarantine_row(
    place: Place,
    rule: str,
    field: str,
    *,
    key: bytes = b"",
    value: bytes = b"",
    headers: Iterable[tuple[str, bytes]] = (),
    publisher: str | None = None,
) -> QuarantineRow:
    """The row of a record that broke a rule; of `publisher`, or of the one that it names."""
    headers = list(headers)
    told = dict(headers)
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
        publisher or _readable(told.get("ce_publisher", b""), is_id),
        _readable(told.get("ce_id", b""), is_id),
        _readable(key, _is_dossier_code),
    )


def _readable(told: bytes, is_good: Callable[[str], object]) -> str:
    """What a record says of itself, where it has the form that it must have (law L7)."""
    try:
        text = told.decode("ascii")
    except UnicodeDecodeError:
        return ""
    return text if is_good(text) else ""


def _is_dossier_code(text: str) -> bool:
    try:
        check_dossier_code(text)
    except Invalid:
        return False
    return True


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
