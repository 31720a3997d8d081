"""Dossiers as the API and the board tell them: one of them, and those in progress with verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from motcua_kernel.derive import derive
from motcua_kernel.instant import Instant
from motcua_kernel.registry import Registry
from motcua_kernel.snapshot import Snapshot, decode
from motcua_platform.access.guard import Caller

from motcua_processing.entrypoints.answers import dossier_answer, units_of, verdict_of
from motcua_processing.entrypoints.as_of import Sources, Times, unknown_dossier
from motcua_processing.entrypoints.following import quarantined_anomalies

_MOST: Final = 100_000


async def told_dossier(
    sources: Sources, who: Caller, code: str, two: Times, *, present: bool
) -> dict[str, Any]:
    """State, timeline, clock ledger, verdict and anomalies of a dossier that the caller may read.

    With `present` as it is stored, and with what was set aside of it.

    Raises:
        Problem: 404.
    """
    events = await sources.projections.events(code)
    if present:
        data = await sources.projections.snapshot(code)
        snapshot = decode(data) if data else None
    else:
        state = two.cut.fold(code, events, two.registry)
        snapshot = Snapshot(state, derive(state, two.registry)) if state.events else None
        events = two.cut.through(events)
    if snapshot is None or not who.may_read(*units_of(snapshot.state)):
        raise unknown_dossier(code)
    answer = dossier_answer(snapshot, events, two.registry, two.at) | two.head()
    if present:
        answer["anomalies"] += await quarantined_anomalies(sources.set_aside, code)
        answer["possible_duplicates"] = await sources.set_aside.same_natural_key(code)
    return answer


@dataclass(frozen=True, slots=True)
class JudgedOpen:
    """A dossier in progress that has a due date, and its verdict now."""

    code: str
    snapshot: Snapshot
    verdict: str | None


async def judged_open(
    sources: Sources, registry: Registry, now: Instant, units: Iterable[str]
) -> Iterator[JudgedOpen]:
    """Dossiers in progress of these units, the earliest due first, judged as they are taken."""
    rows = await sources.projections.list_open(sorted(units), _MOST)
    decoded = ((code, decode(data)) for code, data in rows)
    return (
        JudgedOpen(code, snapshot, verdict_of(snapshot, registry, now))
        for code, snapshot in decoded
        if snapshot is not None
    )
