"""The process as it is deployed, on a real Kafka, with states written as processing writes them."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from datetime import date
from typing import TYPE_CHECKING

import pytest
from metrics_processes import (
    UNIT,
    WITHIN_SECONDS,
    Service,
    eventually,
    frozen_at,
    kafka_of_its_own,
    registry,
    snapshot,
    start_service,
    write_registry,
    write_states,
)
from motcua_kernel.instant import at_local
from motcua_kernel.life_cycle import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with kafka_of_its_own(tmp_path_factory.mktemp("kafka")) as bootstrap:
        yield bootstrap


@pytest.fixture
def start(bootstrap: str, tmp_path: Path, free_port: int) -> Iterator[Callable[[], Service]]:
    """Starts the service; what was started is killed at the end."""
    with ExitStack() as stack:

        def started() -> Service:
            service = start_service(bootstrap, free_port, tmp_path / "metrics.log")
            stack.callback(service.process.wait)
            stack.callback(service.process.kill)
            eventually(service.is_ready)
            return service

        yield started


async def test_it_reads_the_log_follows_it_and_comes_back_with_the_same_figures(
    bootstrap: str, start: Callable[[], Service]
) -> None:
    codes = [f"000.00.31.H16-201026-{n:04d}" for n in range(60)]
    await write_registry(bootstrap, *registry())
    await write_states(bootstrap, {code: snapshot(code) for code in codes})
    await write_states(bootstrap, {codes[0]: None})
    await write_states(bootstrap, {"000.00.31.H16-201026-9999": snapshot("x")}, abort=True)

    service = start()
    assert service.in_progress("due_soon") == 59
    assert service.samples()["motcua_dossiers_received_total", "counter", "kt", UNIT] == 0

    resolved_at = at_local(date(2020, 10, 30), 15 * 60)
    result = snapshot(codes[1], Status.RESOLVED, resolved_at=resolved_at)
    await write_states(bootstrap, {codes[1]: result})
    eventually(lambda: service.in_progress("due_soon") == 58)
    samples = service.samples()
    assert samples["motcua_dossiers_resolved_total", "kt", "early", UNIT] == 1
    assert samples["motcua_on_time_ratio", "form06", "", "year", UNIT] == 1

    await write_registry(bootstrap, frozen_at(at_local(date(2020, 11, 3), 8 * 60)))
    eventually(lambda: service.in_progress("overdue") == 58)
    before = _business(service.samples())
    service.process.kill()
    service.process.wait()

    again = start()
    assert _business(again.samples()) == before
    counters = {k: v for k, v in again.samples().items() if k[0].startswith("motcua_dossiers_")}
    assert {v for k, v in counters.items() if k[0].endswith("_total")} == {0}, "it caught up only"
    again.process.terminate()
    assert again.process.wait(WITHIN_SECONDS) in {0, -signal.SIGTERM}
    assert b'"level": "error"' not in again.log.read_bytes()


def _business(samples: dict[tuple[str, ...], float]) -> dict[tuple[str, ...], float]:
    """Without the counters, which start at 0 with each process, and the process's own metrics."""
    return {
        key: value
        for key, value in samples.items()
        if key[0].startswith("motcua_")
        and not key[0].startswith(("motcua_metrics_", "motcua_consumer_", "motcua_freshness_"))
        and not key[0].endswith("_total")
    }
