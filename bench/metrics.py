"""metrics with a province in memory: memory a dossier, time until ready, time of a scrape.

One process, real Kafka: first with an empty topic, then started on ended dossiers and a tenth of
those in progress, then with all of them. Memory is the growth of its resident memory.
"""

from __future__ import annotations

import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx
import psutil
from motcua_metrics.catalogue import PROCESS_BUDGET
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bench.metrics_states import bare_seconds, ended_states, open_states, write_states
from bench.province import fill_province
from bench.results import Row
from bench.stack import Parts, bare_parts, end

_SCRAPES: Final = 11
_PORT: Final = 29_103
_URL: Final = f"http://127.0.0.1:{_PORT}"
_SCRAPE: Final = {"accept": "application/openmetrics-text;version=1.0.0", "accept-encoding": "gzip"}
Say = Callable[[str], None]


def metrics_rows(folder: Path, dossiers: int, say: Say) -> list[Row]:
    """All rows, on a Kafka of their own, with so many dossiers in progress at the end."""
    ended, at_start = dossiers * 3 // 2, dossiers // 10
    with bare_parts(folder) as running, httpx.Client(trust_env=False, timeout=60) as http:
        communes = fill_province(running.bootstrap)
        with _metrics(running, http) as (process, _):
            empty = process.memory_info().rss
        say(f"  {ended:,} ended dossiers, {at_start:,} in progress ...")
        write_states(running.bootstrap, ended_states(communes, ended))
        with _metrics(running, http) as (process, _):
            of_ended = (process.memory_info().rss - empty) / ended
        write_states(running.bootstrap, open_states(communes, at_start))
        floor = bare_seconds(running.bootstrap, ended + at_start)
        with _metrics(running, http) as (process, ready):
            say(f"  ready in {ready:.1f} s, a bare consumer in {floor:.1f} s; the rest ...")
            before = process.memory_info().rss
            more = dossiers - at_start
            write_states(running.bootstrap, open_states(communes, more, at_start))
            _until(lambda: _held(http) == ended + dossiers, 300)
            of_open = (process.memory_info().rss - before) / more
            took, series = _scrapes(http)
    plain_open, plain_ended = _plain_bytes(communes)
    say(f"  {series:,} series; scrapes {[round(one) for one in took]} ms")
    return [
        Row.of("metrics.ready_s", ready, "s", target=60, baseline=floor),
        Row.of("metrics.bytes_per_dossier", of_open, "bytes", target=400, baseline=plain_open),
        Row.of(
            "metrics.bytes_per_closed_dossier",
            of_ended,
            "bytes",
            target=120,
            baseline=plain_ended,
        ),
        Row.of(
            "metrics.scrape_20k_series_ms",
            sorted(took)[len(took) // 2],
            "ms",
            target=250,
            baseline=_library_ms(series),
        ),
        Row.of("metrics.series_lam_dong", series, "series", target=PROCESS_BUDGET, baseline=45_000),
    ]


@contextmanager
def _metrics(running: Parts, http: httpx.Client) -> Generator[tuple[psutil.Process, float]]:
    """The process, and the seconds until it was ready."""
    environment = running.environment(MOTCUA_HTTP_PORT=str(_PORT), MOTCUA_LOG_LEVEL="warning")
    started = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "motcua_metrics"], env=environment)
    try:
        _until(lambda: _is_ready(http), 300)
        yield psutil.Process(process.pid), time.monotonic() - started
    finally:
        end(process)


def _is_ready(http: httpx.Client) -> bool:
    try:
        return http.get(f"{_URL}/readyz").is_success
    except httpx.TransportError:
        return False


def _held(http: httpx.Client) -> int:
    lines = http.get(f"{_URL}/metrics").text.splitlines()
    return int(next(one for one in lines if one.startswith("motcua_metrics_dossiers{")).split()[1])


def _scrapes(http: httpx.Client) -> tuple[list[float], int]:
    """Milliseconds of each scrape, and how many series one has."""
    took: list[float] = []
    series = 0
    for _ in range(_SCRAPES):
        started = time.perf_counter()
        text = http.get(f"{_URL}/metrics", headers=_SCRAPE).text
        took.append(1000 * (time.perf_counter() - started))
        series = sum(not line.startswith("#") for line in text.splitlines())
    return took, series


def _library_ms(series: int) -> float:
    """The floor of a scrape: prometheus-client writing as many gauges that are set already."""
    registry = CollectorRegistry()
    gauge = Gauge("bare", "Bare.", ["unit", "department", "timing"], registry=registry)
    for number in range(series):
        gauge.labels(str(number % 125), str(number % 4), str(number)).set(number)
    started = time.perf_counter()
    generate_latest(registry)
    return 1000 * (time.perf_counter() - started)


def _plain_bytes(communes: list[str]) -> tuple[float, float]:
    """What a dict from codes to the states as they were published takes, a dossier."""
    sizes: list[float] = []
    for states in (open_states(communes, 50_000), ended_states(communes, 50_000)):
        tracemalloc.start()
        kept = dict(states)
        sizes.append(tracemalloc.get_traced_memory()[0] / len(kept))
        tracemalloc.stop()
    return sizes[0], sizes[1]


def _until(done: Callable[[], bool], deadline: float) -> None:
    ends = time.monotonic() + deadline
    while not done():
        if time.monotonic() > ends:
            raise TimeoutError
        time.sleep(0.2)
