"""Rebuild journal and projections from the log alone: `python -m motcua_processing.rebuild`.

Fills a shadow schema with offsets of its own and publishes nothing. Then, under one short lock, it
applies what came in meanwhile, reports the differences, swaps the schemas, and marks only the
states that differ (DESIGN section 3, "What changes recalculate").
"""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import asyncpg
from aiokafka import TopicPartition
from motcua_contracts.topics import DEADLINE_NOTICES, DOSSIER_STATES, topics
from motcua_kernel.registry import Registry
from motcua_platform.domain_clock import DomainClock
from motcua_platform.errors import Misconfigured
from motcua_platform.log_reader import log_consumer, read_partition
from motcua_platform.logs import configure_logs
from motcua_platform.process import Failpoints
from motcua_platform.registry_reader import read_entries, read_history, read_registry
from motcua_platform.settings import read_settings

from motcua_processing.adapters import bulk, shadow, shadow_fence
from motcua_processing.adapters.admin_events import take_admin_events
from motcua_processing.adapters.log_books import open_books
from motcua_processing.adapters.log_identity import (
    LogIdentity,
    ends_of,
    event_logs,
    log_identity,
)
from motcua_processing.adapters.notice_books import add_notices
from motcua_processing.adapters.notices_topic import read_notices
from motcua_processing.adapters.postgres import PostgresBooks, PostgresStore, connect
from motcua_processing.adapters.states_topic import lane_of
from motcua_processing.application.apply_batch import apply_batch
from motcua_processing.application.folding import fold_dossiers
from motcua_processing.application.ingress import IngressChecks
from motcua_processing.application.quarantining import conflict_row
from motcua_processing.application.registry_works import apply_registry
from motcua_processing.entrypoints.reading import read_batch
from motcua_processing.entrypoints.rebuild_worker import Share, end_with_parent, work
from motcua_processing.migrate import migrate
from motcua_processing.settings import Settings

Say = Callable[[str], None]
WORKERS: Final = 2
_FORMER_WORKERS_SECONDS: Final = 30.0
"""How long workers of a rebuild that was killed are waited for."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a rebuild did and found."""

    records: int
    events: int
    dossiers: int
    fill_seconds: float
    differences: shadow.Differences

    def __str__(self) -> str:
        return (
            f"{self.records} records, {self.events} events, {self.dossiers} dossiers, "
            f"{self.fill_seconds:.1f} s; {self.differences}"
        )


