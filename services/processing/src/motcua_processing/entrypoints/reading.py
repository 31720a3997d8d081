"""From records to a batch: what can be read, and what is set aside with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from motcua_contracts.topics import publisher_of
from motcua_kernel.admission_rules import Rejected
from motcua_kernel.events import Event, content_hash, identity_hash
from motcua_kernel.instant import Instant
from motcua_platform.domain_clock import DomainClock
from motcua_platform.dossier_codec import event_from_record
from motcua_platform.errors import Unreadable
from motcua_platform.records import Record

from motcua_processing.application.apply_batch import Batch
from motcua_processing.application.ingress import NO_INGRESS, IngressChecks
from motcua_processing.application.ports import QuarantineRow
from motcua_processing.application.quarantining import quarantine_row
from motcua_processing.domain.identity import Entry, Place

_APPENDED: Final = 1
"""Kafka's LogAppendTime: the broker says when a record was written, not who wrote it."""


def read_batch(
    records: Sequence[Record], clock: DomainClock, checks: IngressChecks = NO_INGRESS
) -> Batch:
    """Decode the records of a batch; what cannot be read is set aside with its reason.

    Intake has judged what is in the common topic; what comes by an ingress topic is judged here.
    """
    entries: list[Entry] = []
    set_aside: list[QuarantineRow] = []
    next_offsets: dict[tuple[str, int], int] = {}
    appended_at = -1
    recorded_at = Instant(0)
    owner: dict[str, str | None] = {}
    for record in records:
        topic, partition, offset = record.topic, record.partition, record.offset
        next_offsets[(topic, partition)] = offset + 1
        if topic not in owner:
            owner[topic] = publisher_of(topic)
        place = Place(record.timestamp, topic, partition, offset)
        value = record.value or b""
        if record.timestamp != appended_at:
            appended_at = record.timestamp
            recorded_at = clock.recorded_at(appended_at)
        try:
            if owner[topic] is None:
                event = event_from_record(value, record.headers, recorded_at)
            else:
                event = _judged(record, recorded_at, owner[topic], checks)
        except Unreadable as error:
            set_aside.append(_row(place, record, error.rule, error.field, owner[topic]))
            continue
        except Rejected as error:
            set_aside.append(_row(place, record, error.rule, error.field, owner[topic]))
            continue
        identity = identity_hash(event.publisher, event.event_id)
        entries.append(Entry(event, identity, content_hash(event), place, value))
    return Batch(entries, set_aside, next_offsets)


def _judged(
    record: Record, recorded_at: Instant, publisher: str | None, checks: IngressChecks
) -> Event:
    """The event of a record in an ingress topic.

    Raises:
        Unreadable: it is none.
        Rejected: it breaks a rule, or says that it comes from somebody else.
    """
    if record.timestamp_type != _APPENDED:
        raise Rejected("", "timestamp-type")
    event = event_from_record(record.value, record.headers, recorded_at, publisher)
    told = dict(record.headers).get("ce_publisher")
    if told is not None and told != event.publisher.encode():
        raise Rejected("/publisher", "publisher")
    checks.check(event)
    return event


def _row(
    place: Place, record: Record, rule: str, field: str, publisher: str | None
) -> QuarantineRow:
    return quarantine_row(
        place,
        rule,
        field,
        key=record.key or b"",
        value=record.value or b"",
        headers=record.headers,
        publisher=publisher,
    )
