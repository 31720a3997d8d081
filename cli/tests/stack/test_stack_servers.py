"""The real servers: what they acknowledged survives a kill, and two of them live side by side."""

import socket
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, cast

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from motcua_cli.stack import (
    Backbone,
    KafkaServer,
    PostgresServer,
    StackError,
    kafka,
    postgres,
)

pytestmark = pytest.mark.real

TOPIC = "written"
connect = cast("Callable[[str], Awaitable[Any]]", asyncpg.connect)  # it ships no types


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[KafkaServer]:
    with KafkaServer(tmp_path / "kafka") as server:
        yield server


@pytest.fixture
def database(tmp_path: Path) -> Iterator[PostgresServer]:
    with PostgresServer(tmp_path / "postgres") as server:
        yield server


async def create_topic(bootstrap: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(TOPIC, 1, 1)])
    finally:
        await admin.close()


async def write(bootstrap: str, value: bytes) -> None:
    async with AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", enable_idempotence=True
    ) as producer:
        await producer.send_and_wait(TOPIC, value)


async def read(bootstrap: str, count: int) -> list[bytes | None]:
    async with AIOKafkaConsumer(
        bootstrap_servers=bootstrap, auto_offset_reset="earliest"
    ) as consumer:
        consumer.assign([TopicPartition(TOPIC, 0)])
        return [(await consumer.getone()).value for _ in range(count)]


async def test_an_acknowledged_message_survives_a_killed_broker(broker: KafkaServer) -> None:
    await create_topic(broker.bootstrap)
    await write(broker.bootstrap, b"before")
    cluster, bootstrap, pid = broker.cluster_id, broker.bootstrap, broker.pid
    broker.kill()
    assert broker.pid is None
    broker.start()
    await write(broker.bootstrap, b"after")
    assert await read(broker.bootstrap, 2) == [b"before", b"after"]
    assert (broker.cluster_id, broker.bootstrap) == (cluster, bootstrap)
    assert broker.pid != pid


async def test_an_ordered_restart_keeps_messages_and_a_new_port_keeps_the_cluster(
    broker: KafkaServer, tmp_path: Path
) -> None:
    await create_topic(broker.bootstrap)
    await write(broker.bootstrap, b"kept")
    broker.restart()
    assert await read(broker.bootstrap, 1) == [b"kept"]
    cluster = broker.cluster_id
    broker.stop()
    with KafkaServer(tmp_path / "kafka") as other:
        assert await read(other.bootstrap, 1) == [b"kept"]
        assert other.cluster_id == cluster


def test_a_data_folder_in_use_is_refused(
    broker: KafkaServer,
    database: PostgresServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert broker.pid
    assert database.pid
    for module in (kafka, postgres):
        monkeypatch.setattr(module, "_LOCK_PATIENCE_SECONDS", 0.0)
    for second in (KafkaServer(tmp_path / "kafka"), PostgresServer(tmp_path / "postgres")):
        with pytest.raises(StackError, match="Another stack is using"):
            second.start()


async def test_a_committed_row_survives_a_killed_server(database: PostgresServer) -> None:
    connection = await connect(database.url)
    await connection.execute("create table written (word text)")
    await connection.execute("insert into written values ('hồ sơ')")
    database.kill()
    database.start()
    connection = await connect(database.url)
    assert await connection.fetchval("select word from written") == "hồ sơ"
    await connection.close()


async def test_commits_are_durable_and_only_loopback_is_served(database: PostgresServer) -> None:
    connection = await connect(database.url)
    shown = {
        name: await connection.fetchval(f"show {name}")
        for name in ("fsync", "full_page_writes", "synchronous_commit", "listen_addresses", "jit")
    }
    await connection.close()
    assert shown == {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "listen_addresses": "127.0.0.1",
        "jit": "off",
    }


async def test_two_stacks_run_side_by_side(tmp_path: Path) -> None:
    with Backbone(tmp_path / "a") as one, Backbone(tmp_path / "b") as two:
        for stack, value in ((one, b"a"), (two, b"b")):
            await create_topic(stack.connection.bootstrap)
            await write(stack.connection.bootstrap, value)
        assert await read(one.connection.bootstrap, 1) == [b"a"]
        assert await read(two.connection.bootstrap, 1) == [b"b"]
        assert one.database_url != two.database_url
        with pytest.raises(StackError, match="Another stack is using"):
            Backbone(tmp_path / "a").start()


def test_named_servers_are_used_and_nothing_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTCUA_KAFKA_BOOTSTRAP", "127.0.0.1:9092")
    monkeypatch.setenv("MOTCUA_DATABASE_URL", "postgresql://there/motcua")
    with Backbone(tmp_path) as stack:
        assert stack.kafka is None
        assert stack.postgres is None
        assert stack.connection.bootstrap == "127.0.0.1:9092"
        assert stack.database_url == "postgresql://there/motcua"


def test_a_port_in_use_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = int(other.getsockname()[1])
        for server in (
            KafkaServer(tmp_path / "kafka", port=taken),
            PostgresServer(tmp_path / "postgres", port=taken),
        ):
            with pytest.raises(StackError, match=f"^Port {taken} is in use"):
                server.start()


def test_a_broker_that_cannot_start_says_where_to_look(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"Kafka ended with code .* see .*kafka\.log"):
        KafkaServer(tmp_path, heap_mb=1).start()
