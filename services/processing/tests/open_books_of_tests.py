"""The real books on a database of a test's own, with what a consumer does to them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from asyncpg import Pool
from event_records import batch_of
from motcua_contracts.topics import DOSSIER_EVENTS, DOSSIER_STATES, topics
from motcua_kernel.events import Event
from motcua_kernel.fold import fold
from motcua_kernel.registry import Entry as RegistryEntry
from motcua_kernel.registry import Registry
from motcua_platform.process import Failpoints
from motcua_platform.records import Record
from motcua_processing.adapters.log_books import open_books
from motcua_processing.adapters.log_identity import LogIdentity
from motcua_processing.adapters.postgres import PostgresStore, connect
from motcua_processing.adapters.publications import Publications
from motcua_processing.adapters.states_topic import lane_of
from motcua_processing.application.apply_batch import Applied, apply_batch
from motcua_processing.application.registry_works import apply_registry
from motcua_processing.domain.projection import DossierRow, project
from motcua_processing.entrypoints.events import with_patience
from sample_registry import sample_registry

SCHEMA: Final = "motcua"
PARTITIONS: Final = 4
LANES: Final = 4
LOG: Final = LogIdentity("a-cluster", "a-topic", dict.fromkeys(range(PARTITIONS), 1 << 40))
"""A log that is always longer than what was read of it."""


def lane(code: str) -> int:
    """The publication lane of a dossier, as the service deals them."""
    return lane_of(code, topics()[DOSSIER_STATES].partitions, LANES)


@dataclass(slots=True)
class Desk:
    """Open books and the registry as read so far."""

    pool: Pool
    store: PostgresStore
    registry: Registry

    @property
    def publications(self) -> Publications:
        """The marks in these books."""
        return Publications(self.pool, SCHEMA)

    async def apply(self, *records: Record, failpoints: Failpoints | None = None) -> Applied:
        """Apply one batch, with the service's patience."""
        batch = batch_of(*records)
        reached = failpoints or Failpoints()
        return await with_patience(lambda: apply_batch(self.store, batch, self.registry, reached))

    async def read_registry(self, entries: Iterable[tuple[int, RegistryEntry]]) -> int:
        """Go on with the registry as the service does: projections first."""
        read = list(entries)
        following = self.registry.with_entries(read)
        changed = await apply_registry(self.store, following, read)
        self.registry = following
        return changed

    async def dossiers(self) -> dict[str, DossierRow]:
        """All rows of dossiers by code."""
        listed = ", ".join(DossierRow._fields)
        found = await self.pool.fetch(f"SELECT {listed} FROM dossiers")
        return {row[0]: DossierRow(*row) for row in found}

    async def value(self, question: str, *arguments: Any) -> Any:
        """The first column of the first row."""
        return await self.pool.fetchval(question, *arguments)


@asynccontextmanager
async def open_desk(
    url: str, *, registry: Registry | None = None, topic: str = DOSSIER_EVENTS
) -> AsyncGenerator[Desk]:
    """Open the books of a topic of four partitions under a registry, the sample's by default."""
    pool = await connect(url, SCHEMA)
    try:
        await open_books(pool, topic, LOG)
        yield Desk(
            pool, PostgresStore(pool, lane), sample_registry() if registry is None else registry
        )
    finally:
        pool.terminate()


async def empty(desk: Desk) -> None:
    """Make the books those of a log of which nothing has been read."""
    await desk.pool.execute("TRUNCATE journal, dossiers, publication, quarantine")
    await desk.pool.execute("UPDATE log_partition SET next_offset = 0")


def folded(events: Iterable[Event], registry: Registry) -> dict[str, DossierRow]:
    """The rows that one fold of all events of each dossier comes to."""
    by_dossier: dict[str, list[Event]] = {}
    for event in events:
        by_dossier.setdefault(event.dossier, []).append(event)
    return {
        code: project(fold(code, told, registry), registry) for code, told in by_dossier.items()
    }
