from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from kafka.admin import KafkaAdminClient
from motcua_cli.stack.kafka import KafkaServer
from motcua_cli.topic_admin import TopicAdmin
from motcua_contracts.topics import topics
from motcua_intake.bootstrap import build_app
from motcua_intake.settings import IntakeSettings
from motcua_intake.testing import KEY, FakeEventLog, FakeRegistrySource, fake_world
from motcua_platform.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


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


@pytest.fixture(scope="session")
def kafka_bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Kafka with our topics: the named one, or one of our own."""
    named = os.environ.get("MOTCUA_KAFKA_BOOTSTRAP")
    if named:
        _apply_topics(named)
        yield named
        return
    with KafkaServer(tmp_path_factory.mktemp("kafka")) as server:
        _apply_topics(server.bootstrap)
        yield server.bootstrap


def _apply_topics(bootstrap: str) -> None:
    admin: Any = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        TopicAdmin(admin).apply(topics().values(), replication=1)
    finally:
        admin.close()
