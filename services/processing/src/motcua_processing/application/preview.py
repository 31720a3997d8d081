"""What if: the effects of registry entries that nobody has applied, without changing anything.

Clocks that nothing but the calendar moves are computed in columns, the others one by one by the
same functions that `registry_works` uses; a test holds the preview equal to what applying does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from motcua_kernel.derive import derive_due
from motcua_kernel.events import Event
from motcua_kernel.fold import fold
from motcua_kernel.instant import Instant
from motcua_kernel.registry import Entry, Registry
from motcua_kernel.snapshot import Snapshot
from motcua_kernel.state import DossierState

from motcua_processing.domain.projection import limit_of
from motcua_processing.domain.restating import Effects, count_change
from motcua_processing.domain.touching import Touch, touches_of
from motcua_processing.domain.what_if import PlainGroup, effects_of_groups


class PreviewBooks(Protocol):
    """What a preview reads."""

    async def plain_groups(self, touches: Sequence[Touch]) -> list[PlainGroup]:
        """The dossiers that nothing but the calendar moves and that have a due date, in groups."""
        ...

    def others(self, touches: Sequence[Touch], *, every: bool) -> AsyncIterator[list[Snapshot]]:
        """The other dossiers that meet a condition (all of them if `every`), in batches."""
        ...

    async def events(self, codes: Sequence[str]) -> dict[str, list[Event]]:
        """All events of these dossiers."""
        ...


async def preview(
    books: PreviewBooks, registry: Registry, entries: Sequence[Entry], now: Instant
) -> Effects:
    """The effects that entries would have at `now`, by unit and department."""
    following = registry.offset + 1
    proposed = registry.with_entries(enumerate(entries, start=following))
    touches = touches_of(proposed, entries)
    if not touches:
        return {}
    anew = any(touch.anew for touch in touches)
    effects: Effects = {}
    if not anew:
        groups = await books.plain_groups(touches)
        plain = [group for group in groups if not _may_be_suspended(group, registry, proposed)]
        effects, left = await asyncio.to_thread(effects_of_groups, plain, proposed.calendar, now)
        left += [group for group in groups if _may_be_suspended(group, registry, proposed)]
        for group in left:
            _count_one_by_one(effects, group, registry, proposed, now)
    async for batch in books.others(touches, every=anew):
        journal = await books.events([one.state.dossier for one in batch]) if anew else {}
        for known in batch:
            state = known.state
            if anew:
                state = fold(state.dossier, journal.get(state.dossier, ()), proposed)
            count_change(effects, state, known.derived, derive_due(state, proposed), now)
        await asyncio.sleep(0)
    return effects


def _may_be_suspended(group: PlainGroup, *registries: Registry) -> bool:
    return any(one.suspensions_of(group.resolving_unit, group.procedure) for one in registries)


def _count_one_by_one(
    effects: Effects, group: PlainGroup, registry: Registry, proposed: Registry, now: Instant
) -> None:
    """The readable path for a group: as many states as it has dossiers, each derived twice."""
    unit, department = group.row
    limit = limit_of(group.clock)
    for received, ended in zip(group.received, group.ended, strict=True):
        state = DossierState(
            "",
            procedure=group.procedure,
            resolving_unit=group.resolving_unit,
            reporting_unit=unit,
            department=department,
            received_at=Instant(received),
            resolved_at=Instant(max(ended, 0)),
            closed_at=Instant(max(-ended, 0)),
            limit=limit,
        )
        count_change(effects, state, derive_due(state, registry), derive_due(state, proposed), now)
