"""Figures over HTTP: the balance and the on-time rate of a unit over a period."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from motcua_kernel.registry import Registry
from motcua_platform.access.guard import Who

from motcua_processing.domain.views import View
from motcua_processing.entrypoints.answers import figures_answer
from motcua_processing.entrypoints.as_of import (
    Asked,
    At,
    Known,
    Sources,
    figures,
    receptions_answer,
    times,
)


def routes(sources: Sources) -> APIRouter:
    """The routes of figures."""
    router = APIRouter(tags=["figures"])

    @router.get("/summary")
    async def summary(  # noqa: PLR0917 - the parameters of the query
        who: Who,
        unit: str,
        first: Annotated[date, Query(alias="from")],
        last: Annotated[date, Query(alias="to")],
        at: At = None,
        known: Known = None,
        view: View = View.AS_THEN,
    ) -> dict[str, Any]:
        """The balance and the on-time rate of a unit and those below it over a period."""
        who.must_read(unit)
        two = await times(sources, at, known)
        answer = await figures(sources, Asked(unit, first, last, view), two)
        head = {"unit": unit, "from": first, "to": last, "view": view.value} | two.head()
        total = answer.total
        receptions = {"receptions": receptions_answer(answer.receptions)}
        residual = {"balance_residual": total.balance_residual}
        return head | figures_answer(total) | receptions | residual

    @router.get("/summary/departments")
    async def departments(  # noqa: PLR0917 - the parameters of the query
        who: Who,
        unit: str,
        first: Annotated[date, Query(alias="from")],
        last: Annotated[date, Query(alias="to")],
        at: At = None,
        known: Known = None,
        view: View = View.AS_THEN,
    ) -> dict[str, Any]:
        """The same by reporting unit and lead department."""
        who.must_read(unit)
        two = await times(sources, at, known)
        answer = await figures(sources, Asked(unit, first, last, view, balanced=False), two)
        who.tell_export("departments", unit, len(answer.rows))
        return {
            "view": view.value,
            **two.head(),
            "rows": [
                _names(two.registry, *key) | figures_answer(one)
                for key, one in sorted(answer.rows.items())
            ],
        }

    return router


def _names(registry: Registry, unit: str, department: str) -> dict[str, str]:
    known = registry.units.get(unit)
    return {
        "unit": unit,
        "unit_name": known.name if known else unit,
        "department": department,
        "department_name": department_names(registry, unit).get(department, department),
    }


def department_names(registry: Registry, unit: str) -> dict[str, str]:
    """The names of a unit's departments, and of those of the units that it stands for."""
    known = registry.units.get(unit)
    former = [registry.units.get(one) for one in known.predecessors] if known else []
    return {
        one.id: one.name
        for each in (*former, known)
        if each is not None
        for one in each.departments
    }
