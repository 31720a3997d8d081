"""The real process tells notices; a rebuild, live or of tables that were lost, tells none again."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import asyncpg
import httpx
import pytest
from kafka_of_tests import read_all, write_events
from motcua_cli.clock_entries import frozen
from motcua_cli.local.services import environment
from motcua_cli.registry.files import read_registry
from motcua_cli.registry.log import write_entries
from motcua_cli.stack.kafka import KafkaServer
from motcua_cli.stack.ports import free_ports
from motcua_cli.topic_admin import topic_admin
from motcua_contracts.topics import DEADLINE_NOTICES, DOSSIER_EVENTS, topics
from motcua_kernel.events import Channel, Event, Kind, Received
from motcua_kernel.instant import Instant, parse_rfc3339
from motcua_platform.kafka_connection import KafkaConnection
from motcua_processing.adapters.notices_topic import notice_from_value
from motcua_processing.domain.notices import Act, Notice
from motcua_processing.migrate import migrate
from motcua_sample_dak_rlap import REGISTRY
from notice_cases import rungs
from open_books_of_tests import SCHEMA

pytestmark = pytest.mark.real

_PATIENCE_SECONDS: Final = 60.0
_CODES: Final = tuple(f"000.00.31.H16-200601-{number:04}" for number in range(1, 5))

_LATER_CODES: Final = tuple(f"000.00.31.H16-200601-9{number:03}" for number in range(3))


def june(day: int, clock: str = "09:00") -> Instant:
    """A moment of June 2020, local time."""
    return parse_rfc3339(f"2020-06-{day:02}T{clock}:00+07:00")


def received(code: str) -> Event:
    """A receipt on Monday 1 June 2020 under a limit of three working days."""
    change = Received("2.000528", Channel.COUNTER, "666", "666", "666", "tu-phap")
    source = "/dak-rlap/mot-cua"
    return Event("dak-rlap", f"receipt of {code}", code, Kind.RECEIVED, june(1), source, 1, change)


@pytest.fixture(scope="module")
def kafka_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A broker with our topics, since their names are fixed and the process reads all of them."""
    with KafkaServer(tmp_path_factory.mktemp("kafka")) as server:
        with topic_admin(KafkaConnection(server.bootstrap)) as admin:
            admin.apply(topics().values(), replication=1)
        yield server.bootstrap


class World:
    """A log, a database, and the service when it runs."""

    def __init__(self, bootstrap: str, url: str, folder: Path) -> None:
        self.bootstrap = bootstrap
        self.url = url
        self._log = folder / "processing.log"
        (self._port,) = free_ports(1)
        own = {
            "ENVIRONMENT": "development",
            "ACCESS": "open",
            "KAFKA_BOOTSTRAP": bootstrap,
            "DATABASE_URL": url,
            "NOTICE_TICK_SECONDS": "0.1",
        }
        self._rebuild = environment(own)
        self._service = environment(own | {"HTTP_PORT": str(self._port)})

    @contextmanager
    def running(self) -> Generator[None]:
        """The service as the container runs it, killed at the end."""
        with self._log.open("ab") as log:
            child = subprocess.Popen(
                [sys.executable, "-m", "motcua_processing"], env=self._service, stderr=log
            )
            try:
                self._wait_ready(child)
                yield
                assert child.poll() is None, self._log.read_text("utf-8")[-3_000:]
            finally:
                child.kill()
                child.wait()

    def _wait_ready(self, child: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            assert child.poll() is None, self._log.read_text("utf-8")[-3_000:]
            try:
                if httpx.get(f"http://127.0.0.1:{self._port}/readyz", timeout=5).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            assert time.monotonic() < until
            time.sleep(0.1)

    def rebuild(self) -> str:
        """A rebuild from the log alone; its report."""
        done = subprocess.run(
            (sys.executable, "-m", "motcua_processing.rebuild"),
            env=self._rebuild,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3_000:]
        return done.stdout

    async def clock(self, at: Instant) -> None:
        """Domain time is set, and stands."""
        await write_entries(KafkaConnection(self.bootstrap), [frozen(at)])

    async def told(self, count: int) -> list[Notice]:
        """All notices of the topic, once there are so many, all of them marked as published."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            records = await read_all(self.bootstrap, DEADLINE_NOTICES)
            if len(records) >= count and not await self._ask(
                "SELECT count(*) FROM notice WHERE NOT published"
            ):
                assert len(records) == count
                return [notice_from_value(one.value or b"") for one in records]
            assert time.monotonic() < until, f"{len(records)} of {count} notices"
            await asyncio.sleep(0.1)

    async def rows(self) -> list[tuple[str, bool, bytes]]:
        """The notices in the books."""
        connection = await self._connect()
        try:
            found = await connection.fetch("SELECT id, withdrawn, record FROM notice ORDER BY id")
            return [tuple(row) for row in found]
        finally:
            await connection.close()

    async def lose_all_tables(self) -> None:
        """Drop everything but the log."""
        connection = await self._connect()
        await connection.execute(f'DROP SCHEMA "{SCHEMA}" CASCADE')
        await connection.close()
        await migrate(self.url, SCHEMA)

    async def _ask(self, question: str) -> int:
        connection = await self._connect()
        try:
            return await connection.fetchval(question)
        finally:
            await connection.close()

    async def _connect(self) -> asyncpg.Connection[asyncpg.Record]:
        return await asyncpg.connect(self.url, server_settings={"search_path": SCHEMA})


async def test_a_rebuild_sends_no_notice_again_and_an_absence_loses_none(
    kafka_of_its_own: str, books_url: str, tmp_path: Path
) -> None:
    world = World(kafka_of_its_own, books_url, tmp_path)
    await write_entries(
        KafkaConnection(world.bootstrap), [*read_registry([REGISTRY]), frozen(june(1))]
    )
    await write_events(world.bootstrap, DOSSIER_EVENTS, map(received, _CODES))

    with world.running():
        assert set(rungs(await world.told(4))) == {(Act.DUE_SOON, 3)}
        await world.clock(june(4))
        assert rungs(await world.told(8)).count((Act.DUE_SOON, 0)) == 4
        rows = await world.rows()
        assert "changed=0, missing=0, surplus=0" in await asyncio.to_thread(world.rebuild)
        assert await world.rows() == rows
        await world.clock(june(4, "22:00"))
        await world.clock(june(4, "10:00"))
        await world.told(8)
        await world.clock(june(5))
        assert rungs(await world.told(12)).count((Act.OVERDUE, -1)) == 4
        rows = await world.rows()

    await world.lose_all_tables()
    with world.running():
        # The books are empty and the dossiers overdue, but all of it was told.
        await world.clock(june(8))
        await write_events(world.bootstrap, DOSSIER_EVENTS, [received(_LATER_CODES[0])])
        told = await world.told(13)
        assert len({one.id for one in told}) == 13
        assert [row for row in await world.rows() if _LATER_CODES[0] not in row[0]] == rows

    await write_events(world.bootstrap, DOSSIER_EVENTS, map(received, _LATER_CODES[1:]))
    await world.clock(june(8, "09:30"))
    with world.running():
        told = await world.told(15)
    assert rungs(told).count((Act.OVERDUE, -1)) == 7
