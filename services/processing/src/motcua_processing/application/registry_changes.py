"""A later registry entry re-projects exactly the dossiers that it touches (DESIGN section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from motcua_kernel import snapshot
from motcua_kernel.registry import CalendarDay, Entry, Registry, WorkingWeek
from motcua_kernel.units import Unit

from motcua_processing.application.folding import fold_dossiers
from motcua_processing.application.ports import Books, Store

_CHUNK: Final = 5_000


async def apply_registry(
    store: Store, registry: Registry, entries: Sequence[tuple[int, Entry]]
) -> int:
    """Bring the projections up to `registry`, of which `entries` are new to this process.

    Batches that run elsewhere with the older registry have committed before, or find the newer
    position and wait. Returns how many dossiers changed.
    """
    async with store.transaction() as books:
        position = await books.registry_position(exclusive=True)
        fresh = [entry for offset, entry in entries if offset > position]
        changed = await _reproject(books, registry, fresh) if fresh else 0
        if registry.offset > position:
            await books.set_registry_position(registry.offset)
    return changed


async def _reproject(books: Books, registry: Registry, entries: Sequence[Entry]) -> int:
    codes = await books.touched_by(entries, _units_in_scope(registry, entries))
    changed = 0
    for start in range(0, len(codes), _CHUNK):
        changed += await fold_dossiers(books, {}, set(codes[start : start + _CHUNK]), registry)
    return changed


async def refold_outdated(store: Store, registry: Registry) -> int:
    """Fold the dossiers anew whose snapshots another revision of the fold has made.

    In transactions of their own, so that a crash keeps what is done. Returns how many changed.
    """
    changed = 0
    while True:
        async with store.transaction() as books:
            codes = await books.outdated(snapshot.stamp(), _CHUNK)
            if not codes:
                return changed
            changed += await fold_dossiers(books, {}, set(codes), registry)


def _units_in_scope(registry: Registry, entries: Sequence[Entry]) -> set[str]:
    """The units whose calendar or existence the entries speak of; with "" in it, all of them.

    A scope counts even where the registry does not know it as a unit yet: dossiers may name it.
    """
    scopes = {entry.scope for entry in entries if isinstance(entry, CalendarDay | WorkingWeek)}
    scopes |= {entry.id for entry in entries if isinstance(entry, Unit)}
    if "" in scopes:
        return {"", *registry.units}
    below = {unit for unit in registry.units if any(one in scopes for one in registry.chain(unit))}
    return scopes | below
