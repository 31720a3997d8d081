"""FastStream on Kafka, set up the one way that our laws allow.

FastStream's own defaults acknowledge before the work is done, start at the end of the log and
write with acks=1; all three lose events. Records reach a handler raw, as aiokafka read them:
decoding is the entry point's business, and a header of a stranger must not stop the parser.
"""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# The annotations of aiokafka are incomplete.

from __future__ import annotations

from typing import Any, Final

from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaAckableMessage, KafkaMessage
from faststream.message import StreamMessage

from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.kafka_words import faststream_words
from motcua_platform.records import Record, RecordBatch, Records

GRACEFUL_SECONDS: Final = 15.0


def make_broker(kafka: KafkaConnection, client_id: str) -> KafkaBroker:
    """A broker with acks=all, idempotent, manual acknowledgement, raw records."""
    return KafkaBroker(
        kafka.servers,
        security=faststream_words(kafka),
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