class Rebuild:
    """One rebuild of one schema."""

    def __init__(self, settings: Settings, say: Say, workers: int = WORKERS) -> None:
        """Nothing happens before `run`."""
        self._settings = settings
        self._say = say
        self._workers = workers
        self._url = settings.database_url.get_secret_value()
        self._live = settings.database_schema
        self._shadow = f"{settings.database_schema}_rebuild"
        self._notices_read: dict[int, int] = {}

    async def run(self) -> Report:
        """Fill, compare, swap."""
        started = time.monotonic()
        lock = await self._alone()
        applied = await shadow.applied(lock, self._live)
        logs = await event_logs(self._settings.kafka)
        _check_reaches(ends_of(logs), applied)
        registry = await read_registry(self._settings.kafka)
        pool = await self._empty_shadow()
        try:
            books = await self._open(pool, logs)
            async with pool.acquire() as connection:
                indexes = await bulk.drop_indexes(connection, self._shadow)
                number = await shadow_fence.number_of(connection, self._shadow)
            totals = await self._fill(ends_of(logs), books, number)
            await self._finish(pool, ends_of(logs), registry, indexes)
            async with pool.acquire() as connection:
                await self._take_notices(connection)
            seconds = time.monotonic() - started
            self._say(f"{totals[0]} records in {seconds:.1f} s")
            found = await self._swap(pool, registry)
        finally:
            pool.terminate()
            await lock.close()
        return Report(*totals, seconds, found)

    async def _alone(self) -> asyncpg.Connection[Any]:
        """A connection that holds the lock of rebuilds of this schema."""
        connection = await asyncpg.connect(self._url)
        if await connection.fetchval(
            "SELECT pg_try_advisory_lock(hashtext('motcua rebuild ' || $1))", self._live
        ):
            return connection
        await connection.close()
        raise Misconfigured(f"another rebuild of {self._live} is running")

    async def _empty_shadow(self) -> asyncpg.Pool:
        connection = await asyncpg.connect(self._url)
        try:
            await shadow_fence.drop_shadow(connection, self._shadow, _FORMER_WORKERS_SECONDS)
        finally:
            await connection.close()
        await migrate(self._url, self._shadow)
        return await connect(self._url, self._shadow)

    async def _open(
        self, pool: asyncpg.Pool, logs: Mapping[str, LogIdentity]
    ) -> dict[tuple[str, int], int]:
        for topic, log in logs.items():
            await open_books(pool, topic, log)
        rows = await pool.fetch('SELECT topic, "partition", id FROM log_partition')
        return {(row[0], row[1]): row[2] for row in rows}

    async def _fill(
        self,
        ends: Mapping[tuple[str, int], int],
        books: dict[tuple[str, int], int],
        number: int,
    ) -> tuple[int, int, int]:
        largest_first = sorted(ends.items(), key=lambda one: one[1], reverse=True)
        shares = [
            Share(
                self._settings.kafka,
                self._url,
                self._shadow,
                number,
                dict(largest_first[worker :: self._workers]),
                books,
            )
            for worker in range(self._workers)
        ]
        loop = asyncio.get_running_loop()
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(
            self._workers, mp_context=context, initializer=end_with_parent
        ) as processes:
            done = await asyncio.gather(
                *(loop.run_in_executor(processes, work, share) for share in shares)
            )
        records, events, dossiers = (sum(column) for column in zip(*done, strict=True))
        return records, events, dossiers

    async def _finish(
        self,
        pool: asyncpg.Pool,
        ends: Mapping[tuple[str, int], int],
        registry: Registry,
        indexes: bulk.Indexes,
    ) -> None:
        async with pool.acquire() as connection, connection.transaction():
            books = PostgresBooks(connection, self._lane_of, {})
            anew = await self._keep_first_told(connection, books)
            anew |= set(await bulk.split_dossiers(connection))
        await bulk.build_indexes(pool, indexes)
        async with pool.acquire() as connection, connection.transaction():
            if anew:
                books = PostgresBooks(connection, self._lane_of, {})
                await fold_dossiers(books, {}, anew, registry)
                await connection.execute("DELETE FROM publication")
            await shadow.finish_offsets(connection, ends, registry.offset)
        await pool.execute("ANALYZE journal, dossiers")

    async def _take_notices(self, connection: Any) -> None:
        """Take into the shadow the notices that were told since the last time: told is told."""
        told = await log_identity(self._settings.kafka, DEADLINE_NOTICES)
        kafka, read = self._settings.kafka, self._notices_read
        async for notices in read_notices(kafka, DEADLINE_NOTICES, read, told.ends):
            await add_notices(connection, notices, published=True)
        self._notices_read = told.ends

    async def _keep_first_told(self, connection: Any, books: PostgresBooks) -> set[str]:
        anew: set[str] = set()
        for identity in await bulk.told_twice(connection):
            conflicts, named = await shadow.keep_first(books, identity)
            await books.quarantine([conflict_row(conflict) for conflict in conflicts])
            anew |= named
        if anew:
            await connection.execute(
                "DELETE FROM dossiers WHERE code = ANY($1::text[])", list(anew)
            )
        return anew

    async def _swap(self, pool: asyncpg.Pool, registry: Registry) -> shadow.Differences:
        connection = await asyncpg.connect(self._url)
        try:
            async with connection.transaction():
                await shadow.hold(connection, self._live)
                if await shadow.registry_of(connection, self._live) > registry.offset:
                    registry = await self._later_registry(pool)
                gaps = await shadow.behind(connection, self._live, self._shadow)
                await self._catch_up(pool, gaps, registry)
                found = await shadow.differences(connection, self._live, self._shadow)
                await shadow.number_marks_after(connection, self._live, self._shadow)
                await connection.execute(f'SET LOCAL search_path TO "{self._shadow}"')
                await connection.execute("DELETE FROM publication")
                await PostgresBooks(connection, self._lane_of, {}).mark_unpublished(found.codes)
                await self._take_notices(connection)
                await shadow.swap(connection, self._live, self._shadow)
                await connection.execute(f'SET LOCAL search_path TO "{self._live}"')
                await take_admin_events(connection, self._settings.kafka)
        finally:
            await connection.close()
        return found

    async def _later_registry(self, pool: asyncpg.Pool) -> Registry:
        """Apply to the shadow what the registry got while it was filled."""
        entries = await read_entries(self._settings.kafka)
        registry = Registry().with_entries(entries)
        await apply_registry(PostgresStore(pool, self._lane_of), registry, entries)
        return registry

    async def _catch_up(
        self, pool: asyncpg.Pool, gaps: dict[tuple[str, int], tuple[int, int]], registry: Registry
    ) -> None:
        if not gaps:
            return
        store = PostgresStore(pool, self._lane_of)
        clock = DomainClock(lambda: registry)
        history = await read_history(self._settings.kafka)
        checks = IngressChecks(history.as_known)
        async with log_consumer(self._settings.kafka) as consumer:
            for partition, (start, end) in gaps.items():
                place = TopicPartition(*partition)
                async for records in read_partition(consumer, place, start, end):
                    batch = read_batch(records, clock, checks)
                    await apply_batch(store, batch, registry, Failpoints())

    def _lane_of(self, code: str) -> int:
        partitions = topics()[DOSSIER_STATES].partitions
        return lane_of(code, partitions, self._settings.publication_lanes)


def _check_reaches(
    ends: Mapping[tuple[str, int], int], applied: Mapping[tuple[str, int], int]
) -> None:
    """The live books were made from this log, which catching up with them presumes."""
    for (topic, partition), offset in applied.items():
        if offset > ends.get((topic, partition), 0):
            raise Misconfigured(
                f"{topic}-{partition} ends before what the books have applied ({offset}): it is "
                "another log, or one restored from an older copy; see docs/operations/backup.md"
            )


def main() -> None:
    """Rebuild the schema that the settings name, and say what differed."""
    settings = read_settings(Settings)
    configure_logs("processing-rebuild", settings.log_level)
    report = asyncio.run(Rebuild(settings, lambda line: print(line, file=sys.stderr)).run())  # noqa: T201
    print(report)  # noqa: T201


if __name__ == "__main__":
    main()
