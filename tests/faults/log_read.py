"""The common topic of events as it was written: who, which dossier, which event, in log order."""

from __future__ import annotations

import asyncio
from typing import NamedTuple, cast

from aiokafka import AIOKafkaConsumer, TopicPartition
from motcua_contracts.topics import DOSSIER_EVENTS, topics
from motcua_platform.log_reader import read_partition


class Written(NamedTuple):
    """One record of the log."""

    publisher: str
    dossier: str
    id: str


def written(bootstrap: str) -> list[Written]:
    """Every record, those of each partition in their order; a dossier lies in one partition."""
    return asyncio.run(_read(bootstrap))


async def _read(bootstrap: str) -> list[Written]:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        count = topics()[DOSSIER_EVENTS].partitions
        places = [TopicPartition(DOSSIER_EVENTS, number) for number in range(count)]
        ends = cast("dict[TopicPartition, int]", await consumer.end_offsets(places))
        found: list[Written] = []
        for place in places:
            async for records in read_partition(consumer, place, 0, ends[place]):
                for record in records:
                    told = {name: value.decode() for name, value in record.headers}
                    dossier = (record.key or b"").decode()
                    found.append(Written(told["ce_publisher"], dossier, told["ce_id"]))
        return found
    finally:
        await consumer.stop()
