"""What every consumer of the log says of itself: how far behind it is, and how much it takes.

Lag is real time (law L9): the age of the newest record that was worked in, while there are newer
ones; 0 at the end of the log.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# The annotations of aiokafka are incomplete.

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from prometheus_client import CollectorRegistry

from motcua_platform.metric_catalogue import SIZES, Label, Metric, declared

_TOPIC = Label("topic", source="topics of the contracts")

CONSUMER_LAG_RECORDS = Metric(
    "motcua_consumer_lag_records",
    "gauge",
    "Records (bản ghi) of the partitions read here that are in the log and not worked in.",
    (_TOPIC,),
    always=True,
)
CONSUMER_LAG_SECONDS = Metric(
    "motcua_consumer_lag_seconds",
    "gauge",
    "Age of the newest record worked in, of the partition that is furthest behind; 0 at the end.",
    (_TOPIC,),
    always=True,
)
CONSUMER_BATCH_RECORDS = Metric(
    "motcua_consumer_batch_records",
    "histogram",
    "Records taken at once.",
    always=True,
    buckets=SIZES,
)
METRICS: Final = declared(globals())

_EVERY_SECONDS: Final = 5.0


class ConsumerMetrics:
    """Lag by topic, looked at every few seconds, and batch sizes."""

    def __init__(self, registry: CollectorRegistry, now: Callable[[], int]) -> None:
        """`now` is real time in milliseconds."""
        self._now = now
        self._newest: dict[tuple[str, int], tuple[int, int]] = {}
        self._records = CONSUMER_LAG_RECORDS.gauge(registry)
        self._seconds = CONSUMER_LAG_SECONDS.gauge(registry)
        self._batches = CONSUMER_BATCH_RECORDS.histogram(registry)

    def worked_in(self, topic: str, partition: int, next_offset: int, appended_at: int) -> None:
        """A partition has been worked in up to an offset; its last record was appended then."""
        self._newest[topic, partition] = (next_offset, appended_at)

    def took(self, records: int) -> None:
        """Records were taken at once."""
        self._batches.observe(records)

    async def watch(self, consumer: Callable[[], AIOKafkaConsumer | None]) -> None:
        """Look at the lag for ever."""
        while True:
            reading = consumer()
            if reading is not None:
                await self._look(reading)
            await asyncio.sleep(_EVERY_SECONDS)

    async def _look(self, consumer: AIOKafkaConsumer) -> None:
        records: dict[str, int] = {}
        seconds: dict[str, float] = {}
        for partition in consumer.assignment():
            end: Any = consumer.highwater(partition)
            if end is None:
                continue
            topic, number = partition.topic, partition.partition
            try:
                position = await consumer.position(partition)
            except KafkaError:  # it has gone to another process, or Kafka is away: asked again soon
                continue
            behind, age = self._behind(topic, number, position, end)
            records[topic] = records.get(topic, 0) + behind
            seconds[topic] = max(seconds.get(topic, 0.0), age)
        for topic, behind in records.items():
            self._records.labels(topic).set(behind)
            self._seconds.labels(topic).set(seconds[topic])

    def _behind(self, topic: str, partition: int, position: int, end: int) -> tuple[int, float]:
        """Records and seconds behind the end.

        The markers of transactions take offsets and are never worked in, so a partition whose
        reading position is at the end counts from there.
        """
        if position >= end:
            return 0, 0.0
        next_offset, appended_at = self._newest.get((topic, partition), (position, self._now()))
        return max(end - next_offset, 0), max(self._now() - appended_at, 0) / 1000
