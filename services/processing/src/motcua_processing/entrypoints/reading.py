"""From records to a batch: what can be read, and what is set aside with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from motcua_kernel.events import content_hash, identity_hash
from motcua_kernel.instant import Instant
from motcua_platform.domain_clock import DomainClock
from motcua_platform.dossier_codec import event_from_record
from motcua_platform.errors import Unreadable
from motcua_platform.records import Record

from motcua_processing.application.apply_batch import Batch
from motcua_processing.application.ports import QuarantineRow
from motcua_processing.application.quarantining import quarantine_row
from motcua_processing.domain.identity import Entry, Place


def read_batch(records: Sequence[Record], clock: DomainClock) -> Batch:
    """Decode the records of a batch; what cannot be read is set aside with its reason."""
    entries: list[Entry] = []
    unreadable: list[QuarantineRow] = []
    next_offsets: dict[tuple[str, int], int] = {}
    appended_at = -1
    recorded_at = Instant(0)
    for record in records:
        topic, partition, offset = record.topic, record.partition, record.offset
        next_offsets[(topic, partition)] = offset + 1
        place = Place(record.timestamp, topic, partition, offset)
        value = record.value or b""
        if record.timestamp != appended_at:
            appended_at = record.timestamp
            recorded_at = clock.recorded_at(appended_at)
        try:
            event = event_from_record(value, record.headers, recorded_at)
        except Unreadable as error:
            unreadable.append(
                quarantine_row(
                    place,
                    error.rule,
                    error.field,
                    key=record.key or b"",
                    value=value,
                    headers=record.headers,
                )
            )
            continue
        identity = identity_hash(event.publisher, event.event_id)
        entries.append(Entry(event, identity, content_hash(event), place, value))
    return Batch(entries, unreadable, next_offsets)
