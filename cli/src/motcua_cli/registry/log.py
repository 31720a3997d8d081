"""The registry topic as the command reads and writes it.

Writes are idempotent with acks=all, one after another, so that the log keeps the order of the
files.
"""

import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError
from google.protobuf.message import DecodeError
from motcua.registry.v1 import registry_pb2 as pb
from motcua_contracts.topics import REGISTRY_EVENTS
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.kafka_words import aiokafka_words

from motcua_cli.errors import CommandError
from motcua_cli.registry.files import Sourced

_PARTITION: Final = TopicPartition(REGISTRY_EVENTS, 0)
_REQUEST_MS: Final = 15_000
_TOGETHER_MS: Final = 100
"""How long a record waits for those that follow it."""


async def latest_entries(kafka: KafkaConnection) -> dict[str, pb.RegistryEntry]:
    """The newest entry of each key, the log read to its end as of now.

    Raises:
        CommandError: Kafka does not answer, or the topic does not exist.
    """
    consumer: Any = AIOKafkaConsumer(
        **aiokafka_words(kafka),
        client_id="motcua-registry",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        request_timeout_ms=_REQUEST_MS,
    )
    async with _answering(kafka):
        try:
            await consumer.start()
            if REGISTRY_EVENTS not in await consumer.topics():
                raise CommandError(
                    f"Chưa có chủ đề {REGISTRY_EVENTS}; hãy chạy: motcua topics apply.",
                    f"There is no topic {REGISTRY_EVENTS} yet; run: motcua topics apply.",
                )
            return await _read_to_end(consumer)
        finally:
            await consumer.stop()


async def _read_to_end(consumer: Any) -> dict[str, pb.RegistryEntry]:
    consumer.assign([_PARTITION])
    await consumer.seek_to_beginning(_PARTITION)
    end: int = (await consumer.end_offsets([_PARTITION]))[_PARTITION]
    latest: dict[str, pb.RegistryEntry] = {}
    while await consumer.position(_PARTITION) < end:
        batches: dict[TopicPartition, list[Any]] = await consumer.getmany(
            _PARTITION, timeout_ms=500
        )
        for record in batches.get(_PARTITION, []):
            entry = _decoded(record.value)
            if record.key is not None and entry is not None:
                latest[record.key.decode("utf-8", "replace")] = entry
    return latest


def _decoded(value: bytes | None) -> pb.RegistryEntry | None:
    entry = pb.RegistryEntry()
    try:
        entry.ParseFromString(value or b"")
    except DecodeError:
        return None
    return entry


def _nothing(_: Sourced) -> None:
    """Tell nobody."""


async def write_entries(
    kafka: KafkaConnection,
    entries: Sequence[Sourced],
    written: Callable[[Sourced], None] = _nothing,
) -> range:
    """Append entries in order; `written` is told of each one that the log has.

    Entries of one call reach their readers together unless they are many, so that what they do is
    one restatement.

    Returns:
        The offsets from the first to the last of them.

    Raises:
        CommandError: Kafka does not answer.
    """
    if not entries:
        return range(0)
    producer: Any = AIOKafkaProducer(
        **aiokafka_words(kafka),
        client_id="motcua-registry",
        acks="all",
        enable_idempotence=True,
        request_timeout_ms=_REQUEST_MS,
        linger_ms=_TOGETHER_MS,
    )
    async with _answering(kafka):
        try:
            await producer.start()
            sent: list[Awaitable[Any]] = [
                await producer.send(
                    REGISTRY_EVENTS,
                    key=one.key.encode(),
                    value=one.entry.SerializeToString(deterministic=True),
                    partition=0,
                )
                for one in entries
            ]
            offsets: list[int] = []
            for one, acknowledged in zip(entries, sent, strict=True):
                offsets.append((await acknowledged).offset)
                written(one)
            return range(offsets[0], offsets[-1] + 1)
        finally:
            await producer.stop()


@asynccontextmanager
async def _answering(kafka: KafkaConnection) -> AsyncGenerator[None]:
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    try:
        yield
    except KafkaError as error:
        raise CommandError(
            f"Kafka tại {kafka.bootstrap} không trả lời ({error}).",
            f"Kafka at {kafka.bootstrap} does not answer ({error}).",
        ) from error
