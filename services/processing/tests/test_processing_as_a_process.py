"""The real process on a Kafka of its own: garbage in the events topic, and on it goes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncpg
import httpx
import pytest
from kafka_of_tests import compacted, read_all, write_events, write_records
from motcua.admin.v1.admin_pb2 import AdminEvent
from motcua.quarantine.v1 import quarantine_pb2 as pb
from motcua.registry.v1 import registry_pb2 as registry
from motcua_cli.local.services import environment
from motcua_cli.main import app
from motcua_cli.registry.files import read_registry, sourced
from motcua_cli.registry.log import write_entries
from motcua_cli.stack.kafka import KafkaServer
from motcua_cli.stack.ports import free_ports
from motcua_cli.topic_admin import topic_admin
from motcua_contracts.topics import (
    ADMIN_EVENTS,
    DOSSIER_EVENTS,
    DOSSIER_RELEASED,
    DOSSIER_STATES,
    QUARANTINE,
    ingress_of,
    ingress_topic,
    topics,
)
from motcua_kernel.snapshot import decode
from motcua_platform.dossier_codec import event_headers, event_to_value
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.records import partition_of
from motcua_platform.state_codec import state_to_value
from motcua_sample_dak_rlap import REGISTRY
from msgspec.structs import replace
from sample_registry import events_of_dossiers
from typer.testing import CliRunner

pytestmark = pytest.mark.real

_PATIENCE_SECONDS: Final = 60.0


@pytest.fixture(scope="module")
def kafka_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A broker with our topics, since their names are fixed and the process reads all of them."""
    with KafkaServer(tmp_path_factory.mktemp("kafka")) as server:
        with topic_admin(KafkaConnection(server.bootstrap)) as admin:
            admin.apply(topics().values(), replication=1)
        yield server.bootstrap


@dataclass(slots=True)
class Running:
    """A process of the service."""

    child: subprocess.Popen[bytes]
    url: str

    def ask(self, path: str) -> dict[str, Any] | None:
        """An answer, None while there is none."""
        assert self.child.poll() is None, "the process ended"
        try:
            answer = httpx.get(self.url + path, timeout=5)
        except httpx.TransportError:
            return None
        return answer.json() if answer.status_code == 200 else None

    def wait_for(self, path: str, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first answer that meets a condition."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            answer = self.ask(path)
            if answer is not None and condition(answer):
                return answer
            assert time.monotonic() < until, f"{path} stays {answer}"
            time.sleep(0.1)


@pytest.fixture
def running(kafka_of_its_own: str, books_url: str, tmp_path: Path) -> Iterator[Running]:
    """The service as the container runs it."""
    (port,) = free_ports(1)
    own = {
        "ENVIRONMENT": "development",
        "ACCESS": "open",
        "KAFKA_BOOTSTRAP": kafka_of_its_own,
        "DATABASE_URL": books_url,
        "HTTP_PORT": str(port),
    }
    with (tmp_path / "processing.log").open("wb") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "motcua_processing"], env=environment(own), stderr=log
        )
        try:
            yield Running(child, f"http://127.0.0.1:{port}")
        finally:
            child.kill()
            child.wait()


