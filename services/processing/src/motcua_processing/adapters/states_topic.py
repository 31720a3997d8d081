"""The states topic: one transaction of Kafka a round, under the transactional id of its lane.

The id is what a successor fences with: once it has initialised, nothing that a zombie still has in
flight can be committed after the successor's newer states.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final

from aiokafka import AIOKafkaProducer
from motcua_platform.errors import PlatformError
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.kafka_words import aiokafka_words
from motcua_platform.records import partition_of

Sent = Callable[[], None]
_PATIENCE_SECONDS: Final = 45.0
_STOP_SECONDS: Final = 3.0


class Stuck(PlatformError):  # noqa: N818
    """A round that does not end: the process does, and its successor fences it and goes on."""


@lru_cache(maxsize=1 << 18)
def states_partition(code: str, partitions: int) -> int:
    """The states partition of a dossier."""
    return partition_of(code.encode(), partitions)


def lane_of(code: str, partitions: int, lanes: int) -> int:
    """The publication lane of a dossier: each states partition belongs to exactly one lane."""
    return states_partition(code, partitions) % lanes


class StatesTopic:
    """Writes rounds of states for one lane."""

    def __init__(
        self,
        kafka: KafkaConnection,
        topic: str,
        partitions: int,
        transactional_id: str,
        patience_seconds: float = _PATIENCE_SECONDS,
    ) -> None:
        """Nothing happens before `start`; a round may take `patience_seconds`."""
        self._patience_seconds = patience_seconds
        self._kafka = kafka
        self._topic = topic
        self._partitions = partitions
        self._transactional_id = transactional_id
        self._producer: Any = None

    async def start(self) -> None:
        """Connect, and fence whoever wrote under this lane's id before."""
        self._producer = AIOKafkaProducer(
            **aiokafka_words(self._kafka),
            transactional_id=self._transactional_id,
            compression_type="lz4",
            max_batch_size=512 * 1024,
            max_request_size=8 * 1024 * 1024,
        )
        await self._producer.start()

    async def write(
        self, values: Sequence[tuple[str, bytes | None]], after_first: Sent | None = None
    ) -> None:
        """Write the states of a round and return once all are acknowledged and committed.

        Raises:
            aiokafka.errors.KafkaError: nothing of the round counts.
            Stuck: the round neither ended nor failed in time, as may happen to a transaction that
                Kafka's absence caught; nothing but a new producer goes on from there.
        """
        writing = asyncio.ensure_future(self._write(values, after_first))
        try:
            done, _ = await asyncio.wait({writing}, timeout=self._patience_seconds)
        finally:
            writing.cancel()
        if not done:
            raise Stuck(self._transactional_id)
        writing.result()

    async def _write(
        self, values: Sequence[tuple[str, bytes | None]], after_first: Sent | None
    ) -> None:
        parts: dict[int, list[tuple[bytes, bytes | None]]] = {}
        for code, value in values:
            partition = states_partition(code, self._partitions)
            parts.setdefault(partition, []).append((code.encode(), value))
        sent: list[asyncio.Future[Any]] = []
        try:
            async with self._producer.transaction():
                for partition, records in parts.items():
                    await self._send(partition, records, sent)
                    if after_first is not None:
                        await asyncio.gather(*sent)
                        after_first()
                        after_first = None
                await asyncio.gather(*sent)
        finally:
            await asyncio.gather(*sent, return_exceptions=True)

    async def _send(
        self,
        partition: int,
        records: Sequence[tuple[bytes, bytes | None]],
        sent: list[asyncio.Future[Any]],
    ) -> None:
        producer = self._producer
        batch = producer.create_batch()
        for key, value in records:
            if batch.append(key=key, value=value, timestamp=None) is None:
                sent.append(await producer.send_batch(batch, self._topic, partition=partition))
                batch = producer.create_batch()
                batch.append(key=key, value=value, timestamp=None)
        sent.append(await producer.send_batch(batch, self._topic, partition=partition))

    async def stop(self) -> None:
        """Close the connections; a producer that is stuck would flush for ever and is left."""
        if self._producer is not None:
            stopping = asyncio.ensure_future(self._producer.stop())
            await asyncio.wait({stopping}, timeout=_STOP_SECONDS)
            stopping.cancel()
