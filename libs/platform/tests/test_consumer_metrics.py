"""Lag: records and seconds behind the end of the log, by topic."""

# pyright: reportArgumentType=false, reportPrivateUsage=false
# A consumer of which only three questions are asked.

from __future__ import annotations

from dataclasses import dataclass

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import IllegalStateError
from motcua_platform.consumer_metrics import ConsumerMetrics
from prometheus_client import CollectorRegistry

_NOW = 100_000
_A, _B = TopicPartition("states", 0), TopicPartition("states", 1)


@dataclass
class _Consumer:
    ends: dict[TopicPartition, int | None]
    positions: dict[TopicPartition, int]

    def assignment(self) -> set[TopicPartition]:
        return set(self.ends)

    def highwater(self, partition: TopicPartition) -> int | None:
        return self.ends[partition]

    async def position(self, partition: TopicPartition) -> int:
        if partition not in self.positions:
            raise IllegalStateError
        return self.positions[partition]


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


async def _lag(
    registry: CollectorRegistry, consumer: _Consumer, *worked_in: tuple[int, int, int]
) -> tuple[float | None, float | None]:
    metrics = ConsumerMetrics(registry, lambda: _NOW)
    for partition, offset, appended_at in worked_in:
        metrics.worked_in("states", partition, offset, appended_at)
    await metrics._look(consumer)
    labels = {"topic": "states"}
    return (
        registry.get_sample_value("motcua_consumer_lag_records", labels),
        registry.get_sample_value("motcua_consumer_lag_seconds", labels),
    )


async def test_records_add_up_and_the_partition_furthest_behind_tells_the_seconds(
    registry: CollectorRegistry,
) -> None:
    consumer = _Consumer({_A: 10, _B: 20}, {_A: 8, _B: 15})
    assert await _lag(registry, consumer, (0, 7, 98_000), (1, 15, 95_000)) == (8, 5)


async def test_at_the_end_there_is_no_lag_though_markers_take_the_last_offsets(
    registry: CollectorRegistry,
) -> None:
    consumer = _Consumer({_A: 10}, {_A: 10})
    assert await _lag(registry, consumer, (0, 9, 1)) == (0, 0)


async def test_a_partition_that_has_gone_or_was_not_read_yet_is_passed_over(
    registry: CollectorRegistry,
) -> None:
    consumer = _Consumer({_A: 10, _B: None}, {})
    assert await _lag(registry, consumer) == (None, None)
