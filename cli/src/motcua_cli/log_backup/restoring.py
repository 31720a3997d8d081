"""From a folder into a Kafka that lost its log: the same records, at the times they had.

While a topic is filled, its timestamps are those that the writer states (`CreateTime`); once it is
whole, they are the broker's again. So a topic that is only half filled can be told from one that is
in use, and a second attempt goes on where the first one ended.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

from aiokafka import AIOKafkaProducer, TopicPartition
from motcua_contracts.topics import Topic, ingress_of, publisher_of, topics
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.kafka_words import aiokafka_words
from motcua_platform.log_reader import log_consumer

from motcua_cli.errors import CommandError
from motcua_cli.log_backup.copying import Advanced
from motcua_cli.log_backup.inventory import Inventory, Stretch, damaged
from motcua_cli.log_backup.stretches import Kept, read_stretch
from motcua_cli.topic_admin import TopicAdmin

_TIME: Final = "message.timestamp.type"
_WRITERS_TIME: Final = {_TIME: "CreateTime"}
_BATCH_BYTES: Final = 512 * 1024


async def restore_log(
    kafka: KafkaConnection,
    folder: Path,
    inventory: Inventory,
    admin: TopicAdmin,
    *,
    replication: int,
    advanced: Advanced,
) -> None:
    """Make every copied topic and fill it.

    Raises:
        CommandError: a file is damaged, or a topic holds records that no restoring wrote.
    """
    broken = damaged(folder, inventory)
    if broken:
        raise CommandError(
            f"Tệp hỏng hoặc thiếu: {', '.join(broken)}.", f"Damaged or missing: {', '.join(broken)}"
        )
    declared = [_declared(name, len(one.partitions)) for name, one in inventory.topics.items()]
    ends = await _ends(kafka, admin, declared)
    _refuse_in_use(admin, inventory, ends)
    admin.apply([_filling(topic) for topic in declared], replication=replication)
    async with _producer(kafka) as producer:
        for name, topic in inventory.topics.items():
            for partition, stretches in enumerate(topic.partitions):
                place = TopicPartition(name, partition)
                written = ends.get(place, 0)
                advanced(written)
                for records in _after(folder, stretches, written):
                    await _write(producer, place, records)
                    advanced(len(records))
    await _refuse_incomplete(kafka, admin, declared, inventory)
    admin.apply(declared, replication=replication)


def _declared(name: str, partitions: int) -> Topic:
    publisher = publisher_of(name)
    return topics()[name] if publisher is None else ingress_of(publisher, partitions)


def _filling(topic: Topic) -> Topic:
    return replace(topic, config=topic.config | _WRITERS_TIME)


def _refuse_in_use(
    admin: TopicAdmin, inventory: Inventory, ends: Mapping[TopicPartition, int]
) -> None:
    """A topic with the broker's own timestamps is whole, or none of ours."""
    in_use = [
        name
        for name, topic in admin.existing(inventory.topics).items()
        if topic.config.get(_TIME) != _WRITERS_TIME[_TIME]
        and any(ends[TopicPartition(name, one)] for one in range(topic.partitions))
        and _differing(name, inventory, ends)
    ]
    if in_use:
        raise CommandError(
            f"Chủ đề đang được dùng: {', '.join(sorted(in_use))}.",
            f"In use, not restored into: {', '.join(sorted(in_use))}.",
        )


def _differing(
    name: str, inventory: Inventory, ends: Mapping[TopicPartition, int]
) -> list[TopicPartition]:
    """The partitions of a topic that hold another number of records than their copies."""
    topic = inventory.topics[name]
    places = [TopicPartition(name, number) for number in range(len(topic.partitions))]
    return [place for place in places if ends.get(place, 0) != topic.records(place.partition)]


async def _ends(
    kafka: KafkaConnection, admin: TopicAdmin, declared: Sequence[Topic]
) -> dict[TopicPartition, int]:
    places = [
        TopicPartition(name, partition)
        for name, topic in admin.existing(one.name for one in declared).items()
        for partition in range(topic.partitions)
    ]
    if not places:
        return {}
    async with log_consumer(kafka) as consumer:
        return cast("dict[TopicPartition, int]", await consumer.end_offsets(places))


class _producer:  # noqa: N801 - reads as the function that it stands for
    """A producer for as long as the block lasts."""

    def __init__(self, kafka: KafkaConnection) -> None:
        self._made: Any = AIOKafkaProducer(
            **aiokafka_words(kafka),
            client_id="motcua-restore",
            acks="all",
            enable_idempotence=True,
            compression_type="lz4",
            max_batch_size=_BATCH_BYTES,
            max_request_size=8 * 1024 * 1024,
        )

    async def __aenter__(self) -> Any:
        await self._made.start()
        return self._made

    async def __aexit__(self, *_: object) -> None:
        await self._made.stop()


async def _write(producer: Any, place: TopicPartition, records: Sequence[Kept]) -> None:
    sent: list[asyncio.Future[Any]] = []
    batch = producer.create_batch()
    for record in records:
        if not _added(batch, record):
            sent.append(await producer.send_batch(batch, place.topic, partition=place.partition))
            batch = producer.create_batch()
            _added(batch, record)
    sent.append(await producer.send_batch(batch, place.topic, partition=place.partition))
    await asyncio.gather(*sent)


def _added(batch: Any, record: Kept) -> bool:
    added = batch.append(
        timestamp=record.timestamp,
        key=record.key,
        value=record.value,
        headers=list(record.headers),
    )
    return added is not None


def _after(folder: Path, stretches: Sequence[Stretch], written: int) -> Iterator[list[Kept]]:
    """The records behind the first `written` ones."""
    passed = 0
    for stretch in stretches:
        if passed + stretch.records <= written:
            passed += stretch.records
            continue
        for records in read_stretch(folder / stretch.file):
            left = records[max(0, written - passed) :]
            passed += len(records)
            if left:
                yield left


async def _refuse_incomplete(
    kafka: KafkaConnection, admin: TopicAdmin, declared: Sequence[Topic], inventory: Inventory
) -> None:
    ends = await _ends(kafka, admin, declared)
    wrong = [
        f"{place.topic}-{place.partition}"
        for name in inventory.topics
        for place in _differing(name, inventory, ends)
    ]
    if wrong:
        raise CommandError(
            f"Phân vùng không đủ bản ghi: {', '.join(wrong)}.",
            f"Other than their copies after writing: {', '.join(wrong)}.",
        )
