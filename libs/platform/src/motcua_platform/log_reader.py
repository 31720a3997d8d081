"""Read a stretch of one partition and stop: what a rebuild and the tools do."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# The annotations of aiokafka are incomplete.

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.kafka_words import aiokafka_words
from motcua_platform.records import Record

_POLL_MS: Final = 500
_STOP_SECONDS: Final = 3.0
_POLL_AT_THE_END_MS: Final = 10
"""The broker holds a fetch at a partition's end no longer: the next partition waits behind it."""


@asynccontextmanager
async def log_consumer(kafka: KafkaConnection) -> AsyncGenerator[AIOKafkaConsumer]:
    """A consumer without a group that sees only what is committed, closed at the end."""
    consumer = AIOKafkaConsumer(
        **aiokafka_words(kafka),
        enable_auto_commit=False,
        isolation_level="read_committed",
        fetch_max_wait_ms=_POLL_AT_THE_END_MS,
        fetch_max_bytes=16 * 1024 * 1024,
        max_partition_fetch_bytes=4 * 1024 * 1024,
    )
    await consumer.start()
    try:
        yield consumer
    finally:
        # A consumer that never came to read ends one of its own tasks, and passes that on; one
        # whose fetch is cancelled at the wrong moment waits for it for ever.
        with suppress(asyncio.CancelledError, TimeoutError):
            await asyncio.wait_for(consumer.stop(), _STOP_SECONDS)


async def read_partition(
    consumer: AIOKafkaConsumer,
    partition: TopicPartition,
    start: int,
    end: int,
    *,
    most: int = 20_000,
) -> AsyncIterator[list[Record]]:
    """The records of `partition` from offset `start` up to, not including, `end`.

    The consumer is started and has no other assignment. Offsets that hold no record (the markers
    of transactions) are passed over.
    """
    consumer.assign([partition])
    consumer.seek(partition, start)
    while await consumer.position(partition) < end:
        polled: Any = await consumer.getmany(partition, timeout_ms=_POLL_MS, max_records=most)
        records: list[Record] = polled.get(partition, [])
        if not records:
            continue
        if records[-1].offset >= end:
            records = [record for record in records if record.offset < end]
        if records:
            yield records
