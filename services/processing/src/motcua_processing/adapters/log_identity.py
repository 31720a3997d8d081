"""Which log this is: the ids of the cluster and of each topic, and where its partitions end."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer
from kafka.errors import KafkaError
from kafka.structs import TopicPartition
from motcua_contracts.topics import DOSSIER_EVENTS, is_event_topic
from motcua_platform.errors import Misconfigured, Transient
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.kafka_words import kafka_python_words


@dataclass(frozen=True, slots=True)
class LogIdentity:
    """A topic as the broker has it now."""

    cluster_id: str
    topic_id: str
    ends: dict[int, int]
    """The end offset of each partition."""


async def log_identity(kafka: KafkaConnection, topic: str) -> LogIdentity:
    """Ask the broker, off the event loop.

    Raises:
        Transient: Kafka is away.
        Misconfigured: the topic does not exist.
    """
    return (await log_identities(kafka, [topic]))[topic]


async def event_logs(kafka: KafkaConnection) -> dict[str, LogIdentity]:
    """The topics that dossier events come in by, as the broker has them now.

    Raises:
        Transient: Kafka is away.
        Misconfigured: the common topic does not exist.
    """
    return await log_identities(kafka, None)


async def log_identities(
    kafka: KafkaConnection, topics: Sequence[str] | None
) -> dict[str, LogIdentity]:
    """Several topics, those of dossier events for None; see `log_identity`."""
    try:
        return await asyncio.to_thread(_ask, kafka, topics)
    except KafkaError as error:
        raise Transient("Kafka is away") from error


def _ask(kafka: KafkaConnection, wanted: Sequence[str] | None) -> dict[str, LogIdentity]:
    words = kafka_python_words(kafka)
    admin: Any = KafkaAdminClient(**words)
    try:
        cluster_id = str(admin.describe_cluster()["cluster_id"])
        topics = wanted
        if topics is None:
            others = {one for one in admin.list_topics() if is_event_topic(one)}
            topics = sorted(others | {DOSSIER_EVENTS})
        described = {one["name"]: one for one in admin.describe_topics(list(topics))}
    finally:
        admin.close()
    for topic in topics:
        if topic not in described or described[topic].get("error_code"):
            raise Misconfigured(f"the topic {topic} does not exist; run: motcua topics apply")
    partitions = [
        TopicPartition(topic, one["partition_index"])
        for topic in topics
        for one in described[topic]["partitions"]
    ]
    consumer: Any = KafkaConsumer(**words, enable_auto_commit=False)
    try:
        ends = consumer.end_offsets(partitions)
    finally:
        consumer.close()
    return {
        topic: LogIdentity(
            cluster_id,
            str(described[topic]["topic_id"]),
            {place.partition: end for place, end in ends.items() if place.topic == topic},
        )
        for topic in topics
    }


def ends_of(logs: Mapping[str, LogIdentity]) -> dict[tuple[str, int], int]:
    """The end of each partition of these topics."""
    return {
        (topic, partition): end
        for topic, log in logs.items()
        for partition, end in log.ends.items()
    }