async def test_garbage_goes_to_quarantine_with_the_reason_and_the_partition_moves_on(
    kafka_of_its_own: str, books_url: str, running: Running
) -> None:
    bootstrap = kafka_of_its_own
    await write_entries(KafkaConnection(bootstrap), read_registry([REGISTRY]))
    events = events_of_dossiers(500)
    partition = partition_of(events[0].dossier.encode(), topics()[DOSSIER_EVENTS].partitions)
    headers = event_headers(events[0])
    garbage: list[tuple[bytes, bytes | None, list[tuple[str, bytes]]]] = [
        (b"x", b"\xff\xfe garbage", headers),
        (b"\xff", None, []),
        (b"x", event_to_value(events[0]), [("ce_id", b"\xff"), *headers[3:]]),
    ]
    await write_records(bootstrap, DOSSIER_EVENTS, garbage, partition)
    await write_events(bootstrap, DOSSIER_EVENTS, events)

    running.wait_for("/readyz", lambda parts: all(parts.values()))
    running.wait_for("/v1/progress", lambda one: one == {"lag": 0, "unpublished": 0})

    answer = running.ask(f"/v1/dossiers/{events[0].dossier}")
    assert answer is not None
    mine = [event for event in events if event.dossier == events[0].dossier]
    assert {line["event_id"] for line in answer["timeline"]} == {one.event_id for one in mine}

    connection = await asyncpg.connect(books_url, server_settings={"search_path": "motcua"})
    try:
        assert await connection.fetchval("SELECT count(*) FROM journal") == len(events)
        snapshots = await connection.fetch("SELECT code, snapshot FROM dossiers")
        until = time.monotonic() + _PATIENCE_SECONDS
        while await connection.fetchval("SELECT count(*) FROM quarantine WHERE NOT published"):
            assert time.monotonic() < until
    finally:
        await connection.close()

    told = {one.key: one.value for one in await read_all(bootstrap, QUARANTINE)}
    kept = [pb.QuarantinedRecord.FromString(value or b"") for value in told.values()]
    assert {(one.partition, one.offset) for one in kept} == {(partition, n) for n in range(3)}
    assert {one.value for one in kept} == {value or b"" for _, value, _ in garbage}
    assert all(one.rule for one in kept)

    states = compacted(await read_all(bootstrap, DOSSIER_STATES))
    expected = {code: decode(snapshot) for code, snapshot in snapshots}
    assert states == {code: state_to_value(one) for code, one in expected.items() if one}
    assert len(states) == len({event.dossier for event in events})

    running.child.send_signal(signal.SIGTERM)
    assert running.child.wait(timeout=30) in (0, -signal.SIGTERM)


async def test_a_record_of_an_ingress_topic_is_mended_by_command_and_applied(
    kafka_of_its_own: str, running: Running, tmp_path: Path
) -> None:
    bootstrap = kafka_of_its_own
    await write_entries(KafkaConnection(bootstrap), read_registry([REGISTRY]))
    publisher = registry.RegistryEntry(
        publisher=registry.Publisher(id="xa-thu", name="Xã thử", units=["666"])
    )
    await write_entries(KafkaConnection(bootstrap), [sourced(publisher, "test")])
    good = replace(
        events_of_dossiers(3_000)[1],
        publisher="xa-thu",
        event_id="r-1",
        dossier="000.00.31.H16-200102-9001",
    )
    change: Any = good.change
    bad = replace(good, change=replace(change, receiving_unit="67", resolving_unit="67"))
    with topic_admin(KafkaConnection(bootstrap)) as admin:
        admin.apply([ingress_of("xa-thu")], replication=1)
    await write_events(bootstrap, ingress_topic("xa-thu"), [bad])

    running.wait_for("/readyz", lambda parts: all(parts.values()))
    path = "/v1/events/xa-thu/r-1"
    found = running.wait_for(path, lambda one: one["status"] == "quarantined")
    record = found["record"]
    assert found["rule"] == "authority"

    def motcua(*arguments: str) -> str:
        result = CliRunner().invoke(app, ["quarantine", *arguments, "--url", running.url])
        assert result.exit_code == 0, result.output
        return result.stdout

    assert record in motcua("list", "--publisher", "xa-thu")
    assert "authority" in motcua("explain", record)
    shown = json.loads(motcua("show", record))
    shown["event"]["received"] |= {"receivingUnit": "666", "resolvingUnit": "666"}
    mended = tmp_path / "mended.json"
    mended.write_text(json.dumps(shown), "utf-8")
    motcua("release", record, "--reason", "wrong-unit", "--event", str(mended))

    applied = running.wait_for(path, lambda one: one["status"] == "applied")
    assert applied["position"]["topic"] == DOSSIER_RELEASED
    kept = [
        AdminEvent.FromString(one.value or b"") for one in await read_all(bootstrap, ADMIN_EVENTS)
    ]
    (decision,) = [one.quarantine_decision for one in kept if one.HasField("quarantine_decision")]
    assert decision.reason == "wrong-unit"
    assert list(decision.mended) == ["received.receivingUnit", "received.resolvingUnit"]
