"""The parts a benchmark runs on: real Kafka and PostgreSQL, and processing as a process."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
from motcua_cli.demo.sample import fill_registry, keys_of
from motcua_cli.stack import Backbone
from motcua_cli.topic_admin import topic_admin
from motcua_contracts.topics import topics
from motcua_platform.kafka_connection import KafkaConnection

SCHEMA = "motcua"


@dataclass(frozen=True, slots=True)
class Parts:
    """Where they answer."""

    bootstrap: str
    database_url: str
    folder: Path

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of a service."""
        own = {
            "MOTCUA_ENVIRONMENT": "development",
            "MOTCUA_ACCESS": "open",
            "MOTCUA_KAFKA_BOOTSTRAP": self.bootstrap,
        }
        kept = {name: value for name, value in os.environ.items() if "MOTCUA_" not in name}
        return kept | own | more


@contextmanager
def parts(folder: Path) -> Generator[Parts]:
    """Kafka and PostgreSQL with topics and the sample's registry."""
    with bare_parts(folder) as running:
        fill_registry(KafkaConnection(running.bootstrap), keys_of(folder))
        yield running


@contextmanager
def bare_parts(folder: Path) -> Generator[Parts]:
    """Kafka and PostgreSQL with empty topics."""
    with Backbone(folder) as backbone:
        with topic_admin(backbone.connection) as admin:
            admin.apply(topics().values(), replication=1)
        yield Parts(backbone.connection.bootstrap, backbone.database_url, folder)


def processing(parts: Parts, port: int, log: str = "processing") -> subprocess.Popen[bytes]:
    """A processing process, as production runs it."""
    environment = parts.environment(
        MOTCUA_DATABASE_URL=parts.database_url, MOTCUA_HTTP_PORT=str(port)
    )
    with (parts.folder / f"{log}.log").open("wb") as errors:
        return subprocess.Popen(
            [sys.executable, "-m", "motcua_processing"], env=environment, stderr=errors
        )


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process that this benchmark started."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


async def in_schema(parts: Parts) -> asyncpg.Connection[Any]:
    """A connection in the schema of processing."""
    return await asyncpg.connect(parts.database_url, server_settings={"search_path": SCHEMA})


async def fresh_schema(parts: Parts) -> asyncpg.Connection[Any]:
    """An empty, migrated schema, and a connection in it."""
    connection = await in_schema(parts)
    await connection.execute(f'DROP SCHEMA IF EXISTS "{SCHEMA}" CASCADE')
    migrated = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "motcua_processing.migrate",
        env=parts.environment(MOTCUA_DATABASE_URL=parts.database_url),
    )
    if await migrated.wait():
        raise RuntimeError("the migrations failed")
    return connection


async def until(done: Callable[[], Awaitable[bool]], deadline: float = 900.0) -> float:
    """Poll an async condition every 50 ms; returns the moment it held."""
    ends = time.monotonic() + deadline
    while not await done():
        if time.monotonic() > ends:
            raise TimeoutError
        await asyncio.sleep(0.05)
    return time.monotonic()
