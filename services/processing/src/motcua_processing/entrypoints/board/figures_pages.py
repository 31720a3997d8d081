"""`/board` and `/board/units/{unit}`: the figures of the API in tables, and what is behind them."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from motcua_kernel.instant import local_date
from motcua_kernel.verdict import Outcome, Timing
from motcua_platform.problems import Problem

from motcua_processing.adapters.board_trends import BoardTrends
from motcua_processing.domain.board.lines import COLUMNS, in_order
from motcua_processing.domain.board.trends import spark_of
from motcua_processing.domain.views import View
from motcua_processing.entrypoints.as_of import At, Known, Sources, times
from motcua_processing.entrypoints.board.asking import (
    Period,
    PeriodParameter,
    Wanted,
    has_lines_below,
    readable_unit,
    top_units,
    way_to,
)
from motcua_processing.entrypoints.board.pages import HOME, Address, BoardRoute, page
from motcua_processing.entrypoints.board.sign_in import Reader
from motcua_processing.entrypoints.board.unit_figures import sum_of, unit_figures
from motcua_processing.entrypoints.board.waiting import waiting_of
from motcua_processing.entrypoints.summaries import department_names

Direction = Annotated[Literal["asc", "desc"], Query(alias="dir")]
_DRAWN: Final[dict[str, Any]] = {
    "outcomes": (Outcome.EARLY, Outcome.ON_TIME, Outcome.OVERDUE),
    "timings": (Timing.WITHIN, Timing.DUE_SOON, Timing.OVERDUE, Timing.PAUSED),
    "Outcome": Outcome,
    "Timing": Timing,
    "spark_of": spark_of,
}


def figures_pages(sources: Sources, trends: BoardTrends) -> APIRouter:
    """The two pages of figures."""
    router = APIRouter(prefix=HOME, route_class=BoardRoute, include_in_schema=False)

    @router.get("", response_model=None)
    async def board(  # noqa: PLR0917 - the parameters of the query
        request: Request,
        who: Reader,
        unit: str = "",
        period: PeriodParameter = Period.YEAR,
        at: At = None,
        known: Known = None,
        view: View | None = None,
        sort: str = "unit",
        direction: Direction = "asc",
    ) -> Response:
        """A line a unit; without a unit the widest one that the caller may read."""
        if sort not in COLUMNS:
            raise Problem(422, "invalid-sort", "No such column", vi=("Không có cột này", ""))
        two = await times(sources, at, known)
        registry = two.registry
        tops = top_units(registry, who, local_date(two.at))
        if not unit and len(tops) != 1:
            return page(request, "choose.html.j2", units=tops)
        chosen = readable_unit(registry, who, unit or tops[0].id)
        if not has_lines_below(registry, chosen):
            return RedirectResponse(Address.of(request).to("units", chosen.id), 303)
        told = await unit_figures(sources, trends, two, chosen, Wanted(period, view))
        lines = told.units()
        who.tell_export("board", chosen.id, len(lines))
        return page(
            request,
            "board.html.j2",
            told=told,
            total=told.total,
            way=way_to(registry, who, chosen),
            lines=in_order(lines, sort, descending=direction == "desc"),
            sort=sort,
            direction=direction,
            d=_DRAWN,
        )

    @router.get("/units/{unit}", response_model=None)
    async def one_unit(  # noqa: PLR0917 - the parameters of the query
        request: Request,
        who: Reader,
        unit: str,
        period: PeriodParameter = Period.YEAR,
        at: At = None,
        known: Known = None,
        view: View | None = None,
        department: str | None = None,
    ) -> Response:
        """A line a department, the dossiers that are overdue or due soon, the deadlines ahead."""
        two = await times(sources, at, known)
        chosen = readable_unit(two.registry, who, unit)
        told = await unit_figures(sources, trends, two, chosen, Wanted(period, view))
        lines = in_order(told.departments(), "unit", descending=False)
        waiting = None
        if at is None and known is None:
            waiting = await waiting_of(sources, two, chosen, told.view, department)
            who.tell_export("board", chosen.id, waiting.shown)
        return page(
            request,
            "unit.html.j2",
            told=told,
            total=sum_of(lines),
            way=way_to(two.registry, who, chosen),
            lines=lines,
            department=department,
            department_names=department_names(two.registry, chosen.id),
            waiting=waiting,
            d=_DRAWN,
        )

    return router
