"""Questions over HTTP: a dossier, a summary, the list behind a number."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from motcua_platform.access.guard import Who

from motcua_processing.application.questions import units_below
from motcua_processing.entrypoints import explaining, summaries
from motcua_processing.entrypoints.as_of import (
    At,
    Known,
    Sources,
    known_unit,
    times,
)
from motcua_processing.entrypoints.dossiers import judged_open, told_dossier

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
        present = at is None and known is None
        return await told_dossier(sources, who, code, two, present=present)

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
        judged = await judged_open(sources, registry, now, units)
        matching = (one.code for one in judged if one.verdict == verdict)
        found = [{"dossier": code, "verdict": verdict} for code in islice(matching, limit)]
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
