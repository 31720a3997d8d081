"""One batch subscription on either backend, with the options that processing uses."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from aiokafka import ConsumerRebalanceListener
from confluent_kafka import Message
from faststream import AckPolicy, confluent, kafka
from faststream.confluent.message import KafkaMessage as ConfluentMessage
from motcua_platform.kafka import make_broker
from motcua_platform.kafka_connection import KafkaConnection

Backend = Literal["aiokafka", "confluent"]
BACKENDS: Final[tuple[Backend, ...]] = ("aiokafka", "confluent")
Offsets = Callable[[], Awaitable[dict[int, int]]]
POLL_MS: Final = 20


@dataclass(frozen=True, slots=True)
class Polled:
    """The records of one poll as the client library made them, and FastStream's message."""

    records: tuple[Any, ...]
    message: Any


Handle = Callable[[Polled], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is subscribed to and how."""

    backend: Backend
    bootstrap: str
    topic: str
    group: str
    size: int = 8_000
    own_parser: bool = True
    """Ours hands records through untouched; FastStream's reads every header as UTF-8."""
    policy: AckPolicy = AckPolicy.MANUAL
    instance: str | None = None
    strategy: str | None = None
    """confluent only; None is FastStream's default, roundrobin."""
    offsets: Offsets | None = None
    """Where each partition is sought to when it is assigned."""
    reset: Any = "earliest"
    logger: logging.Logger | None = None


def partition_and_offset(record: Any) -> tuple[int, int]:
    """Where a record of either library lies."""
    if type(record) is Message:
        return record.partition() or 0, record.offset() or 0
    return record.partition, record.offset


def appended_ms(record: Any) -> int:
    """When the log took a record of either library."""
    return record.timestamp()[1] if type(record) is Message else record.timestamp


def subscribed(wanted: Wanted, handle: Handle) -> tuple[Any, Any]:
    """A broker and its subscriber, not yet started."""
    make = _aiokafka if wanted.backend == "aiokafka" else _confluent
    broker, subscriber = make(wanted)
    subscriber(handle)
    return broker, subscriber


def _aiokafka(wanted: Wanted) -> tuple[Any, Any]:
    if wanted.own_parser:
        broker: Any = make_broker(KafkaConnection(wanted.bootstrap), "motcua-bench")
    else:
        broker = kafka.KafkaBroker(wanted.bootstrap, **_common(wanted), parser=_default)
    listener = _Seeking(wanted.offsets) if wanted.offsets else None
    subscriber = broker.subscriber(
        wanted.topic,
        **_consumer(wanted),
        batch_timeout_ms=POLL_MS,
        listener=listener,
        decoder=_polled,
    )
    if listener:
        listener.subscriber = subscriber
    return broker, subscriber


def _confluent(wanted: Wanted) -> tuple[Any, Any]:
    broker: Any = confluent.KafkaBroker(
        wanted.bootstrap,
        **_common(wanted),
        acks="all",
        enable_idempotence=True,
        compression_type="lz4",
        linger_ms=5,
        parser=_as_received if wanted.own_parser else _default,
    )
    more: dict[str, Any] = {}
    if wanted.strategy:
        more["partition_assignment_strategy"] = (wanted.strategy,)
    if wanted.offsets:
        more["on_assign"] = _seeking(wanted.offsets, asyncio.get_running_loop())
    subscriber: Any = broker.subscriber(
        wanted.topic,
        **_consumer(wanted),
        polling_interval=POLL_MS / 1000,
        decoder=_polled,
        **more,
    )
    return broker, subscriber


def _common(wanted: Wanted) -> dict[str, Any]:
    return {
        "ack_policy": wanted.policy,
        "allow_auto_create_topics": False,
        "apply_types": False,
        "logger": wanted.logger,
    }


def _consumer(wanted: Wanted) -> dict[str, Any]:
    return {
        "group_id": wanted.group,
        "group_instance_id": wanted.instance,
        "batch": True,
        "max_records": wanted.size,
        "auto_offset_reset": wanted.reset,
        "isolation_level": "read_committed",
        "session_timeout_ms": 10_000,
        "max_poll_interval_ms": 600_000,
        "fetch_max_bytes": 16 * 1024 * 1024,
        "max_partition_fetch_bytes": 2 * 1024 * 1024,
    }


async def _as_received(records: tuple[Message, ...], _original: Any = None) -> ConfluentMessage:
    return ConfluentMessage(body=b"", raw_message=records, consumer=_NoConsumer())


async def _default(records: Any, original: Any) -> Any:
    return await original(records)


async def _polled(message: Any, _original: Any = None) -> Polled:
    return Polled(message.raw_message, message)


class _NoConsumer:
    async def commit(self) -> None:
        raise AssertionError

    async def seek(self, topic: str, partition: int, offset: int) -> None:
        raise AssertionError(f"no rewind through a message: {topic} {partition} {offset}")


class _Seeking(ConsumerRebalanceListener):
    def __init__(self, offsets: Offsets) -> None:
        self._offsets = offsets
        self.subscriber: Any = None

    async def on_partitions_revoked(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, revoked: Any
    ) -> None: ...

    async def on_partitions_assigned(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, assigned: Any
    ) -> None:
        offsets = await self._offsets()
        for partition in assigned:
            self.subscriber.consumer.seek(partition, offsets.get(partition.partition, 0))


def _seeking(offsets: Offsets, loop: asyncio.AbstractEventLoop) -> Callable[..., None]:
    """Librdkafka calls back in the thread that polls; the database is asked on the loop."""

    def on_assign(consumer: Any, partitions: list[Any]) -> None:
        known = asyncio.run_coroutine_threadsafe(_awaited(offsets), loop).result()
        for partition in partitions:
            partition.offset = known.get(partition.partition, 0)
        consumer.assign(partitions)

    return on_assign


async def _awaited(offsets: Offsets) -> dict[int, int]:
    return await offsets()
