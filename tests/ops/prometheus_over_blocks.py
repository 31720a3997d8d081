"""A Prometheus that scrapes nothing and answers questions about the blocks of a folder."""

from __future__ import annotations

import signal
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
import msgspec
from motcua_cli.stack.observability_binaries import ObservabilityBinaries
from motcua_cli.stack.ports import LOOPBACK, free_ports
from motcua_cli.stack.processes import end, spawn
from motcua_cli.stack.waiting import wait_until_ready

Labels = frozenset[tuple[str, str]]

MOST_POINTS: Final = 11_000
"""Prometheus gives no more points of a series in one answer."""
_LONGEST: Final = 7 * 86_400
"""Seconds asked of at once: a question opens every block of two hours that it reaches."""
_START_SECONDS: Final = 120.0
_QUERY_SECONDS: Final = 300.0
_AT_ONCE: Final = 2


class _Series(msgspec.Struct, frozen=True):
    metric: dict[str, str]
    values: list[tuple[float, str]]


class _Result(msgspec.Struct, frozen=True):
    result: list[_Series]


class _Answer(msgspec.Struct, frozen=True):
    data: _Result


@dataclass(frozen=True)
class Points:
    """The points of one series within a stretch of time: seconds, and the value as text."""

    labels: Labels
    values: Sequence[tuple[float, str]]


class Blocks:
    """Asks a Prometheus that runs."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def over(self, query: str, first: int, last: int, step: int) -> Iterator[list[Points]]:
        """The series of a query from `first` to `last`, stretch after stretch, in order."""
        stride = min((MOST_POINTS - 1) * step, _LONGEST // step * step)
        starts = range(first, last + 1, stride + step)
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            asked = [
                pool.submit(self._ask, query, start, min(start + stride, last), step)
                for start in starts
            ]
            for one in asked:
                yield one.result()

    def _ask(self, query: str, first: int, last: int, step: int) -> list[Points]:
        told = {"query": query, "start": first, "end": last, "step": step}
        answer = self._http.post("/api/v1/query_range", data=told)
        if not answer.is_success:
            raise RuntimeError(f"{query}\n{answer.text[:1000]}")
        found = msgspec.json.decode(answer.content, type=_Answer).data.result
        return [Points(frozenset(one.metric.items()), one.values) for one in found]


@contextmanager
def prometheus_over(binaries: ObservabilityBinaries, folder: Path) -> Generator[Blocks]:
    """Prometheus over `<folder>/data` as it is now; blocks stay as they are."""
    (folder / "prometheus.yml").write_text("global: {}\n", "ascii")
    (port,) = free_ports(1)
    argv = (
        str(binaries.prometheus),
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        "--storage.tsdb.retention.time=100y",
        "--storage.tsdb.min-block-duration=2h",
        "--storage.tsdb.max-block-duration=2h",
        f"--web.listen-address={LOOPBACK}:{port}",
        "--log.level=warn",
    )
    log = folder / "prometheus.log"
    child = spawn(argv, log=log, cwd=folder)
    try:
        url = f"http://{LOOPBACK}:{port}"
        with httpx.Client(base_url=url, timeout=_QUERY_SECONDS, trust_env=False) as http:
            wait_until_ready(
                "Prometheus",
                lambda: _is_ready(http),
                child=child,
                deadline=_START_SECONDS,
                log=log,
            )
            yield Blocks(http)
    finally:
        end(child, signal.SIGTERM, deadline=20.0)


def _is_ready(http: httpx.Client) -> bool:
    try:
        return http.get("/-/ready").is_success
    except httpx.TransportError:
        return False
