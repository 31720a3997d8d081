"""Three shards with two replicas each are restarted one by one; every recorded sum stays true.

The rule is the one of docs/architecture/metrics.md, in Python over what a scrape of each instance
says: of each shard the ready replica with the newest watermark, and the sum over the chosen.
"""

from __future__ import annotations

import os
import socket
from contextlib import ExitStack
from datetime import date
from typing import TYPE_CHECKING, Self

import httpx
import pytest
from metrics_processes import (
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
    from collections.abc import Iterable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.real

_SHARDS, _REPLICAS = 3, 2
_RESTARTS = int(os.environ.get("MOTCUA_METRICS_RESTARTS", "2"))
"""How many of the six are restarted; 6 takes two minutes on busy cores."""
_DOSSIERS = 240
_EACH_TIME = 7
Scrape = dict[tuple[str, ...], float]


@pytest.fixture(scope="module")
def bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with kafka_of_its_own(tmp_path_factory.mktemp("kafka")) as bootstrap:
        yield bootstrap


class Province:
    """The processes of all shards, by (shard, replica)."""

    def __init__(self, bootstrap: str, folder: Path) -> None:
        self._bootstrap = bootstrap
        self._folder = folder
        self._stack = ExitStack()
        self.services: dict[tuple[int, int], Service] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start(self, shard: int, replica: int) -> Service:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        service = start_service(
            self._bootstrap,
            port,
            self._folder / f"metrics-{shard}-{replica}.log",
            MOTCUA_SHARD_ORDINAL=str(shard),
            MOTCUA_SHARD_COUNT=str(_SHARDS),
        )
        self._stack.callback(service.process.wait)
        self._stack.callback(service.process.kill)
        self.services[shard, replica] = service
        return service

    def scrapes(self) -> list[Scrape]:
        """What each instance says; one that does not answer is not there."""
        found: list[Scrape] = []
        for service in self.services.values():
            try:
                found.append(service.samples())
            except httpx.TransportError:
                continue
        return found


def chosen(scrapes: Iterable[Scrape]) -> list[Scrape]:
    """Of each shard the ready replica with the newest watermark."""
    best: dict[str, tuple[float, Scrape]] = {}
    for scrape in scrapes:
        (shard,) = (key[1] for key in scrape if key[0] == "motcua_metrics_ready")
        if scrape["motcua_metrics_ready", shard] == 1:
            watermark = scrape["motcua_state_watermark_timestamp_seconds", shard]
            if shard not in best or watermark > best[shard][0]:
                best[shard] = (watermark, scrape)
    return [scrape for _, scrape in best.values()]


def recorded(scrapes: Iterable[Scrape]) -> tuple[float, float]:
    """Dossiers in progress, and resolved this year, summed over the chosen."""
    in_progress = resolved = 0.0
    for scrape in chosen(scrapes):
        for key, value in scrape.items():
            in_progress += value if key[0] == "motcua_dossiers_in_progress" else 0
            is_year = key[0] == "motcua_dossiers_resolved" and "year" in key
            resolved += value if is_year else 0
    return in_progress, resolved


async def test_every_sum_is_true_while_replicas_are_restarted_one_by_one(
    bootstrap: str, tmp_path: Path
) -> None:
    codes = [f"000.00.31.H16-201026-{n:04d}" for n in range(_DOSSIERS)]
    await write_registry(bootstrap, *registry(), frozen_at(at_local(date(2020, 10, 30), 1020)))
    await write_states(bootstrap, {code: snapshot(code) for code in codes})
    done, evaluations = 0, 0
    with Province(bootstrap, tmp_path) as province:
        places = [(shard, replica) for replica in range(_REPLICAS) for shard in range(_SHARDS)]
        for place in places:
            province.start(*place)
        eventually(lambda: all(one.is_ready() for one in province.services.values()))
        assert recorded(province.scrapes()) == (_DOSSIERS, 0)
        for place in places[:_RESTARTS]:
            province.services[place].process.kill()
            province.services[place].process.wait()
            done += _EACH_TIME
            when = at_local(date(2020, 10, 30), 900)
            await write_states(
                bootstrap,
                {
                    code: snapshot(code, Status.RESOLVED, resolved_at=when)
                    for code in codes[done - _EACH_TIME : done]
                },
            )
            again = province.start(*place)
            ready = False
            while not ready:
                ready = again.is_ready()
                assert sum(recorded(province.scrapes())) == _DOSSIERS
                evaluations += 1
            truth = (_DOSSIERS - done, done)
            eventually(lambda truth=truth: recorded(province.scrapes()) == truth)
    assert evaluations > 2 * _RESTARTS, "nothing was evaluated while a replica was away"


def test_the_rule_passes_over_a_replica_that_is_not_ready_or_behind() -> None:
    def scrape(shard: str, ready: float, watermark: float, count: float) -> Scrape:
        return {
            ("motcua_metrics_ready", shard): ready,
            ("motcua_state_watermark_timestamp_seconds", shard): watermark,
            ("motcua_dossiers_in_progress", "kt", "within", "24733"): count,
        }

    catching_up, behind, newest = (
        scrape("0", 0, 9.0, 1),
        scrape("0", 1, 7.0, 2),
        scrape("0", 1, 8.0, 3),
    )
    other = scrape("1", 1, 1.0, 10)
    assert recorded([catching_up, behind, newest, other]) == (13, 0)
    assert recorded([catching_up, other]) == (10, 0)
