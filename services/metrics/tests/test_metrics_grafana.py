"""metrics keeps Grafana in step where it is told to, and serves figures whatever Grafana does."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from motcua_kernel.instant import Instant
from motcua_kernel.registry import Registry
from motcua_kernel.units import Department, Unit, UnitLevel
from motcua_metrics.adapters.grafana_keeper import GrafanaKeeper, Stopped
from motcua_metrics.bootstrap import build
from motcua_metrics.entrypoints.grafana import keep_in_step
from motcua_metrics.settings import MetricsSettings
from motcua_platform.errors import Misconfigured
from motcua_platform.settings import read_settings
from prometheus_client import CollectorRegistry, generate_latest

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "libs/grafana/tests"))

from grafana_stub import PROXY, TOKEN, GrafanaStub, described, minding  # noqa: E402

COMMUNE = Unit(
    "24733-2025",
    "24733",
    "Xã Kiến Đức",
    UnitLevel.COMMUNE,
    departments=(Department("van-phong", "Văn phòng"),),
)
KNOWN = Registry().with_entries([(0, COMMUNE)])


@pytest.fixture
def stub() -> Iterator[GrafanaStub]:
    with minding(described()) as one:
        yield one


def settings(**given: str) -> MetricsSettings:
    own = {f"MOTCUA_{name.upper()}": value for name, value in given.items()}
    return read_settings(MetricsSettings, {"MOTCUA_KAFKA_BOOTSTRAP": "127.0.0.1:1", **own})


def keeper_of(url: str, prometheus: CollectorRegistry, registry: Registry = KNOWN) -> GrafanaKeeper:
    folder = str(ROOT / "deploy/observability/dashboards/generated")
    named = settings(grafana_url=url, grafana_token=TOKEN, grafana_dashboards=folder)
    return GrafanaKeeper(named, lambda: registry, lambda: Instant(1_790_000_000_000), prometheus)


def ended(prometheus: CollectorRegistry, outcome: str) -> float | None:
    name = "motcua_metrics_grafana_syncs_total"
    return prometheus.get_sample_value(name, {"outcome": outcome})


def test_a_run_makes_what_the_registry_names_and_is_counted(stub: GrafanaStub) -> None:
    prometheus = CollectorRegistry()
    keeper = keeper_of(stub.url, prometheus)
    assert ended(prometheus, "in_step") == 0
    keeper.run()
    assert ended(prometheus, "in_step") == 1
    assert stub.grafana.folders["motcua-unit-24733-2025"]["title"] == "Xã Kiến Đức (24733-2025)"
    assert set(stub.grafana.boards) == {
        "motcua-board-24733-2025",
        "motcua-board-24733-2025_van-phong",
    }


def test_a_registry_without_units_archives_nothing(stub: GrafanaStub) -> None:
    keeper_of(stub.url, CollectorRegistry(), Registry()).run()
    assert stub.asked == []


def test_refusals_and_silence_are_counted_and_told_without_the_token(
    stub: GrafanaStub, capsys: pytest.CaptureFixture[str]
) -> None:
    prometheus = CollectorRegistry()
    keeper = keeper_of(stub.url, prometheus)
    keeper.run()
    for board in stub.grafana.boards.values():
        board.provisioned = True
        board.messages.append("sửa tay")
    keeper.run()
    stub.trouble = lambda operation, _: 403 if operation.id == "getFolderByUID" else 0
    keeper.run()
    assert [ended(prometheus, one) for one in ("in_step", "incomplete", "failed")] == [1, 1, 1]
    told = capsys.readouterr().out
    assert "grafana_refused" in told
    assert "grafana_unavailable" in told
    assert TOKEN not in told + generate_latest(prometheus).decode()


async def test_the_loop_goes_on_after_a_defect_and_ends_when_the_process_does(
    stub: GrafanaStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    prometheus = CollectorRegistry()
    keeper = keeper_of(stub.url, prometheus)
    runs = [OSError("a defect"), None]
    whole_run = keeper.run

    def run() -> None:
        failure = runs.pop(0) if runs else None
        if failure is not None:
            raise failure
        whole_run()

    monkeypatch.setattr(keeper, "run", run)
    loop = asyncio.ensure_future(keep_in_step(keeper, 0.01))
    deadline = time.monotonic() + 20
    while not ended(prometheus, "in_step"):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)
    loop.cancel()
    await asyncio.gather(loop, return_exceptions=True)
    assert ended(prometheus, "failed") == 1
    with pytest.raises(Stopped):
        whole_run()


async def test_a_grafana_that_hangs_does_not_hold_the_event_loop(stub: GrafanaStub) -> None:
    def hang(*_: object) -> int:
        time.sleep(0.3)
        return PROXY

    stub.trouble = hang
    loop = asyncio.ensure_future(keep_in_step(keeper_of(stub.url, CollectorRegistry()), 60))
    started = time.monotonic()
    for _ in range(5):
        await asyncio.sleep(0.01)
    assert time.monotonic() - started < 0.25
    loop.cancel()
    await asyncio.gather(loop, return_exceptions=True)


def test_it_is_off_unless_named_and_on_in_the_first_shard_only() -> None:
    assert build(settings()).grafana is None
    named = {"grafana_url": "http://127.0.0.1:9", "grafana_token": TOKEN}
    assert build(settings(**named)).grafana is not None
    second = settings(**named, shard_count="2", shard_ordinal="1")
    assert build(second).grafana is None


@pytest.mark.parametrize(
    "given",
    [
        {"grafana_url": "http://127.0.0.1:9"},
        {"grafana_url": "127.0.0.1:9", "grafana_token": TOKEN},
        {"grafana_url": "http://x", "grafana_token": TOKEN, "grafana_dashboards": "/none"},
    ],
)
def test_half_a_configuration_is_refused_at_start(given: dict[str, str]) -> None:
    with pytest.raises(Misconfigured) as refused:
        build(settings(**given))
    assert TOKEN not in str(refused.value)
