"""The rebuild of journal and projections from the log alone (law L1), a partition at a time.

Each worker process takes whole partitions: reads one to its end, keeps the first content of each
identity, folds its dossiers once from all their events, and copies both into tables that have no
index yet. What spans partitions is rare and put right at the end, by the readable path: identities
told in two of them, and dossiers carried by two of them. Memory is bounded by the largest
partition, not by the log.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from motcua_kernel.events import Event
from motcua_kernel.fold import fold
from motcua_kernel.registry import Registry

from motcua_processing.application.apply_batch import Batch
from motcua_processing.application.ports import QuarantineRow
from motcua_processing.application.quarantining import conflict_row
from motcua_processing.domain.identity import Entry
from motcua_processing.domain.projection import DossierRow, project

_CHUNK: Final = 10_000


class BulkBooks(Protocol):
    """Empty tables that take what they are given."""

    async def add(self, entries: Sequence[Entry]) -> None:
        """Append entries to the journal."""
        ...

    async def put(self, rows: Sequence[DossierRow]) -> None:
        """Append dossiers."""
        ...

    async def quarantine(self, rows: Sequence[QuarantineRow]) -> None:
        """Set records aside; a swap leaves those published that were so before."""
        ...


@dataclass(slots=True)
class Rebuilt:
    """What a worker did."""

    records: int = 0
    events: int = 0
    dossiers: int = 0
    quarantined: list[QuarantineRow] = field(default_factory=list)


async def rebuild_partition(
    batches: AsyncIterator[Batch], books: BulkBooks, registry: Registry
) -> Rebuilt:
    """Fill the books from all batches of one partition, in the order of the log."""
    done = Rebuilt()
    first: dict[bytes, bytes] = {}
    by_dossier: dict[str, list[Event]] = {}
    async for batch in batches:
        fresh: list[Entry] = []
        for entry in batch.entries:
            content = first.get(entry.identity)
            if content is None:
                first[entry.identity] = entry.content
                fresh.append(entry)
                by_dossier.setdefault(entry.event.dossier, []).append(entry.event)
            elif content != entry.content:
                done.quarantined.append(conflict_row(entry))
        done.records += len(batch.entries) + len(batch.unreadable)
        done.events += len(fresh)
        done.quarantined += batch.unreadable
        await books.add(fresh)
    done.dossiers = len(by_dossier)
    await _fold_all(by_dossier, books, registry)
    if done.quarantined:
        await books.quarantine(done.quarantined)
    return done


async def _fold_all(
    by_dossier: Mapping[str, Sequence[Event]], books: BulkBooks, registry: Registry
) -> None:
    rows: list[DossierRow] = []
    for code, events in by_dossier.items():
        rows.append(project(fold(code, events, registry), registry))
        if len(rows) == _CHUNK:
            await books.put(rows)
            rows = []
    if rows:
        await books.put(rows)
