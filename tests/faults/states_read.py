"""The states topic as a reader finds it: the last committed record of each key."""

from __future__ import annotations

import asyncio
from typing import cast

from aiokafka import AIOKafkaConsumer, TopicPartition
from motcua_contracts.topics import DOSSIER_STATES, topics
from motcua_platform.log_reader import read_partition


def last_states(bootstrap: str) -> dict[str, bytes | None]:
    """The value of the last record of each key; None for a tombstone."""
    return asyncio.run(_read(bootstrap))


async def _read(bootstrap: str) -> dict[str, bytes | None]:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        enable_auto_commit=False,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        count = topics()[DOSSIER_STATES].partitions
        places = [TopicPartition(DOSSIER_STATES, number) for number in range(count)]
        ends = cast("dict[TopicPartition, int]", await consumer.end_offsets(places))
        last: dict[str, bytes | None] = {}
        for place in places:
            async for records in read_partition(consumer, place, 0, ends[place]):
                last |= {(record.key or b"").decode(): record.value for record in records}
        return last
    finally:
        await consumer.stop()
