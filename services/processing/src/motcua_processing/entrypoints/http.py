"""Questions over HTTP: a dossier, a summary, the list behind a number."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from motcua_kernel.instant import Instant, format_local
from motcua_kernel.registry import Registry
from motcua_kernel.snapshot import decode
from motcua_platform.problems import Problem

from motcua_processing.adapters.projections import SqlProjections
from motcua_processing.application.questions import (
    Span,
    figures_by_row,
    figures_of,
    units_below,
)
from motcua_processing.entrypoints.answers import dossier_answer, figures_answer, verdict_of

LIST_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class Sources:
    """What the endpoints ask."""

    projections: SqlProjections
    registry: Callable[[], Registry]
    now: Callable[[], Instant]
    ends: Callable[[], Awaitable[dict[int, int]]]


def routes(sources: Sources) -> APIRouter:
    """The routes of processing."""
    router = APIRouter(prefix="/v1")

    def known_unit(unit: str) -> str:
        if unit not in sources.registry().units:
            raise Problem(404, "unknown-unit", "No such unit", field="unit", value=unit)
        return unit

    def span(first: date, last: date) -> Span:
        if first > last:
            raise Problem(
                422,
                "invalid-period",
                "The period ends before it starts",
                field="from",
                rule="from <= to",
            )
        return Span.of(first, last, sources.now())

    @router.get("/dossiers/{code}", tags=["dossiers"])
    async def dossier(code: str) -> dict[str, Any]:
        """State, timeline, clock ledger, verdict and anomalies of a dossier."""
        data = await sources.projections.snapshot(code)
        snapshot = decode(data) if data else None
        if snapshot is None:
            raise Problem(404, "unknown-dossier", "No such dossier", field="code", value=code)
        events = await sources.projections.events(code)
        return dossier_answer(snapshot, events, sources.registry(), sources.now())

    @router.get("/dossiers", tags=["dossiers"])
    async def dossiers(
        unit: str,
        verdict: Literal["within", "due_soon", "overdue"],
        limit: Annotated[int, Query(ge=1, le=LIST_LIMIT)] = 100,
    ) -> dict[str, Any]:
        """The dossiers in progress behind a number, the earliest due first."""
        registry, now = sources.registry(), sources.now()
        units = units_below(registry, known_unit(unit))
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
    async def summary(
        unit: str,
        first: Annotated[date, Query(alias="from")],
        last: Annotated[date, Query(alias="to")],
    ) -> dict[str, Any]:
        """The balance and the on-time rate of a unit and those below it over a period."""
        registry, now = sources.registry(), sources.now()
        figures = await figures_of(
            sources.projections, registry, known_unit(unit), span(first, last), now
        )
        head = {"unit": unit, "from": first, "to": last, "as_of": format_local(now)}
        return head | figures_answer(figures) | {"balance_residual": figures.balance_residual}

    @router.get("/summary/departments", tags=["figures"])
    async def departments(
        unit: str,
        first: Annotated[date, Query(alias="from")],
        last: Annotated[date, Query(alias="to")],
    ) -> dict[str, Any]:
        """The same by reporting unit and lead department."""
        registry, now = sources.registry(), sources.now()
        units = units_below(registry, known_unit(unit))
        rows = await figures_by_row(sources.projections, registry, units, span(first, last), now)
        return {
            "as_of": format_local(now),
            "rows": [
                _names(registry, *key) | figures_answer(figures)
                for key, figures in sorted(rows.items())
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
        """Records of the log not yet applied, and marks of states not yet published."""
        ends = await sources.ends()
        offsets, marks = await sources.projections.progress()
        lag = sum(end - offsets.get(partition, 0) for partition, end in ends.items())
        return {"lag": lag, "unpublished": marks}

    return router


def _names(registry: Registry, unit: str, department: str) -> dict[str, str]:
    known = registry.units.get(unit)
    names = {one.id: one.name for one in known.departments} if known else {}
    return {
        "unit": unit,
        "unit_name": known.name if known else unit,
        "department": department,
        "department_name": names.get(department, department),
    }
