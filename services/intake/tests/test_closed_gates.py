"""A publisher that intake is closed to is told so, and loses nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest
from aiokafka import AIOKafkaProducer
from motcua.admin.v1.admin_pb2 import AdminEvent, PublisherGate
from motcua_contracts.topics import ADMIN_EVENTS
from motcua_intake.adapters.gate_feed import GateFeed
from motcua_intake.bootstrap import build_app
from motcua_intake.domain.gates import Gate, Gates
from motcua_intake.testing import (
    KEY,
    STRANGER_KEY,
    FakeEventLog,
    FakeRegistrySource,
    fake_world,
    received,
)
from motcua_platform.kafka import make_broker
from motcua_platform.kafka_connection import KafkaConnection

if TYPE_CHECKING:
    from motcua_intake.settings import IntakeSettings


async def test_the_answer_names_the_cap_and_when_to_ask_again_and_others_are_let_in(
    settings: IntakeSettings,
) -> None:
    gates, log = Gates(), FakeEventLog()
    gates.set("dak-rlap", Gate("run", 20, 20))
    app = build_app(settings, fake_world(log, FakeRegistrySource(), gates=gates))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://intake") as client:

        async def send(key: str, path: str = "/v1/events") -> httpx.Response:
            headers = {"Authorization": f"Bearer {key}", "Accept-Language": "en"}
            return await client.post(path, json=received(), headers=headers)

        answer = await send(KEY)
        assert answer.status_code == 503
        told = answer.json()
        assert told["type"] == "urn:motcua:problem:publisher-closed"
        assert (told["rule"], told["quarantined"], told["looked_at"]) == ("run", 20, 20)
        assert int(answer.headers["Retry-After"]) > 0
        assert (await send(KEY, "/v1/imports")).status_code == 503
        assert (await send(STRANGER_KEY)).status_code != 503
        assert "motcua_intake_publishers_closed 1.0" in (await client.get("/metrics")).text
        gates.set("dak-rlap", None)
        assert (await send(KEY)).status_code == 202
    assert len(log.events) == 1


async def test_nobody_is_let_in_before_it_is_known_to_whom_intake_is_closed(
    settings: IntakeSettings,
) -> None:
    gates, log = Gates(are_known=False), FakeEventLog()
    app = build_app(settings, fake_world(log, FakeRegistrySource(), gates=gates))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://intake") as client:
        headers = {"Authorization": f"Bearer {KEY}"}

        async def send() -> int:
            return (await client.post("/v1/events", json=received(), headers=headers)).status_code

        assert (await client.get("/readyz")).status_code == 503
        assert await send() == 503
        gates.are_known = True
        assert (await client.get("/readyz")).status_code == 200
        assert await send() == 202


@pytest.mark.real
async def test_gates_follow_the_admin_topic(bootstrap_with_topics: str) -> None:
    gates = Gates(are_known=False)
    broker = make_broker(KafkaConnection(bootstrap_with_topics), "gates")
    feed = GateFeed(broker, gates)
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap_with_topics)
    await producer.start()

    async def tell(*, closed: bool) -> None:
        gate = PublisherGate(publisher="xa-thu", closed=closed, rule="run")
        value = AdminEvent(id=f"gate-{closed}", publisher_gate=gate).SerializeToString()
        await producer.send_and_wait(ADMIN_EVENTS, value)

    async def wait_for(*names: str) -> None:
        async with asyncio.timeout(30):
            while gates.closed != names:  # noqa: ASYNC110 - nothing rings
                await asyncio.sleep(0.05)

    try:
        await producer.send_and_wait(ADMIN_EVENTS, b"\xff no event")
        await tell(closed=True)
        await broker.connect()
        await feed.start()
        await wait_for("xa-thu")
        async with asyncio.timeout(30):
            while not gates.are_known:  # noqa: ASYNC110 - nothing rings
                await asyncio.sleep(0.05)
        await tell(closed=False)
        await wait_for()
    finally:
        await producer.stop()
        await broker.stop()
