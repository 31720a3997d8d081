"""Topics of a test's own on the real Kafka: make, write, read to the end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient
from motcua_cli.topic_admin import topic_admin
from motcua_contracts.topics import Topic
from motcua_kernel.events import Event
from motcua_platform.dossier_codec import event_headers, event_to_value
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.records import Record

_DEADLINE_SECONDS: Final = 30.0


def create_topic(bootstrap: str, topic: Topic) -> None:
    """Create a topic as declared."""
    with topic_admin(KafkaConnection(bootstrap)) as admin:
        admin.apply([topic], replication=1)


def delete_topic(bootstrap: str, name: str) -> None:
    """Delete a topic and wait until it is gone."""
    client: Any = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        client.delete_topics([name])
        until = time.monotonic() + _DEADLINE_SECONDS
        while name in client.list_topics():
            assert time.monotonic() < until, f"{name} is still there"
    finally:
        client.close()


async def write_events(
    bootstrap: str, topic: str, events: Iterable[Event], partition: int | None = None
) -> None:
    """Append events in order, to the partitions of their keys unless one is given."""
    await write_records(
        bootstrap,
        topic,
        ((event.dossier.encode(), event_to_value(event), event_headers(event)) for event in events),
        partition,
    )


async def write_records(
    bootstrap: str,
    topic: str,
    records: Iterable[tuple[bytes, bytes | None, list[tuple[str, bytes]]]],
    partition: int | None = None,
) -> None:
    """Append (key, value, headers)."""
    producer: Any = AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        acks="all",
        enable_idempotence=True,
        linger_ms=5,
        max_batch_size=256 * 1024,
    )
    await producer.start()
    try:
        sent: list[Any] = [
            await producer.send(topic, value, key=key, headers=headers, partition=partition)
            for key, value, headers in records
        ]
        await asyncio.gather(*sent)
    finally:
        await producer.stop()


async def batches_from(
    bootstrap: str,
    topic: str,
    offsets: Mapping[int, int],
    ends: Mapping[int, int],
    max_records: int = 8_000,
) -> AsyncIterator[list[Record]]:
    """The committed records from the given offsets up to the given ends, batch by batch."""
    waiting = {
        TopicPartition(topic, number)
        for number, end in ends.items()
        if offsets.get(number, 0) < end
    }
    if not waiting:
        return
    consumer: Any = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, enable_auto_commit=False, isolation_level="read_committed"
    )
    await consumer.start()
    try:
        consumer.assign(sorted(waiting))
        for partition in waiting:
            consumer.seek(partition, offsets.get(partition.partition, 0))
        until = time.monotonic() + _DEADLINE_SECONDS
        while True:
            for partition in list(waiting):
                if await consumer.position(partition) >= ends[partition.partition]:
                    waiting.discard(partition)
            if not waiting:
                return
            assert time.monotonic() < until, f"{topic} could not be read to its end"
            polled = await consumer.getmany(timeout_ms=200, max_records=max_records)
            records = [one for part in polled.values() for one in part]
            if records:
                yield records
                until = time.monotonic() + _DEADLINE_SECONDS
    finally:
        await consumer.stop()


async def read_all(bootstrap: str, topic: str) -> list[Record]:
    """Every committed record of a topic as of now, partition by partition in the log's order."""
    consumer: Any = AIOKafkaConsumer(bootstrap_servers=bootstrap)
    await consumer.start()
    try:
        partitions = [
            TopicPartition(topic, number) for number in sorted(await _partitions(consumer, topic))
        ]
        ends = {one.partition: end for one, end in (await consumer.end_offsets(partitions)).items()}
    finally:
        await consumer.stop()
    return [one async for batch in batches_from(bootstrap, topic, {}, ends) for one in batch]


async def _partitions(consumer: Any, topic: str) -> set[int]:
    consumer.subscribe([topic])
    until = time.monotonic() + _DEADLINE_SECONDS
    while not (found := consumer.partitions_for_topic(topic)):
        assert time.monotonic() < until, f"{topic} is not there"
        await asyncio.sleep(0.05)
    consumer.unsubscribe()
    return found


def compacted(records: Iterable[Record]) -> dict[str, bytes]:
    """What compaction leaves: the last value of each key, none for a tombstone."""
    last: dict[str, bytes | None] = {}
    for one in records:
        last[(one.key or b"").decode()] = one.value
    return {key: value for key, value in last.items() if value is not None}
