"""Questions over HTTP: a dossier, a summary, the list behind a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from motcua_kernel.derive import derive
from motcua_kernel.events import Event
from motcua_kernel.fold import fold
from motcua_kernel.registry import Registry
from motcua_kernel.snapshot import Snapshot, decode
from motcua_platform.access.guard import Who

from motcua_processing.application.questions import units_below
from motcua_processing.entrypoints import explaining, summaries
from motcua_processing.entrypoints.answers import (
    dossier_answer,
    units_of,
    verdict_of,
)
from motcua_processing.entrypoints.as_of import (
    At,
    Known,
    Sources,
    known_unit,
    times,
    unknown_dossier,
)
from motcua_processing.entrypoints.following import quarantined_anomalies

__all__ = ["Sources", "routes"]
LIST_LIMIT = 1_000


def routes(sources: Sources) -> APIRouter:
    """The routes of processing."""
    router = APIRouter(prefix="/v1")
    router.include_router(explaining.routes(sources))
    router.include_router(summaries.routes(sources))

    @router.get("/dossiers/{code}", tags=["dossiers"])
    async def dossier(who: Who, code: str, at: At = None, known: Known = None) -> dict[str, Any]:
        """State, timeline, clock ledger, verdict and anomalies of a dossier."""
        two = await times(sources, at, known)
        events = await sources.projections.events(code)
        if at is None and known is None:
            data = await sources.projections.snapshot(code)
            snapshot = decode(data) if data else None
        else:
            events = two.cut.through(events)
            snapshot = _folded(code, events, two.registry)
        if snapshot is None or not who.may_read(*units_of(snapshot.state)):
            raise unknown_dossier(code)
        answer = dossier_answer(snapshot, events, two.registry, two.at) | two.head()
        if at is None and known is None:
            answer["anomalies"] += await quarantined_anomalies(sources.set_aside, code)
            answer["possible_duplicates"] = await sources.set_aside.same_natural_key(code)
        return answer

    @router.get("/dossiers", tags=["dossiers"])
    async def dossiers(
        who: Who,
        unit: str,
        verdict: Literal["within", "due_soon", "overdue"],
        limit: Annotated[int, Query(ge=1, le=LIST_LIMIT)] = 100,
    ) -> dict[str, Any]:
        """The dossiers in progress behind a number, the earliest due first."""
        who.must_read(unit)
        registry, now = sources.registry(), sources.now()
        units = units_below(registry, known_unit(registry, unit))
        found: list[dict[str, Any]] = []
        for code, data in await sources.projections.list_open(units, 100 * LIST_LIMIT):
            snapshot = decode(data)
            if snapshot is None:
                continue
            if verdict_of(snapshot, registry, now) == verdict:
                found.append({"dossier": code, "verdict": verdict})
            if len(found) == limit:
                break
        who.tell_export("dossiers", unit, len(found))
        return {"dossiers": found}

    @router.get("/balance", tags=["figures"])
    async def balance(who: Who) -> dict[str, Any]:
        """All receipts ever, by unit, counted in the journal: the left side of the balance."""
        who.must_administer()
        offsets, marks = await sources.projections.progress()
        units = await sources.projections.received_by_unit()
        return {"watermark": sum(offsets.values()), "unpublished": marks, "units": units}

    @router.get("/progress", tags=["operations"])
    async def progress(who: Who) -> dict[str, Any]:
        """Records of the log not yet applied, and what is not yet brought out of the books."""
        who.must_administer()
        ends = await sources.ends()
        offsets, marks = await sources.projections.progress()
        lag = sum(end - offsets.get(partition, 0) for partition, end in ends.items())
        return {"lag": lag, "unpublished": marks}

    return router


def _folded(code: str, events: Sequence[Event], registry: Registry) -> Snapshot | None:
    if not events:
        return None
    state = fold(code, events, registry)
    return Snapshot(state, derive(state, registry))
