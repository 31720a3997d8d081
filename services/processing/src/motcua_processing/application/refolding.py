"""Dossiers whose snapshots another revision of the fold has made are folded anew."""

from __future__ import annotations

from typing import Final

from motcua_kernel import snapshot
from motcua_kernel.registry import Registry

from motcua_processing.application.folding import fold_dossiers
from motcua_processing.application.ports import Store

_CHUNK: Final = 5_000


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
