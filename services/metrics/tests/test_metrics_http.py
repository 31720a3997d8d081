"""What is served before the books are complete, and when the service is ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from metrics_cases import ENTRIES, registry, state
from motcua_metrics.adapters.states_feed import partitions_of_shard
from motcua_metrics.application.books import Update
from motcua_metrics.bootstrap import build
from motcua_metrics.entrypoints.app import metrics_app
from motcua_metrics.settings import MetricsSettings

if TYPE_CHECKING:
    from motcua_metrics.bootstrap import Metrics

_SETTINGS = MetricsSettings(kafka_bootstrap="127.0.0.1:1")


@pytest.fixture
async def metrics() -> Metrics:
    """A service that reads from nowhere: its lifespan is not entered."""
    return build(_SETTINGS)


def _client(metrics: Metrics) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(metrics_app(metrics))
    return httpx.AsyncClient(transport=transport, base_url="http://metrics")


async def test_before_catch_up_there_is_no_business_family(metrics: Metrics) -> None:
    metrics.books.advance(registry())
    metrics.books.apply([Update("d-1", state())])
    async with _client(metrics) as client:
        ready = await client.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["parts"] == {"registry": False, "states": False}
        before = (await client.get("/metrics")).text
        assert "motcua_dossiers" not in before
        assert "motcua_unit_info" not in before
        assert 'motcua_metrics_dossiers{shard="0"} 1\n' in before
        assert "process_resident_memory_bytes" in before


async def test_caught_up_it_is_ready_and_serves_the_figures(metrics: Metrics) -> None:
    metrics.books.advance(registry())
    metrics.registry._complete.set()  # pyright: ignore[reportPrivateUsage]
    metrics.states.is_complete = True
    async with _client(metrics) as client:
        assert (await client.get("/readyz")).status_code == 200
        page = await client.get("/metrics", headers={"accept": "application/openmetrics-text"})
        assert "motcua_dossiers_in_progress" in page.text
        assert page.text.endswith("# EOF\n")
        assert f'motcua_metrics_registry_offset{{shard="0"}} {len(ENTRIES) - 1}' in page.text


def test_every_partition_belongs_to_exactly_one_shard() -> None:
    read = [p for ordinal in range(3) for p in partitions_of_shard(ordinal, 3, 24)]
    assert sorted(read) == list(range(24))
