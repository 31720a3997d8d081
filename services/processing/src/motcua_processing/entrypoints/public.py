"""Totals for anyone, where the province publishes them: whole months, no small cells."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from motcua_kernel.verdict import Outcome, Timing
from motcua_platform.problems import Problem

from motcua_processing.domain.small_cells import suppress
from motcua_processing.domain.views import View
from motcua_processing.entrypoints.as_of import Asked, Sources, figures, times


def public_routes(sources: Sources, *, smallest: int) -> APIRouter:
    """`GET /v1/public/summary`; counts from 1 to below `smallest` are kept back."""
    router = APIRouter(prefix="/v1/public", tags=["public"])

    @router.get("/summary")
    async def public_summary(
        unit: str,
        first: Annotated[date, Query(alias="from")],
        last: Annotated[date, Query(alias="to")],
    ) -> dict[str, Any]:
        """Resolved and in progress of a unit over whole months; null is a count kept back.

        Whole months only, so that the difference of two answers singles nobody out.
        """
        _check_months(first, last)
        two = await times(sources, None, None)
        total = (await figures(sources, Asked(unit, first, last, View.AS_THEN), two)).total
        resolved = suppress({one.value: total.resolved[one] for one in Outcome}, smallest)
        progress = suppress({one.value: total.in_progress[one] for one in Timing}, smallest)
        whole = all(count is not None for count in (resolved.total, *resolved.parts.values()))
        return {
            "unit": unit,
            "from": first,
            "to": last,
            **two.head(),
            "resolved": {"total": resolved.total, **resolved.parts},
            "in_progress": {"total": progress.total, **progress.parts},
            "on_time_percent": str(total.on_time_percent)
            if whole and total.on_time_percent is not None
            else None,
            "kept_back": f"1..{smallest - 1}",
        }

    return router


def _check_months(first: date, last: date) -> None:
    if first.day != 1 or last.day != monthrange(last.year, last.month)[1]:
        raise Problem(
            422,
            "invalid-period",
            "The public may ask for whole months",
            field="from",
            rule="whole months",
            vi=("Chỉ công khai số liệu theo tháng trọn", ""),
        )
