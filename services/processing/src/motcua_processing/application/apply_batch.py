"""One batch of the log, one transaction (DESIGN section 3, "Exactly-once effect").

Load-bearing: the offsets of the batch are stored in the transaction that stores its effect. A
batch delivered again finds them and does nothing; a batch cut off by a crash left nothing behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from motcua_kernel.events import Event
from motcua_kernel.registry import Registry
from motcua_platform.errors import Transient
from motcua_platform.process import Failpoints

from motcua_processing.application.folding import fold_dossiers
from motcua_processing.application.ports import Books, PartitionBook, QuarantineRow, Store
from motcua_processing.application.quarantining import conflict_row
from motcua_processing.application.watch_publishers import watch_publishers
from motcua_processing.domain.identity import Entry, Sorted, sort_out


@dataclass(frozen=True, slots=True)
class Batch:
    """What was read: entries, records set aside, and how far each partition went."""

    entries: Sequence[Entry]
    unreadable: Sequence[QuarantineRow]
    next_offsets: dict[tuple[str, int], int]


@dataclass(frozen=True, slots=True)
class Applied:
    """What a batch did."""

    new: int
    repeated: int
    quarantined: int
    dossiers: int


async def apply_batch(
    store: Store, batch: Batch, registry: Registry, failpoints: Failpoints
) -> Applied:
    """Apply a batch under a registry.

    Raises:
        Transient: the database was away, another process was quicker, or the projections rest on
            a newer registry than this process has read; the same call may succeed later.
    """
    async with store.transaction() as books:
        if await books.registry_position() > registry.offset:
            raise Transient("the registry is read further elsewhere")
        partitions = await books.lock_partitions(sorted(batch.next_offsets))
        entries, unreadable = _not_yet_applied(batch, partitions)
        known = await books.known([entry.identity for entry in entries])
        found = sort_out(entries, known)
        if found.replaced:
            await books.remove(found.replaced)
        await books.add(found.new, {place: book.id for place, book in partitions.items()})
        failpoints.reach("processing.after_journal")
        dossiers = await _fold(books, found, registry)
        set_aside = [*unreadable, *(conflict_row(conflict) for conflict in found.conflicts)]
        if set_aside:
            await books.quarantine(set_aside)
        await watch_publishers(books, registry, found.new, set_aside)
        await books.advance(
            {
                partitions[place].id: offset
                for place, offset in batch.next_offsets.items()
                if offset > partitions[place].next_offset
            }
        )
    failpoints.reach("processing.after_commit")
    return Applied(len(found.new), found.repeated, len(set_aside), dossiers)


def _not_yet_applied(
    batch: Batch, partitions: dict[tuple[str, int], PartitionBook]
) -> tuple[list[Entry], list[QuarantineRow]]:
    starts = {place: book.next_offset for place, book in partitions.items()}
    entries = [
        entry
        for entry in batch.entries
        if entry.place.offset >= starts[(entry.place.topic, entry.place.partition)]
    ]
    rows = [row for row in batch.unreadable if row.offset >= starts[(row.topic, row.partition)]]
    return entries, rows


async def _fold(books: Books, found: Sorted, registry: Registry) -> int:
    fresh: dict[str, list[Event]] = {}
    for entry in found.new:
        fresh.setdefault(entry.event.dossier, []).append(entry.event)
    replaced = {known.identity for known in found.replaced}
    anew = {known.dossier for known in found.replaced}
    anew |= {entry.event.dossier for entry in found.new if entry.identity in replaced}
    if not fresh and not anew:
        return 0
    return await fold_dossiers(books, fresh, anew, registry)
