"""Which log this is: the ids of the cluster and of each topic, and where its partitions end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer
from kafka.errors import KafkaError
from kafka.structs import TopicPartition
from motcua_platform.errors import Misconfigured, Transient


@dataclass(frozen=True, slots=True)
class LogIdentity:
    """A topic as the broker has it now."""

    cluster_id: str
    topic_id: str
    ends: dict[int, int]
    """The end offset of each partition."""


async def log_identity(bootstrap: str, topic: str) -> LogIdentity:
    """Ask the broker, off the event loop.

    Raises:
        Transient: Kafka is away.
        Misconfigured: the topic does not exist.
    """
    try:
        return await asyncio.to_thread(_ask, bootstrap.split(","), topic)
    except KafkaError as error:
        raise Transient("Kafka is away") from error


def _ask(bootstrap: list[str], topic: str) -> LogIdentity:
    admin: Any = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        cluster = admin.describe_cluster()
        described = admin.describe_topics([topic])[0]
    finally:
        admin.close()
    if described.get("error_code"):
        raise Misconfigured(f"the topic {topic} does not exist; run: motcua topics apply")
    partitions = [TopicPartition(topic, one["partition_index"]) for one in described["partitions"]]
    consumer: Any = KafkaConsumer(bootstrap_servers=bootstrap)
    try:
        ends = consumer.end_offsets(partitions)
    finally:
        consumer.close()
    return LogIdentity(
        str(cluster["cluster_id"]),
        str(described["topic_id"]),
        {partition.partition: end for partition, end in ends.items()},
    )
