"""Bring dossiers up to date: lock, advance or fold anew, project, mark for publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from motcua_kernel.events import Event
from motcua_kernel.fold import advance, fold
from motcua_kernel.registry import Registry
from motcua_kernel.snapshot import decode
from motcua_kernel.state import DossierState

from motcua_processing.application.ports import Books
from motcua_processing.domain.projection import DossierRow, project


async def fold_dossiers(
    books: Books, fresh: Mapping[str, Sequence[Event]], anew: set[str], registry: Registry
) -> int:
    """Fold `fresh` events into their dossiers, and the dossiers in `anew` from all their events.

    Every fresh event is in the journal already. Returns how many dossiers changed.
    """
    codes = sorted(fresh.keys() | anew)
    snapshots = await books.lock_dossiers(codes)
    states: dict[str, DossierState] = {}
    whole: list[str] = []
    for code in codes:
        state = (
            None if code in anew else _advanced(code, snapshots.get(code), fresh[code], registry)
        )
        if state is None:
            whole.append(code)
        else:
            states[code] = state
    if whole:
        journal = await books.events(whole)
        for code in whole:
            states[code] = fold(code, journal.get(code, ()), registry)
    created: list[DossierRow] = []
    changed: list[DossierRow] = []
    emptied: list[str] = []
    for code in codes:
        if not states[code].events:
            emptied += [code] if code in snapshots else []
            continue
        row = project(states[code], registry)
        before = snapshots.get(code)
        if before is None:
            created.append(row)
        elif before != row.snapshot:
            changed.append(row)
    await books.put(created, changed)
    if emptied:
        await books.drop(emptied)
    await books.mark_unpublished([*(row.code for row in (*created, *changed)), *emptied])
    return len(created) + len(changed) + len(emptied)


def _advanced(
    code: str, snapshot: bytes | None, events: Sequence[Event], registry: Registry
) -> DossierState | None:
    if snapshot is None:
        return fold(code, events, registry)
    before = decode(snapshot)
    return None if before is None else advance(before.state, events, registry)
