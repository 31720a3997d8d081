"""metrics as a process on a real Kafka, with a log written as processing and the CLI write it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
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
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.records import partition_of
from motcua_platform.registry_codec import entry_from_proto
from motcua_platform.state_codec import state_to_value
from prometheus_client.parser import text_string_to_metric_families

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from motcua_kernel.instant import Instant

UNIT = "24733"
LIMIT = Limit(LimitUnit.WORKING_DAYS, 5 * 480, EndRule.SAME_MOMENT, None)
RECEIVED = at_local(date(2020, 10, 26), 9 * 60)
WITHIN_SECONDS = 60.0


@contextmanager
def kafka_of_its_own(folder: Path) -> Generator[str]:
    """A broker whose states topic holds nothing but what a module writes."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(KafkaServer(folder))
        except StackError as error:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(str(error))
        with topic_admin(KafkaConnection(server.bootstrap)) as admin:
            declared = topics()
            admin.apply([declared[REGISTRY_EVENTS], declared[DOSSIER_STATES]], replication=1)
        yield server.bootstrap


def start_service(bootstrap: str, port: int, log_file: Path, **more: str) -> Service:
    """Starts `python -m motcua_metrics`; whoever calls waits for it and ends it."""
    environment = {
        "MOTCUA_ENVIRONMENT": "development",
        "MOTCUA_ACCESS": "open",
        "MOTCUA_KAFKA_BOOTSTRAP": bootstrap,
        "MOTCUA_HTTP_PORT": str(port),
    }
    with log_file.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "motcua_metrics"],
            env=os.environ | environment | more,
            stderr=log,
        )
    return Service(process, f"http://127.0.0.1:{port}", log_file)


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
        return self.samples().get(("motcua_dossiers_in_progress", "kt", timing, UNIT))


def eventually(condition: Callable[[], bool]) -> None:
    give_up = time.monotonic() + WITHIN_SECONDS
    while not condition():
        assert time.monotonic() < give_up, f"not true within {WITHIN_SECONDS} s"
        time.sleep(0.05)


def snapshot(dossier: str, status: Status = Status.IN_PROCESS, **changes: Any) -> bytes:
    state = DossierState(
        dossier,
        status,
        channel=Channel.COUNTER,
        receiving_unit=UNIT,
        resolving_unit=UNIT,
        reporting_unit=UNIT,
        department="kt",
        received_at=RECEIVED,
        limit=LIMIT,
        events=1,
        recorded_at=RECEIVED,
        **changes,
    )
    return state_to_value(Snapshot(state, derive(state, kernel_registry())))


def frozen_at(moment: Instant) -> pb.RegistryEntry:
    mapping = pb.ClockMapping(real_anchor=0, domain_anchor=moment, rate=0)
    return pb.RegistryEntry(clock_mapping=mapping)


def registry() -> list[pb.RegistryEntry]:
    days = [
        pb.WorkingDay(
            windows=[pb.Window(start_minute=w.start_minute, end_minute=w.end_minute) for w in day]
        )
        for day in OFFICE_WEEK
    ]
    week = pb.WorkingWeek(days=days, first_day="2019-01-01", last_day="2021-12-31")
    unit = pb.Unit(id=UNIT, code=UNIT, name="Xã Kiến Thành", level=pb.UNIT_LEVEL_COMMUNE)
    unit.departments.add(id="kt", name="Kinh tế")
    return [
        pb.RegistryEntry(working_week=week),
        pb.RegistryEntry(unit=unit),
        frozen_at(at_local(date(2020, 10, 30), 17 * 60)),
    ]


def kernel_registry() -> Registry:
    return Registry().with_entries(enumerate(entry_from_proto(one) for one in registry()))


async def write_registry(bootstrap: str, *entries: pb.RegistryEntry) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all") as producer:
        for entry in entries:
            await producer.send_and_wait(REGISTRY_EVENTS, entry.SerializeToString())


async def write_states(
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
