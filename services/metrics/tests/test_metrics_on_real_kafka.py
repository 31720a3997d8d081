"""The process as it is deployed, on a real Kafka, with states written as processing writes them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from aiokafka import AIOKafkaProducer
from motcua.registry.v1 import registry_pb2 as pb
from motcua_cli.stack import KafkaServer, StackError
from motcua_cli.topic_admin import topic_admin
from motcua_contracts.topics import DOSSIER_STATES, REGISTRY_EVENTS, topics
from motcua_kernel.calendar import OFFICE_WEEK
from motcua_kernel.clock import EndRule, Limit, LimitUnit
from motcua_kernel.derive import derive
from motcua_kernel.events import Channel
from motcua_kernel.instant import at_local
from motcua_kernel.life_cycle import Status
from motcua_kernel.registry import Registry
from motcua_kernel.snapshot import Snapshot
from motcua_kernel.state import DossierState
from motcua_platform.records import partition_of
from motcua_platform.registry_codec import entry_from_proto
from motcua_platform.state_codec import state_to_value
from prometheus_client.parser import text_string_to_metric_families

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from motcua_kernel.instant import Instant

pytestmark = pytest.mark.real

_UNIT = "24733"
_LIMIT = Limit(LimitUnit.WORKING_DAYS, 5 * 480, EndRule.SAME_MOMENT, None)
_RECEIVED = at_local(date(2020, 10, 26), 9 * 60)
_WITHIN_SECONDS = 30.0


@pytest.fixture(scope="module")
def bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A broker of this module's own: the states topic must hold nothing but its states."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(KafkaServer(tmp_path_factory.mktemp("kafka")))
        except StackError as error:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(str(error))
        with topic_admin(server.bootstrap) as admin:
            declared = topics()
            admin.apply([declared[REGISTRY_EVENTS], declared[DOSSIER_STATES]], replication=1)
        yield server.bootstrap


@dataclass
class Service:
    """A running `python -m motcua_metrics`."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    def samples(self) -> dict[tuple[str, ...], float]:
        """Values by (name, *labels in the order of the label names)."""
        page = httpx.get(f"{self.url}/metrics", trust_env=False).text
        return {
            (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
            for family in text_string_to_metric_families(page)
            for sample in family.samples
        }

    def is_ready(self) -> bool:
        """Whether /readyz says so; False while nobody listens."""
        assert self.process.poll() is None, "the service ended"
        try:
            return httpx.get(f"{self.url}/readyz", trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    def in_progress(self, timing: str) -> float | None:
        """Dossiers in progress of the unit's department `kt`."""
        return self.samples().get(("motcua_dossiers_in_progress", "kt", timing, _UNIT))


@pytest.fixture
def start(bootstrap: str, tmp_path: Path, free_port: int) -> Iterator[Callable[[], Service]]:
    """Starts the service; what was started is killed at the end."""
    with ExitStack() as stack:

        def started() -> Service:
            log_file = tmp_path / "metrics.log"
            log = stack.enter_context(log_file.open("ab"))
            environment = {
                "MOTCUA_ENVIRONMENT": "development",
                "MOTCUA_ACCESS": "open",
                "MOTCUA_KAFKA_BOOTSTRAP": bootstrap,
                "MOTCUA_HTTP_PORT": str(free_port),
            }
            process = subprocess.Popen(
                [sys.executable, "-m", "motcua_metrics"], env=os.environ | environment, stderr=log
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
            service = Service(process, f"http://127.0.0.1:{free_port}", log_file)
            _eventually(service.is_ready)
            return service

        yield started


def _eventually(condition: Callable[[], bool]) -> None:
    give_up = time.monotonic() + _WITHIN_SECONDS
    while not condition():
        assert time.monotonic() < give_up, f"not true within {_WITHIN_SECONDS} s"
        time.sleep(0.05)


def _snapshot(dossier: str, status: Status = Status.IN_PROCESS, **changes: Any) -> bytes:
    state = DossierState(
        dossier,
        status,
        channel=Channel.COUNTER,
        receiving_unit=_UNIT,
        resolving_unit=_UNIT,
        reporting_unit=_UNIT,
        department="kt",
        received_at=_RECEIVED,
        limit=_LIMIT,
        events=1,
        recorded_at=_RECEIVED,
        **changes,
    )
    return state_to_value(Snapshot(state, derive(state, _kernel_registry())))


def _frozen_at(moment: Instant) -> pb.RegistryEntry:
    mapping = pb.ClockMapping(real_anchor=0, domain_anchor=moment, rate=0)
    return pb.RegistryEntry(clock_mapping=mapping)


def _registry() -> list[pb.RegistryEntry]:
    days = [
        pb.WorkingDay(
            windows=[pb.Window(start_minute=w.start_minute, end_minute=w.end_minute) for w in day]
        )
        for day in OFFICE_WEEK
    ]
    week = pb.WorkingWeek(days=days, first_day="2019-01-01", last_day="2021-12-31")
    unit = pb.Unit(id=_UNIT, code=_UNIT, name="Xã Kiến Thành", level=pb.UNIT_LEVEL_COMMUNE)
    unit.departments.add(id="kt", name="Kinh tế")
    return [
        pb.RegistryEntry(working_week=week),
        pb.RegistryEntry(unit=unit),
        _frozen_at(at_local(date(2020, 10, 30), 17 * 60)),
    ]


def _kernel_registry() -> Registry:
    return Registry().with_entries(enumerate(entry_from_proto(one) for one in _registry()))


async def _write_registry(bootstrap: str, *entries: pb.RegistryEntry) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all") as producer:
        for entry in entries:
            await producer.send_and_wait(REGISTRY_EVENTS, entry.SerializeToString())


async def _write_states(
    bootstrap: str, states: dict[str, bytes | None], *, abort: bool = False
) -> None:
    """One transaction, as processing publishes: its marker takes the last offset."""
    partitions = topics()[DOSSIER_STATES].partitions
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, transactional_id="test-lane")
    async with producer:
        await producer.begin_transaction()
        for dossier, value in states.items():
            key = dossier.encode()
            partition = partition_of(key, partitions)
            await producer.send_and_wait(DOSSIER_STATES, value, key, partition)
        await (producer.abort_transaction() if abort else producer.commit_transaction())


async def test_it_reads_the_log_follows_it_and_comes_back_with_the_same_figures(
    bootstrap: str, start: Callable[[], Service]
) -> None:
    codes = [f"000.00.31.H16-201026-{n:04d}" for n in range(60)]
    await _write_registry(bootstrap, *_registry())
    await _write_states(bootstrap, {code: _snapshot(code) for code in codes})
    await _write_states(bootstrap, {codes[0]: None})
    await _write_states(bootstrap, {"000.00.31.H16-201026-9999": _snapshot("x")}, abort=True)

    service = start()
    assert service.in_progress("due_soon") == 59
    assert service.samples()["motcua_dossiers_received_total", "counter", "kt", _UNIT] == 0

    resolved_at = at_local(date(2020, 10, 30), 15 * 60)
    result = _snapshot(codes[1], Status.RESOLVED, resolved_at=resolved_at)
    await _write_states(bootstrap, {codes[1]: result})
    _eventually(lambda: service.in_progress("due_soon") == 58)
    samples = service.samples()
    assert samples["motcua_dossiers_resolved_total", "kt", "early", _UNIT] == 1
    assert samples["motcua_on_time_ratio", "form06", "", "year", _UNIT] == 1

    await _write_registry(bootstrap, _frozen_at(at_local(date(2020, 11, 3), 8 * 60)))
    _eventually(lambda: service.in_progress("overdue") == 58)
    before = _business(service.samples())
    service.process.kill()
    service.process.wait()

    again = start()
    assert _business(again.samples()) == before
    again.process.terminate()
    assert again.process.wait(_WITHIN_SECONDS) in {0, -signal.SIGTERM}
    assert b'"level": "error"' not in again.log.read_bytes()


def _business(samples: dict[tuple[str, ...], float]) -> dict[tuple[str, ...], float]:
    """Without the counters, which start at 0 with each process, and the process's own metrics."""
    return {
        key: value
        for key, value in samples.items()
        if key[0].startswith("motcua_")
        and not key[0].startswith("motcua_metrics_")
        and not key[0].endswith("_total")
    }
