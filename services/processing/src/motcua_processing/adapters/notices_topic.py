"""The notices topic: its records, written in order, and read again for books that were lost."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# The annotations of aiokafka are incomplete.

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError
from motcua.notice.v1 import notice_pb2 as pb
from motcua_contracts.topics import DEADLINE_NOTICES
from motcua_kernel.instant import Instant
from motcua_platform.errors import Transient
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.kafka_words import aiokafka_words
from motcua_platform.log_reader import log_consumer, read_partition

from motcua_processing.domain.notices import Act, Notice, Subject


def notice_to_value(notice: Notice) -> bytes:
    """The record value of a notice."""
    return pb.Notice(
        id=notice.id,
        dossier=notice.dossier,
        subject=pb.Subject.ValueType(notice.subject),
        step=notice.step,
        department=notice.department,
        unit=notice.unit,
        act=pb.Act.ValueType(notice.act),
        rung=notice.rung,
        due_day=notice.due_day,
        due_moment=notice.due_moment,
        noticed_at=notice.noticed_at,
        withdraws=notice.withdraws,
    ).SerializeToString(deterministic=True)


def notice_from_value(value: bytes) -> Notice:
    """The notice in a record value."""
    told = pb.Notice.FromString(value)
    return Notice(
        told.id,
        told.dossier,
        Subject(told.subject),
        told.step,
        told.department,
        told.unit,
        Act(told.act),
        told.rung,
        told.due_day,
        Instant(told.due_moment),
        Instant(told.noticed_at),
        told.withdraws,
    )


class NoticesTopic:
    """Writes notices under acks=all, idempotent, keyed by the dossier."""

    def __init__(self, kafka: KafkaConnection, topic: str = DEADLINE_NOTICES) -> None:
        """Nothing happens before `start`."""
        self._kafka = kafka
        self._topic = topic
        self._producer: Any = None

    async def start(self) -> None:
        """Connect.

        Raises:
            Transient: Kafka is away.
        """
        self._producer = AIOKafkaProducer(
            **aiokafka_words(self._kafka),
            acks="all",
            enable_idempotence=True,
            compression_type="lz4",
            linger_ms=5,
        )
        try:
            await self._producer.start()
        except KafkaError as error:
            await self._producer.stop()
            raise Transient("Kafka is away") from error

    async def write(self, values: Sequence[tuple[str, bytes]]) -> None:
        """Write in order; return once all are acknowledged.

        Raises:
            Transient: Kafka is away; any of them may have been written.
        """
        try:
            sent = [
                await self._producer.send(self._topic, value, key=code.encode())
                for code, value in values
            ]
            await asyncio.gather(*sent)
        except KafkaError as error:
            raise Transient("Kafka is away") from error

    async def stop(self) -> None:
        """Close the connections."""
        if self._producer is not None:
            await self._producer.stop()


async def read_notices(
    kafka: KafkaConnection, topic: str, read: Mapping[int, int], ends: Mapping[int, int]
) -> AsyncGenerator[list[Notice]]:
    """The notices of a topic from the offsets `read` up to `ends`, in portions."""
    async with log_consumer(kafka) as consumer:
        for partition, end in sorted(ends.items()):
            start = read.get(partition, 0)
            if start >= end:
                continue
            place = TopicPartition(topic, partition)
            async for records in read_partition(consumer, place, start, end):
                yield [notice_from_value(record.value or b"") for record in records]
