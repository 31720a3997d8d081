"""Questions over HTTP: a dossier, a summary, the list behind a number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from motcua_kernel.derive import derive
from motcua_kernel.events import Event
from motcua_kernel.fold import fold
from motcua_kernel.registry import Registry
from motcua_kernel.snapshot import Snapshot, decode
from motcua_platform.problems import Problem

from motcua_processing.application.questions import units_below
from motcua_processing.domain.views import View
from motcua_processing.entrypoints import explaining
from motcua_processing.entrypoints.answers import dossier_answer, figures_answer, verdict_of
from motcua_processing.entrypoints.as_of import (
    Asked,
    At,
    Known,
    Sources,
    figures,
    known_unit,
    receptions_answer,
    times,
)

__all__ = ["Sources", "routes"]
LIST_LIMIT = 1_000


def routes(sources: Sources) -> APIRouter:
    """The routes of processing."""
    router = APIRouter(prefix="/v1")
    router.include_router(explaining.routes(sources))

    @router.get("/dossiers/{code}", tags=["dossiers"])
    async def dossier(code: str, at: At = None, known: Known = None) -> dict[str, Any]:
        """State, timeline, clock ledger, verdict and anomalies of a dossier."""
        two = await times(sources, at, known)
        events = await sources.projections.events(code)
        if at is None and known is None:
            data = await sources.projections.snapshot(code)
            snapshot = decode(data) if data else None
        else:
            events = two.cut.through(events)
            snapshot = _folded(code, events, two.registry)
        if snapshot is None:
            raise Problem(404, "unknown-dossier", "No such dossier", field="code", value=code)
        return dossier_answer(snapshot, events, two.registry, two.at) | two.head()

    @router.get("/dossiers", tags=["dossiers"])
    async def dossiers(
        unit: str,
        verdict: Literal["within", "due_soon", "overdue"],
        limit: Annotated[int, Query(ge=1, le=LIST_LIMIT)] = 100,
    ) -> dict[str, Any]:
        """The dossiers in progress behind a number, the earliest due first."""
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
        return {"dossiers": found}

    @router.get("/summary", tags=["figures"])
    async def summary(  # noqa: PLR0917 - the parameters of the query
        unit: str,
        first: Annotated[date, Query(alias="from")],
        last: Annotated[date, Query(alias="to")],
        at: At = None,
        known: Known = None,
        view: View = View.AS_THEN,
    ) -> dict[str, Any]:
        """The balance and the on-time rate of a unit and those below it over a period."""
        two = await times(sources, at, known)
        answer = await figures(sources, Asked(unit, first, last, view), two)
        head = {"unit": unit, "from": first, "to": last, "view": view.value} | two.head()
        total = answer.total
        receptions = {"receptions": receptions_answer(answer.receptions)}
        residual = {"balance_residual": total.balance_residual}
        return head | figures_answer(total) | receptions | residual

    @router.get("/summary/departments", tags=["figures"])
    async def departments(  # noqa: PLR0917 - the parameters of the query
        unit: str,
        first: Annotated[date, Query(alias="from")],
        last: Annotated[date, Query(alias="to")],
        at: At = None,
        known: Known = None,
        view: View = View.AS_THEN,
    ) -> dict[str, Any]:
        """The same by reporting unit and lead department."""
        two = await times(sources, at, known)
        answer = await figures(sources, Asked(unit, first, last, view, balanced=False), two)
        return {
            "view": view.value,
            **two.head(),
            "rows": [
                _names(two.registry, *key) | figures_answer(one)
                for key, one in sorted(answer.rows.items())
            ],
        }

    @router.get("/balance", tags=["figures"])
    async def balance() -> dict[str, Any]:
        """All receipts ever, by unit, counted in the journal: the left side of the balance."""
        offsets, marks = await sources.projections.progress()
        units = await sources.projections.received_by_unit()
        return {"watermark": sum(offsets.values()), "unpublished": marks, "units": units}

    @router.get("/progress", tags=["operations"])
    async def progress() -> dict[str, Any]:
        """Records of the log not yet applied, and what is not yet brought out of the books."""
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


def _names(registry: Registry, unit: str, department: str) -> dict[str, str]:
    """The names of a unit and a department, of its own or of a unit that it stands for."""
    known = registry.units.get(unit)
    former = [registry.units.get(one) for one in known.predecessors] if known else []
    names = {
        one.id: one.name
        for each in (*former, known)
        if each is not None
        for one in each.departments
    }
    return {
        "unit": unit,
        "unit_name": known.name if known else unit,
        "department": department,
        "department_name": names.get(department, department),
    }
