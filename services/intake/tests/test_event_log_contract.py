"""One contract for every event log: the fake, and Kafka."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer
from motcua_contracts.topics import DOSSIER_EVENTS
from motcua_intake.adapters.kafka_log import KafkaEventLog
from motcua_intake.domain.errors import LogAway
from motcua_intake.testing import NOW, FakeEventLog
from motcua_kernel.events import Event, Forwarded, Kind, SupplementSupplied
from motcua_kernel.instant import Instant
from motcua_platform.dossier_codec import event_from_record
from motcua_platform.kafka import make_broker
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.records import partition_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from faststream.kafka import KafkaBroker
    from motcua_intake.application.ports import EventLog

READ_SECONDS = 20


class Harness(Protocol):
    """A log, what a reader finds in it, and a way to lose it."""

    @property
    def log(self) -> EventLog: ...
    async def written(self, publisher: str, count: int) -> list[Event]: ...
    async def lose(self) -> None: ...


class FakeHarness:
    def __init__(self) -> None:
        self.log = FakeEventLog()

    async def written(self, publisher: str, count: int) -> list[Event]:
        found = [event for event in self.log.events if event.publisher == publisher]
        assert len(found) == count
        return found

    async def lose(self) -> None:
        self.log.is_away = True


@dataclass
class KafkaHarness:
    log: KafkaEventLog
    broker: KafkaBroker
    bootstrap: str

    async def written(self, publisher: str, count: int) -> list[Event]:
        consumer: Any = AIOKafkaConsumer(
            DOSSIER_EVENTS, bootstrap_servers=self.bootstrap, auto_offset_reset="earliest"
        )
        await consumer.start()
        found: list[Event] = []
        try:
            async with asyncio.timeout(READ_SECONDS):
                while len(found) < count:
                    record = await consumer.getone()
                    event = event_from_record(record.value, record.headers, Instant(0))
                    if event.publisher == publisher:
                        assert record.key == event.dossier.encode()
                        assert record.partition == partition_of(event.dossier.encode(), 24)
                        found.append(event)
        finally:
            await consumer.stop()
        return found

    async def lose(self) -> None:
        await self.log.close()


@pytest.fixture(params=["fake", pytest.param("kafka", marks=pytest.mark.real)])
async def harness(request: pytest.FixtureRequest) -> AsyncIterator[Harness]:
    if request.param == "fake":
        yield FakeHarness()
        return
    bootstrap: str = request.getfixturevalue("bootstrap_with_topics")
    broker = make_broker(KafkaConnection(bootstrap), "intake-contract")
    log = KafkaEventLog(broker, 10)
    await log.connect()
    yield KafkaHarness(log, broker, bootstrap)
    await log.close()
    await broker.stop()


def stories(publisher: str) -> list[Event]:
    return [
        Event(
            publisher,
            f"e-{dossier}-{step}",
            f"000.00.31.H16-200106-{dossier:04d}",
            Kind.FORWARDED if step else Kind.SUPPLEMENT_SUPPLIED,
            NOW,
            "/dak-rlap",
            step,
            Forwarded("tu-phap", str(step)) if step else SupplementSupplied(),
        )
        for step in range(3)
        for dossier in range(1, 41)
    ]


def of_dossier(events: Sequence[Event], code: str) -> list[Event]:
    return [event for event in events if event.dossier == code]


async def test_what_was_appended_is_read_back_in_order_for_each_dossier(harness: Harness) -> None:
    publisher = f"contract-{uuid4().hex}"
    events = stories(publisher)
    await harness.log.append(events)
    written = await harness.written(publisher, len(events))
    for code in {event.dossier for event in events}:
        assert of_dossier(written, code) == of_dossier(events, code)


async def test_a_log_in_reach_says_so(harness: Harness) -> None:
    assert harness.log.is_reachable


async def test_a_lost_log_promises_nothing(harness: Harness) -> None:
    await harness.lose()
    assert not harness.log.is_reachable
    with pytest.raises(LogAway):
        await harness.log.append(stories("contract-lost"))
