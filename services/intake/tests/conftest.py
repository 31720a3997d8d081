from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from kafka.admin import KafkaAdminClient
from motcua_cli.topic_admin import TopicAdmin
from motcua_contracts.topics import topics
from motcua_intake.bootstrap import build_app
from motcua_intake.settings import IntakeSettings
from motcua_intake.testing import KEY, FakeEventLog, FakeRegistrySource, fake_world
from motcua_platform.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[2] / "tests" / "fuzz")]


@pytest.fixture
def log() -> FakeEventLog:
    return FakeEventLog()


@pytest.fixture
def registry_source() -> FakeRegistrySource:
    return FakeRegistrySource()


@pytest.fixture
def settings() -> IntakeSettings:
    return read_settings(IntakeSettings, {"MOTCUA_KAFKA_BOOTSTRAP": "localhost:1"})


@pytest.fixture
async def client(
    log: FakeEventLog, registry_source: FakeRegistrySource, settings: IntakeSettings
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the app, with a good key."""
    transport = httpx.ASGITransport(build_app(settings, fake_world(log, registry_source)))
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://intake", headers=headers
    ) as client:
        yield client


@pytest.fixture
def bootstrap_with_topics(kafka_bootstrap: str) -> str:
    """The real Kafka, with our topics."""
    admin: Any = KafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    try:
        TopicAdmin(admin).apply(topics().values(), replication=1)
    finally:
        admin.close()
    return kafka_bootstrap
