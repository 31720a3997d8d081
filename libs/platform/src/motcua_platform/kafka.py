"""FastStream on Kafka, set up the one way that our laws allow.

FastStream's own defaults acknowledge before the work is done, start at the end of the log and
write with acks=1; all three lose events. Records reach a handler raw, as aiokafka read them:
decoding is the entry point's business, and a header of a stranger must not stop the parser.
"""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# The annotations of aiokafka are incomplete.

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aiokafka import ConsumerRecord, partitioner
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaAckableMessage, KafkaMessage
from faststream.message import StreamMessage

Record = ConsumerRecord[bytes, bytes]
Records = tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class RecordBatch:
    """The records of one poll; in a value of its own, as FastStream spreads a bare tuple."""

    records: Records


GRACEFUL_SECONDS: Final = 15.0

_murmur2: Callable[[bytes], int] = partitioner.murmur2


def make_broker(bootstrap: str, client_id: str) -> KafkaBroker:
    """A broker with acks=all, idempotent, manual acknowledgement, raw records."""
    return KafkaBroker(
        bootstrap.split(","),
        client_id=client_id,
        acks="all",
        enable_idempotence=True,
        compression_type="lz4",
        linger_ms=5,
        max_request_size=4 * 1024 * 1024,
        max_batch_size=256 * 1024,
        allow_auto_create_topics=False,
        ack_policy=AckPolicy.MANUAL,
        apply_types=False,
        graceful_timeout=GRACEFUL_SECONDS,
        parser=_as_received,
        decoder=_raw,
        logger=None,
    )


def partition_of(key: bytes, partitions: int) -> int:
    """The partition of a key by murmur2, which all our producers use.

    >>> partition_of(b"abc", 24)
    3
    """
    return (_murmur2(key) & 0x7FFFFFFF) % partitions


async def _as_received(records: Records | Record, _original: Any = None) -> KafkaMessage:
    first = records[0] if isinstance(records, tuple) else records
    return KafkaAckableMessage(
        body=b"",
        raw_message=records,
        message_id=f"{first.topic}-{first.partition}-{first.offset}",
        consumer=_NoConsumer(),
    )


async def _raw(message: StreamMessage[Any], _original: Any = None) -> Any:
    raw: Records | Record = message.raw_message
    return RecordBatch(raw) if isinstance(raw, tuple) else raw


class _NoConsumer:
    """Stands where FastStream wants to acknowledge: we commit offsets ourselves, by partition."""

    async def commit(self) -> None:
        raise AssertionError("offsets are committed by partition, not by message")

    def seek(self, partition: Any, offset: int) -> None:
        raise AssertionError(f"no rewind through a message: {partition} {offset}")


def by_partition(records: Sequence[Record]) -> dict[tuple[str, int], list[Record]]:
    """The records of a batch apart by (topic, partition), each in the order of the log."""
    parts: dict[tuple[str, int], list[Record]] = {}
    for record in records:
        parts.setdefault((record.topic, record.partition), []).append(record)
    return parts
