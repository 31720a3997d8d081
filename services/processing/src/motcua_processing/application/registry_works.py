"""A change of the registry reaches the projections in batches that survive a crash.

The position of the registry is moved first, in a short transaction, together with the work that
is left to do; from then on every fold uses the new registry. The work is done in the order of the
dossiers' codes, each batch with how far it got, so that a crash loses nothing and repeats nothing.
When it is done, what it did to figures already shown is told as a restatement (law L1).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from motcua.admin.v1 import admin_pb2 as pb
from motcua_kernel.derive import Derived, derive, derive_due
from motcua_kernel.fold import fold
from motcua_kernel.instant import Instant
from motcua_kernel.registry import Entry, Registry
from motcua_kernel.snapshot import decode
from motcua_kernel.state import NEVER, DossierState
from motcua_platform.process import Failpoints

from motcua_processing.application.ports import Books, Store
from motcua_processing.application.restatements import (
    add_effects,
    restatement_event,
    restatement_of,
)
from motcua_processing.domain.projection import DossierRow, row_of
from motcua_processing.domain.restating import Effects, count_change
from motcua_processing.domain.touching import touches_of

BATCH: Final = 4_000


@dataclass(frozen=True, slots=True)
class Progress:
    """What one batch of a work did; `restatement` is set by the last one if it has a figure."""

    dossiers: int
    changed: int
    finished: bool


RegistryUpTo: TypeAlias = Callable[[int], Registry]
"""The registry of the entries up to an offset."""


class _Shown(NamedTuple):
    """What was shown before a change: what the books have, unless an event was quicker."""

    as_of: Instant
    first_offset: int
    before: Registry

    def of(self, state: DossierState, derived: Derived) -> Derived | None:
        """What was shown of a dossier; None for one that came after the change."""
        if derived.registry_offset < self.first_offset:
            return derived
        return None if state.received_at > self.as_of else derive_due(state, self.before)


async def begin_work(
    store: Store, registry: Registry, entries: Sequence[tuple[int, Entry]], as_of: Instant
) -> bool:
    """Go on to `registry`, of which `entries` are new to this process; whether work is left to do.

    Batches that run elsewhere with the older registry have committed before, or find the newer
    position and wait. `as_of` is domain time, at which verdicts will be compared.
    """
    async with store.transaction() as books:
        position = await books.registry_position(exclusive=True)
        fresh = [(offset, entry) for offset, entry in entries if offset > position]
        if registry.offset > position:
            await books.set_registry_position(registry.offset)
        touches = touches_of(registry, (entry for _, entry in fresh))
        if not touches or not await books.crossing(touches, "", 1, lock=False):
            return False
        figures = restatement_of(fresh)
        told = figures.SerializeToString(deterministic=True)
        await books.begin_work(fresh[-1][0], as_of, touches, told)
        return True


async def work_on(
    store: Store,
    registry: Registry,
    up_to: RegistryUpTo,
    failpoints: Failpoints | None = None,
    batch: int = BATCH,
) -> Progress | None:
    """Do one batch of the oldest work; None when there is none, or another process is at it.

    `up_to` gives the registry as it was: a dossier that an event has brought to the new registry
    meanwhile is compared by it.
    """
    async with store.transaction() as books:
        work = await books.oldest_work(registry.offset)
        if work is None:
            return None
        anew = any(touch.anew for touch in work.touches)
        rows = await books.crossing(work.touches, work.done_until, batch, lock=anew)
        effects: Effects = {}
        figures = pb.Restatement.FromString(work.figures)
        shown = _Shown(work.as_of, figures.first_offset, up_to(figures.first_offset - 1))
        bringing = _Bringing(books, registry, shown, effects)
        changed = await (bringing.anew(rows) if anew else bringing.again(rows))
        add_effects(figures, effects)
        finished = len(rows) < batch
        if finished:
            await books.end_work(work.id)
            if figures.crossing:
                await books.tell(*restatement_event(figures, work.as_of))
        else:
            told = figures.SerializeToString(deterministic=True)
            await books.keep_work(work.id, rows[-1][0], told)
        if failpoints is not None:
            failpoints.reach("processing.registry_batch")
    return Progress(len(rows), changed, finished)


async def apply_registry(
    store: Store,
    registry: Registry,
    entries: Sequence[tuple[int, Entry]],
    as_of: Instant = NEVER,
) -> int:
    """Bring the projections up to `registry` at once; returns how many dossiers changed.

    For books that nobody else writes: what was there before is taken from them alone.
    """
    await begin_work(store, registry, entries, as_of)
    changed = 0
    while progress := await work_on(store, registry, lambda _: registry):
        changed += progress.changed
    return changed


class _Bringing(NamedTuple):
    """Brings dossiers up to a registry, and counts what it does to their verdicts."""

    books: Books
    registry: Registry
    shown: _Shown
    effects: Effects

    async def again(self, rows: Sequence[tuple[str, bytes]]) -> int:
        """Derive dossiers again from their states; returns how many have changed."""
        changed: list[tuple[bytes, DossierRow]] = []
        for _, data in rows:
            known = decode(data)
            if known is None:
                continue  # of another revision of the fold: folded anew before any work begins
            after = derive(known.state, self.registry)
            self._count(known.state, known.derived, after)
            if after != known.derived:
                changed.append((data, row_of(known.state, after)))
        if changed:
            await self.books.derive_again(changed)
        return await self._mark([row for _, row in changed])

    async def anew(self, rows: Sequence[tuple[str, bytes]]) -> int:
        """Fold dossiers from all their events; returns how many have changed."""
        journal = await self.books.events([code for code, _ in rows])
        changed: list[DossierRow] = []
        for code, data in rows:
            known = decode(data)
            if known is None:
                continue
            state = fold(code, journal.get(code, ()), self.registry)
            after = derive(state, self.registry)
            self._count(state, known.derived, after)
            row = row_of(state, after)
            if row.snapshot != data:
                changed.append(row)
        if changed:
            await self.books.put([], changed)
        return await self._mark(changed)

    def _count(self, state: DossierState, derived: Derived, after: Derived) -> None:
        before = self.shown.of(state, derived)
        if before is not None:
            count_change(self.effects, state, before, after, self.shown.as_of)

    async def _mark(self, rows: Sequence[DossierRow]) -> int:
        await self.books.mark_unpublished([row.code for row in rows])
        return len(rows)
