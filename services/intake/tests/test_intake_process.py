"""Intake as a process on a real Kafka: it starts, answers, dies in the wrong moment, stops."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from motcua.registry.v1 import registry_pb2 as pb
from motcua_contracts.topics import DOSSIER_EVENTS, REGISTRY_EVENTS
from motcua_intake.testing import received
from motcua_platform.registry_codec import entry_key

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator

pytestmark = pytest.mark.real
PATIENCE_SECONDS = 60


@pytest.fixture
async def publisher(bootstrap_with_topics: str) -> str:
    """A publisher of this test alone; its id is its key, and its only unit has the same id."""
    name = f"intake-test-{uuid4().hex[:8]}"
    digest = sha256(name.encode()).hexdigest()
    entries = [
        pb.RegistryEntry(unit=pb.Unit(id=name, code=name, name=name)),
        pb.RegistryEntry(
            procedure=pb.Procedure(code="1.000894", name="x", valid_from="2019-01-01")
        ),
        pb.RegistryEntry(
            publisher=pb.Publisher(id=name, name=name, units=[name], key_sha256=[digest])
        ),
    ]
    producer: Any = AIOKafkaProducer(bootstrap_servers=bootstrap_with_topics, acks="all")
    await producer.start()
    for entry in entries:
        value = entry.SerializeToString()
        await producer.send_and_wait(REGISTRY_EVENTS, value, entry_key(entry).encode())
    await producer.stop()
    return name


@asynccontextmanager
async def intake(
    bootstrap: str, publisher: str, failpoint: str = ""
) -> AsyncGenerator[tuple[Process, httpx.AsyncClient]]:
    """The running service, ready, and a client of it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    others = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    environment = others | {
        "MOTCUA_KAFKA_BOOTSTRAP": bootstrap,
        "MOTCUA_HTTP_PORT": str(port),
        "MOTCUA_ENVIRONMENT": "development",
        "MOTCUA_FAILPOINT": failpoint,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "motcua_intake", env=environment
    )
    try:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", headers={"X-API-Key": publisher}
        ) as client:
            await until_ready(process, client)
            yield process, client
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def until_ready(process: Process, client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            assert process.returncode is None
            try:
                if (await client.get("/readyz")).is_success:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)


def an_event(publisher: str) -> dict[str, Any]:
    units = {"receiving_unit": publisher, "resolving_unit": publisher}
    return received(data=received()["data"] | units)


async def times_written(bootstrap: str, publisher: str) -> int:
    consumer: Any = AIOKafkaConsumer(
        DOSSIER_EVENTS, bootstrap_servers=bootstrap, auto_offset_reset="earliest"
    )
    await consumer.start()
    ends = await consumer.end_offsets(consumer.assignment())
    written = 0
    async with asyncio.timeout(PATIENCE_SECONDS):
        while any([await consumer.position(part) < end for part, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                written += sum(
                    dict(record.headers)["ce_publisher"] == publisher.encode() for record in records
                )
    await consumer.stop()
    return written


async def test_it_answers_from_a_real_log_and_stops_in_order(
    bootstrap_with_topics: str, publisher: str
) -> None:
    async with intake(bootstrap_with_topics, publisher) as (process, client):
        answers = [(await client.post("/v1/events", json=an_event(publisher))).json()]
        answers.append((await client.post("/v1/events", json=an_event(publisher))).json())
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), PATIENCE_SECONDS)
    assert [answer["results"][0]["status"] for answer in answers] == ["accepted", "repeated"]
    assert process.returncode in (0, -signal.SIGTERM)
    assert await times_written(bootstrap_with_topics, publisher) == 1


@pytest.mark.faults
@pytest.mark.parametrize(
    ("failpoint", "written"), [("intake.before_send", 1), ("intake.before_answer", 2)]
)
async def test_killed_before_its_answer_it_has_promised_nothing_and_a_retry_is_good(
    bootstrap_with_topics: str, publisher: str, failpoint: str, written: int
) -> None:
    event = an_event(publisher)
    async with intake(bootstrap_with_topics, publisher, failpoint) as (process, client):
        with pytest.raises(httpx.TransportError):
            await client.post("/v1/events", json=event)
        await asyncio.wait_for(process.wait(), PATIENCE_SECONDS)
        assert process.returncode == -signal.SIGKILL
    async with intake(bootstrap_with_topics, publisher) as (_, client):
        answer = (await client.post("/v1/events", json=event)).json()
    assert answer["accepted"] == 1
    assert await times_written(bootstrap_with_topics, publisher) == written
