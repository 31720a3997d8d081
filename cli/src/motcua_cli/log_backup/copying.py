"""From Kafka into a folder: what the log got since the last copy."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, cast

from aiokafka import AIOKafkaConsumer, TopicPartition
from motcua_contracts.topics import publisher_of, topics
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.log_reader import log_consumer, read_partition
from motcua_platform.records import Record

from motcua_cli.errors import CommandError
from motcua_cli.log_backup.inventory import (
    CopiedTopic,
    Inventory,
    Stretch,
    read_inventory,
    write_inventory,
)
from motcua_cli.log_backup.stretches import Kept, StretchFile
from motcua_cli.topic_admin import ClusterTopics

Advanced = Callable[[int], object]
_TOGETHER: Final = 5_000


def kept_for_ever(name: str) -> bool:
    """Whether a topic is part of the log, and not derived from it.

    >>> kept_for_ever("motcua.dossier.events.v1"), kept_for_ever("motcua.dossier.states.v1")
    (True, False)
    """
    declared = topics().get(name)
    if declared is None:
        return publisher_of(name) is not None
    return declared.config.get("cleanup.policy") == "delete"


async def copy_log(
    kafka: KafkaConnection, folder: Path, cluster: ClusterTopics, advanced: Advanced
) -> Inventory:
    """Copy every record that `folder` does not hold yet, up to the log's end as of now.

    Raises:
        CommandError: the folder holds copies of another log, or the log ends before them.
    """
    inventory = read_inventory(folder) or Inventory(cluster.cluster_id)
    _refuse_another_log(inventory, cluster)
    wanted = {name: id_ for name, id_ in cluster.topics.items() if kept_for_ever(name)}
    async with log_consumer(kafka) as consumer:
        for name, topic_id in sorted(wanted.items()):
            topic = inventory.topics.setdefault(name, CopiedTopic(topic_id, []))
            ends = await _ends(consumer, name, cluster.partitions[name])
            topic.partitions += [[] for _ in range(len(ends) - len(topic.partitions))]
            for partition, end in ends.items():
                start = topic.next_offset(partition)
                if end < start:
                    raise CommandError(
                        f"{name}-{partition} ngắn hơn bản sao lưu.",
                        f"{name}-{partition} ends before its copy does.",
                    )
                if end > start:
                    place = TopicPartition(name, partition)
                    topic.partitions[partition].append(
                        await _copy(consumer, place, start, end, folder=folder, advanced=advanced)
                    )
            write_inventory(folder, inventory)
    return inventory


def _refuse_another_log(inventory: Inventory, cluster: ClusterTopics) -> None:
    others = [
        name
        for name, topic in inventory.topics.items()
        if cluster.topics.get(name, topic.id) != topic.id
    ]
    if inventory.cluster != cluster.cluster_id or others:
        raise CommandError(
            "Thư mục chứa bản sao của một nhật ký khác; hãy dùng thư mục mới.",
            "The folder holds copies of another log; use a new one.",
        )


async def _ends(consumer: AIOKafkaConsumer, topic: str, partitions: int) -> Mapping[int, int]:
    places = [TopicPartition(topic, number) for number in range(partitions)]
    ends = cast("dict[TopicPartition, int]", await consumer.end_offsets(places))
    return {place.partition: ends[place] for place in places}


async def _copy(
    consumer: AIOKafkaConsumer,
    place: TopicPartition,
    start: int,
    end: int,
    *,
    folder: Path,
    advanced: Advanced,
) -> Stretch:
    file = f"{place.topic}/{place.partition:03d}-{start:020d}.stretch"
    copied = 0
    with StretchFile(folder / file) as written:
        async for records in read_partition(consumer, place, start, end, most=_TOGETHER):
            written.add([_kept(record) for record in records])
            copied += len(records)
            advanced(len(records))
    return Stretch(file, start, end, copied, written.sha256)


def _kept(record: Record) -> Kept:
    return Kept(
        record.offset,
        record.timestamp,
        record.key,
        record.value,
        tuple((name, bytes(value)) for name, value in record.headers),
    )
