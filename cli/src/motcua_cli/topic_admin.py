"""The cluster's topics through kafka-python's admin client."""

import logging
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ConfigResource,
    ConfigResourceType,
    KafkaAdminClient,
    ResourcePattern,
    ResourceType,
)
from kafka.errors import KafkaError
from motcua_contracts.topics import Topic
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.kafka_words import kafka_python_words

from motcua_cli.errors import CommandError
from motcua_cli.topic_plan import Action, Existing, Step, plan

_CONNECT_MS: Final = 10_000


@dataclass(frozen=True, slots=True)
class ClusterTopics:
    """Which cluster this is, and the broker's own id of each of its topics."""

    cluster_id: str
    topics: dict[str, str]
    partitions: dict[str, int]


class TopicAdmin:
    """Reads and changes topics of one cluster."""

    def __init__(self, client: Any) -> None:
        """Use a connected `KafkaAdminClient`."""
        self._client = client

    def existing(self, names: Iterable[str]) -> dict[str, Existing]:
        """Those of `names` that the cluster has."""
        wanted = set(names) & set(self._client.list_topics())
        if not wanted:
            return {}
        partitions: dict[str, int] = {
            one["name"]: len(one["partitions"])
            for one in self._client.describe_topics(sorted(wanted))
        }
        configs = self._configs(sorted(wanted))
        return {name: Existing(partitions[name], configs.get(name, {})) for name in wanted}

    def cluster(self) -> ClusterTopics:
        """The cluster and all its topics as they are now."""
        names = sorted(self._client.list_topics())
        described: list[Any] = self._client.describe_topics(names) if names else []
        return ClusterTopics(
            str(self._client.describe_cluster()["cluster_id"]),
            {one["name"]: str(one["topic_id"]) for one in described},
            {one["name"]: len(one["partitions"]) for one in described},
        )

    def _configs(self, names: Sequence[str]) -> dict[str, dict[str, str]]:
        resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
        described = self._client.describe_configs(resources, config_filter="all")
        found: dict[str, dict[str, str]] = {}
        for by_name in described.values():
            for name, settings in by_name.items():
                found[name] = {key: str(entry["value"]) for key, entry in settings.items()}
        return found

    def apply(self, declared: Iterable[Topic], *, replication: int) -> list[Step]:
        """Create what is missing and set what differs.

        Returns:
            What was done, in the order of `declared`.

        Raises:
            CommandError: a topic has another partition count; nothing was changed then.
        """
        topics = list(declared)
        steps = plan(topics, self.existing(topic.name for topic in topics))
        _refuse_other_partition_counts(steps)
        self._create([step.topic for step in steps if step.action is Action.CREATE], replication)
        self._configure([step for step in steps if step.action is Action.CONFIGURE])
        return steps

    def let_write(self, topic: str, principal: str) -> None:
        """Let a principal write to a topic, and nothing else there."""
        pattern = ResourcePattern(ResourceType.TOPIC, topic)
        self._client.create_acls(
            [
                ACL(principal, "*", operation, ACLPermissionType.ALLOW, pattern)
                for operation in (ACLOperation.WRITE, ACLOperation.DESCRIBE)
            ]
        )

    def _create(self, topics: Sequence[Topic], replication: int) -> None:
        if not topics:
            return
        self._client.create_topics(
            {
                topic.name: {
                    "num_partitions": topic.partitions,
                    "replication_factor": replication,
                    "configs": topic.config,
                }
                for topic in topics
            },
            wait_for_metadata=True,
        )

    def _configure(self, steps: Sequence[Step]) -> None:
        if not steps:
            return
        self._client.alter_configs(
            [
                ConfigResource(
                    ConfigResourceType.TOPIC,
                    step.topic.name,
                    {name: wanted for name, _, wanted in step.differing},
                )
                for step in steps
            ]
        )


def _refuse_other_partition_counts(steps: Iterable[Step]) -> None:
    for step in steps:
        if step.action is Action.REFUSE and step.existing is not None:
            name, has, wants = step.topic.name, step.existing.partitions, step.topic.partitions
            raise CommandError(
                f"Chủ đề {name} đã có {has} phân vùng thay vì {wants}, và số phân vùng không bao "
                "giờ được đổi.",
                f"Topic {name} exists with {has} partitions instead of {wants}, and a partition "
                "count is never changed.",
            )


@contextmanager
def topic_admin(kafka: KafkaConnection) -> Generator[TopicAdmin]:
    """A connection to the cluster for as long as the block lasts.

    Raises:
        CommandError: Kafka does not answer, or refuses what is asked.
    """
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    client: Any = None
    try:
        client = KafkaAdminClient(
            **kafka_python_words(kafka),
            client_id="motcua-topics",
            bootstrap_timeout_ms=_CONNECT_MS,  # pyright: ignore[reportCallIssue]
        )
        yield TopicAdmin(client)
    except KafkaError as error:
        raise CommandError(
            f"Kafka tại {kafka.bootstrap} không thực hiện được yêu cầu ({error}).",
            f"Kafka at {kafka.bootstrap} could not do what was asked ({error}).",
        ) from error
    finally:
        if client is not None:
            client.close()
