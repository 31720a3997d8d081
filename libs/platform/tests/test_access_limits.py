"""Token buckets, and who sees what of /metrics."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from httpx import ASGITransport, AsyncClient
from hypothesis import given
from hypothesis import strategies as st
from motcua_platform.access.limits import Limit, Meter
from motcua_platform.access.testing import settings_of
from motcua_platform.errors import Misconfigured
from motcua_platform.service import make_app
from motcua_platform.settings import ServiceSettings, read_settings
from prometheus_client import CollectorRegistry

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from fastapi import FastAPI

MINUTE = Limit("minute", 60, 60)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 50)), max_size=40))
def test_no_window_ever_passes_more_than_twice_its_quota(told: list[tuple[int, int]]) -> None:
    now = [0.0]
    meter = Meter(now=lambda: now[0])
    passed: list[tuple[float, int]] = []
    for pause, count in told:
        now[0] += pause
        (left,) = meter.take("p", (MINUTE,), count)
        if not left.exceeded:
            passed.append((now[0], count))
    for start, _ in passed:
        assert sum(count for at, count in passed if start <= at < start + 60) <= 2 * 60


@given(st.lists(st.integers(1, 200), min_size=1, max_size=20))
def test_who_waits_as_long_as_told_is_let_through(counts: list[int]) -> None:
    now = [0.0]
    meter = Meter(now=lambda: now[0])
    for count in counts:
        (left,) = meter.take("p", (MINUTE,), count)
        if left.exceeded:
            assert left.wait_seconds > 0
            now[0] += left.wait_seconds
            (left,) = meter.take("p", (MINUTE,), count)
        assert not left.exceeded


def test_a_limit_that_is_reached_takes_nothing_from_the_others() -> None:
    meter = Meter(now=lambda: 0.0)
    day = Limit("day", 100, 86_400)
    assert [one.remaining for one in meter.take("p", (MINUTE, day), 50)] == [10, 50]
    assert [one.exceeded for one in meter.take("p", (MINUTE, day), 20)] == [True, False]
    assert [one.remaining for one in meter.take("p", (MINUTE, day), 10)] == [0, 40]
    assert [one.remaining for one in meter.take("q", (MINUTE, day), 10)] == [50, 90]


def test_the_memory_of_a_meter_is_bounded() -> None:
    meter = Meter(capacity=3, now=lambda: 0.0)
    for name in "abcd":
        meter.take(name, (MINUTE,), 60)
    assert not meter.take("a", (MINUTE,), 60)[0].exceeded
    assert meter.take("d", (MINUTE,), 1)[0].exceeded


@asynccontextmanager
async def nothing(_: FastAPI) -> AsyncGenerator[None]:
    yield


@pytest.mark.parametrize(
    ("key", "given_header", "status"),
    [("", "", 200), ("k", "", 401), ("k", "Bearer x", 401), ("k", "Bearer k", 200)],
)
async def test_metrics_can_be_closed_to_strangers(key: str, given_header: str, status: int) -> None:
    app = make_app("t", nothing, dict, CollectorRegistry(), settings_of(metrics_key=key))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://t") as client:
        answer = await client.get("/metrics", headers={"Authorization": given_header})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"ACCESS": "open"}, "production is guarded"),
        ({"HTTP_HOST": "0.0.0.0"}, "TLS"),  # noqa: S104 - refused
        ({"TLS_CERTIFICATE": "a.pem"}, "both, or none"),
        ({"OIDC_ISSUER": "https://id.example"}, "both, or none"),
    ],
)
def test_production_refuses_to_start_unsafe(settings: dict[str, str], named: str) -> None:
    environment = {f"MOTCUA_{name}": value for name, value in settings.items()}
    with pytest.raises(Misconfigured, match=named):
        read_settings(
            ServiceSettings,
            environment | {"MOTCUA_KAFKA_BOOTSTRAP": "localhost:1", "MOTCUA_HTTP_PORT": "0"},
        )
