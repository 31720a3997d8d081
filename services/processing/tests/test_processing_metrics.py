"""Every publisher of the registry is seen, also one that never spoke; waiting records too."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from motcua_kernel.instant import Instant
from motcua_kernel.parties import Publisher
from motcua_kernel.registry import Registry
from motcua_processing.entrypoints.metrics import LOOK_BACK, ProcessingMetrics
from prometheus_client import CollectorRegistry

if TYPE_CHECKING:
    from collections.abc import Mapping

_REGISTRY = Registry().with_entries(
    [
        (0, Publisher("speaks", "A", ("24733",))),
        (1, Publisher("never-spoke", "B", ("24733",))),
        (2, Publisher("revoked", "C", ("24733",), revoked=True)),
    ]
)
_NOW = Instant(2 * LOOK_BACK)


async def _watched(spoke: Mapping[str, int], waiting: Mapping[str, int]) -> CollectorRegistry:
    collectors = CollectorRegistry()
    metrics = ProcessingMetrics(collectors, lambda: _REGISTRY, lambda: 0)
    asked: list[Instant] = []
    looked = asyncio.Event()

    async def last_spoke(since: Instant) -> Mapping[str, int]:
        asked.append(since)
        return spoke

    async def of_waiting() -> Mapping[str, int]:
        return waiting

    async def unpublished() -> int:
        looked.set()
        return 4

    watch = asyncio.ensure_future(metrics.watch(last_spoke, of_waiting, unpublished, _NOW))
    await asyncio.wait_for(looked.wait(), 5)
    await asyncio.sleep(0)
    watch.cancel()
    assert asked == [_NOW - LOOK_BACK]
    return collectors


async def test_a_publisher_that_never_spoke_has_a_series_and_a_revoked_one_has_none() -> None:
    collectors = await _watched({"speaks": 90_500, "revoked": 5}, {})
    name = "motcua_publisher_last_event_timestamp_seconds"
    values = {
        sample.labels["publisher"]: sample.value
        for family in collectors.collect()
        for sample in family.samples
        if sample.name == name
    }
    assert values == {"speaks": 90.5, "never-spoke": 0}


async def test_waiting_records_stand_by_publisher_and_strangers_together() -> None:
    collectors = await _watched({}, {"speaks": 3, "revoked": 1, "": 2, "a-stranger": 1})

    def value(publisher: str) -> float | None:
        return collectors.get_sample_value("motcua_quarantine_records", {"publisher": publisher})

    assert [value(one) for one in ("speaks", "never-spoke", "unknown")] == [3, 0, 4]
    assert value("a-stranger") is None
    assert collectors.get_sample_value("motcua_processing_marks_waiting") == 4
