"""Events as the records of a log that a test writes down itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aiokafka import ConsumerRecord
from motcua_contracts.topics import DOSSIER_EVENTS
from motcua_kernel.events import Event
from motcua_kernel.registry import Registry
from motcua_platform.domain_clock import DomainClock
from motcua_platform.dossier_codec import event_headers, event_to_value
from motcua_platform.records import Record
from motcua_processing.application.apply_batch import Batch
from motcua_processing.entrypoints.reading import read_batch

REAL_TIME: Final = DomainClock(Registry)
"""A clock under no mapping: recorded is when it was appended."""


def raw_record(
    value: bytes | None,
    headers: Sequence[tuple[str, bytes]],
    *,
    offset: int,
    partition: int = 0,
    appended_at: int = 1_600_000_000_000,
    topic: str = DOSSIER_EVENTS,
    key: bytes = b"",
    timestamp_type: int = 1,
) -> Record:
    """A record of any bytes."""
    return ConsumerRecord(
        topic=topic,
        partition=partition,
        offset=offset,
        timestamp=appended_at,
        timestamp_type=timestamp_type,
        key=key,
        value=value,
        checksum=None,
        serialized_key_size=len(key),
        serialized_value_size=len(value or b""),
        headers=tuple(headers),
    )


def record(
    event: Event,
    *,
    offset: int,
    partition: int = 0,
    appended_at: int = 1_600_000_000_000,
    topic: str = DOSSIER_EVENTS,
) -> Record:
    """The record of an event."""
    return raw_record(
        event_to_value(event),
        event_headers(event),
        offset=offset,
        partition=partition,
        appended_at=appended_at,
        topic=topic,
        key=event.dossier.encode(),
    )


def batch_of(*records: Record) -> Batch:
    """What the consumer makes of these records."""
    return read_batch(records, REAL_TIME)
