"""Dossier events come in: decode, apply, acknowledge.

The database's offsets are the truth; those of the consumer group are committed afterwards, for
whoever watches the lag. On assignment every partition is sought to the database's offset.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker
from motcua_contracts.topics import event_topics_pattern
from motcua_platform.domain_clock import DomainClock
from motcua_platform.errors import Transient
from motcua_platform.process import Failpoints, crash_on_error
from motcua_platform.records import Record, RecordBatch

from motcua_processing.application.apply_batch import Applied, Batch
from motcua_processing.application.ingress import AsKnown, IngressChecks
from motcua_processing.entrypoints.reading import read_batch
from motcua_processing.settings import Settings

Apply = Callable[[Batch], Awaitable[Applied]]
Partition = tuple[str, int]
NextOffsets = Callable[[Collection[str]], Awaitable[dict[Partition, int]]]

_log = structlog.get_logger()
_MAX_BACKOFF_SECONDS = 5.0
_PATIENCE_AT_THE_END_SECONDS = 5.0


class EventsConsumer:
    """The consumer of all topics that dossier events come in by; new ones are found meanwhile."""

    def __init__(
        self,
        broker: KafkaBroker,
        settings: Settings,
        *,
        clock: DomainClock,
        apply: Apply,
        next_offsets: NextOffsets,
        registry_up_to_date: Callable[[], Awaitable[object]],
        as_known: AsKnown,
    ) -> None:
        """Subscribe on the broker; nothing flows before `start`."""
        self._clock = clock
        self._checks = IngressChecks(as_known)
        self._apply = apply
        self._next_offsets = next_offsets
        self._registry_up_to_date = registry_up_to_date
        self._failpoints = Failpoints(settings.failpoint)
        self._subscriber = broker.subscriber(
            pattern=event_topics_pattern(),
            group_id=settings.group_id,
            group_instance_id=settings.group_instance,
            batch=True,
            max_records=settings.batch_records,
            batch_timeout_ms=settings.batch_wait_ms,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            listener=_Seeking(self._on_assigned),
            session_timeout_ms=10_000,
            max_poll_interval_ms=600_000,
            fetch_max_bytes=16 * 1024 * 1024,
            max_partition_fetch_bytes=2 * 1024 * 1024,
        )
        self._subscriber(crash_on_error(self._receive))
        self._places = Places()
        self._decoded: asyncio.Queue[Batch] = asyncio.Queue(maxsize=1)
        self._applying: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start consuming: while one batch is with the database, the next one is decoded."""
        self._applying = asyncio.ensure_future(crash_on_error(self._apply_all)())
        await self._subscriber.start()

    async def stop(self) -> None:
        """Leave the group, and give the batches in hand a while to be applied."""
        await self._subscriber.stop()
        if self._applying is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._decoded.join(), _PATIENCE_AT_THE_END_SECONDS)
            self._applying.cancel()

    def consumer(self) -> AIOKafkaConsumer | None:
        """What reads, while it does."""
        return self._subscriber.consumer

    @property
    def _consumer(self) -> AIOKafkaConsumer:
        consumer = self._subscriber.consumer
        assert consumer is not None  # noqa: S101 - set by start
        return consumer

    async def _on_assigned(self, assigned: set[TopicPartition]) -> None:
        """Read each partition from where the database is, wherever the group's offsets stand.

        Nothing is fetched meanwhile: records behind the group's offset would be applied, and those
        between it and the database's would count as applied with them.
        """
        self._consumer.pause(*assigned)
        self._failpoints.reach("processing.rebalance")
        offsets = await self._next_offsets({partition.topic for partition in assigned})
        for partition in assigned:
            self._consumer.seek(partition, offsets[partition])
            self._places.start(partition, offsets[partition])
        self._consumer.resume(*assigned)

    async def _receive(self, polled: RecordBatch) -> None:
        await self._registry_up_to_date()
        records, leaps = self._places.in_order(polled.records)
        for partition, offset in leaps.items():
            self._consumer.seek(TopicPartition(*partition), offset)
        if records:
            await self._decoded.put(read_batch(records, self._clock, self._checks))

    async def _apply_all(self) -> None:
        while True:
            batch = await self._decoded.get()
            applied = await with_patience(lambda batch=batch: self._apply(batch))
            _log.debug(
                "batch_applied",
                new=applied.new,
                repeated=applied.repeated,
                quarantined=applied.quarantined,
                dossiers=applied.dossiers,
            )
            await self._commit(batch)
            self._decoded.task_done()

    async def _commit(self, batch: Batch) -> None:
        """Tell the group how far the database is; whoever owns a partition now may differ."""
        consumer = self._subscriber.consumer
        if consumer is None:  # stopped meanwhile
            return
        owned = consumer.assignment()
        done = {
            TopicPartition(topic, partition): offset
            for (topic, partition), offset in batch.next_offsets.items()
            if TopicPartition(topic, partition) in owned
        }
        if not done:
            return
        try:
            await consumer.commit(done)
        except KafkaError as error:
            _log.info("group_offsets_not_committed", error=type(error).__name__)


class Places:
    """Where each partition goes on: what was fetched before a seek is not taken for what follows.

    A leap is asked for once again from its start. If it comes the same way the offsets between
    hold no record, as the markers of a publisher's transactions do not.
    """

    def __init__(self) -> None:
        self._next: dict[Partition, int] = {}
        self._asked_again: dict[Partition, int] = {}

    def start(self, partition: Partition, offset: int) -> None:
        """A partition is read from an offset on."""
        self._next[partition] = offset
        self._asked_again.pop(partition, None)

    def in_order(self, records: Sequence[Record]) -> tuple[Sequence[Record], dict[Partition, int]]:
        """The records that may be taken, and the partitions to be read again from an offset."""
        leaps: dict[Partition, int] = {}
        seen: set[Partition] = set()
        for record in records:
            partition = (record.topic, record.partition)
            if partition in seen:
                continue
            seen.add(partition)
            following = self._next.get(partition, record.offset)
            if record.offset > following and self._asked_again.get(partition) != record.offset:
                self._asked_again[partition] = record.offset
                leaps[partition] = following
        if leaps:
            records = [one for one in records if (one.topic, one.partition) not in leaps]
        for record in records:
            self._next[(record.topic, record.partition)] = record.offset + 1
        return records, leaps


class _Seeking(ConsumerRebalanceListener):
    """Both may be coroutines, whatever aiokafka's base class says of their type."""

    def __init__(self, on_assigned: Callable[[set[TopicPartition]], Awaitable[None]]) -> None:
        self._on_assigned = crash_on_error(on_assigned)

    async def on_partitions_revoked(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, revoked: Any
    ) -> None:
        """Nothing to do: what is in flight is decided by the rows of the partitions."""

    async def on_partitions_assigned(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, assigned: Any
    ) -> None:
        await self._on_assigned(set(assigned))


async def with_patience(call: Callable[[], Awaitable[Applied]]) -> Applied:
    """Call again for as long as the failure is transient, with growing, jittered pauses."""
    attempt = 0
    while True:
        try:
            return await call()
        except Transient as error:
            attempt += 1
            pause = min(_MAX_BACKOFF_SECONDS, 0.05 * 2**attempt) * random.uniform(0.5, 1)  # noqa: S311
            _log.warning("batch_waits", reason=str(error), attempt=attempt)
            await asyncio.sleep(pause)
