"""The compacted states topic, read from its beginning by one shard, without a consumer group.

Nothing is committed: the topic is the memory, and every start reads it anew.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final, cast

from aiokafka import TopicPartition as KafkaPartition
from faststream.kafka import KafkaBroker, TopicPartition
from motcua_contracts.topics import DOSSIER_STATES
from motcua_platform.process import crash_on_error
from motcua_platform.state_codec import state_from_value

from motcua_metrics.adapters.feed_metrics import FeedMetrics
from motcua_metrics.application.books import SLICE, Books, Update

if TYPE_CHECKING:
    from aiokafka import AIOKafkaConsumer
    from motcua_platform.consumer_metrics import ConsumerMetrics
    from motcua_platform.records import Record, RecordBatch

_CATCH_UP_SECONDS: Final = 0.05


def partitions_of_shard(ordinal: int, shards: int, partitions: int) -> list[int]:
    """The partitions of a shard: those p with p % shards == ordinal.

    >>> partitions_of_shard(1, 3, 8)
    [1, 4, 7]
    """
    return list(range(ordinal, partitions, shards))


class StatesFeed:
    """Writes the states of its partitions into the books, and says when it has caught up."""

    def __init__(
        self,
        broker: KafkaBroker,
        books: Books,
        partitions: list[int],
        consumer_metrics: ConsumerMetrics,
        feed_metrics: FeedMetrics,
    ) -> None:
        """Subscribe on the broker; nothing flows before `start`.

        `read_committed`: what a fenced publisher left behind is never a state.
        """
        self.is_complete = False
        self.watermark = 0.0
        self._books = books
        self._consumer_metrics = consumer_metrics
        self._feed_metrics = feed_metrics
        self._targets: dict[int, int] = {}
        self._partitions = [KafkaPartition(DOSSIER_STATES, number) for number in partitions]
        self._writing = False
        self._subscriber = broker.subscriber(
            partitions=[TopicPartition(DOSSIER_STATES, number) for number in partitions],
            batch=True,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            batch_timeout_ms=50,
            max_records=5000,
        )
        self._subscriber(crash_on_error(self._receive))

    def consumer(self) -> AIOKafkaConsumer | None:
        """What reads, once it does."""
        return self._subscriber.consumer

    async def catch_up(self) -> None:
        """Read from the beginning to the ends as of now, then set `is_complete`.

        The consumer's position is asked, not the last record: a transaction's marker takes the
        last offset of a partition and never arrives as a record. Between the moment when the
        position moves and the handler nothing yields to the event loop, so a position at the end
        and no handler at work mean that everything below it is in the books.
        """
        if not self._partitions:
            self.is_complete = True
            return
        await self._subscriber.start()
        consumer = self._subscriber.consumer
        assert consumer is not None  # noqa: S101 - set by start
        ends = cast("dict[KafkaPartition, int]", await consumer.end_offsets(self._partitions))
        self._targets = {partition.partition: end for partition, end in ends.items()}
        for partition, end in ends.items():
            # A position is no event to wait for: aiokafka offers only the question.
            while await consumer.position(partition) < end or self._writing:  # noqa: ASYNC110
                await asyncio.sleep(_CATCH_UP_SECONDS)
        self.is_complete = True

    async def _receive(self, batch: RecordBatch) -> None:
        records = batch.records
        self._writing = True
        self._consumer_metrics.took(len(records))
        started = time.perf_counter()
        for start in range(0, len(records), SLICE):
            updates = [self._update(record) for record in records[start : start + SLICE]]
            self._books.apply(updates)
            self._feed_metrics.counted(updates)
            await asyncio.sleep(0)
        self._feed_metrics.applied(time.perf_counter() - started)
        for record in records:
            self._consumer_metrics.worked_in(
                DOSSIER_STATES, record.partition, record.offset + 1, record.timestamp
            )
        self.watermark = max(self.watermark, *(record.timestamp / 1000 for record in records))
        self._writing = False

    def _update(self, record: Record) -> Update:
        key = record.key or b""
        target = self._targets.get(record.partition)
        live = target is not None and record.offset >= target
        state = state_from_value(record.value) if record.value is not None else None
        return Update(key.decode(), state, live)
