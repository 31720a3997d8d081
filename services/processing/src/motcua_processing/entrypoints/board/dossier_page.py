"""`/board/dossiers/{code}`: a dossier's timeline, and its deadline as a picture of the days."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from motcua_kernel.explain import Explanation
from motcua_kernel.explain_reasons import Reason
from motcua_kernel.explain_texts import Language, text_of
from motcua_kernel.instant import day_number
from motcua_kernel.registry import Registry
from motcua_kernel.state import DossierState

from motcua_processing.domain.board.days import (
    CalendarRow,
    Flag,
    Look,
    Note,
    calendar_of,
    notes_of,
    pictures,
)
from motcua_processing.entrypoints.as_of import At, Known, Sources, times
from motcua_processing.entrypoints.board.asking import applied, way_to
from motcua_processing.entrypoints.board.pages import HOME, BoardRoute, language, page
from motcua_processing.entrypoints.board.sign_in import Reader
from motcua_processing.entrypoints.dossiers import told_dossier
from motcua_processing.entrypoints.explain_answer import explain_answer
from motcua_processing.entrypoints.explaining import explained_dossier
from motcua_processing.entrypoints.summaries import department_names

_UNSAID: Final = frozenset({Reason.NOW, Reason.OVERDUE})
"""What the picture itself says."""


def dossier_page(sources: Sources) -> APIRouter:
    """The page of a dossier."""
    router = APIRouter(prefix=HOME, route_class=BoardRoute, include_in_schema=False)

    @router.get("/dossiers/{code}", response_model=None)
    async def dossier(
        request: Request, who: Reader, code: str, at: At = None, known: Known = None
    ) -> Response:
        """What happened to it, and each day of its limit."""
        two = await times(sources, at, known)
        lang = language(request)
        found = await explained_dossier(sources, who, code, two)
        state = found.snapshot.state
        present = at is None and known is None
        unit = two.registry.units.get(state.resolving_unit)
        return page(
            request,
            "dossier.html.j2",
            two=two,
            applied=await applied(sources, two),
            way=way_to(two.registry, who, unit) if unit else [],
            dossier=await told_dossier(sources, who, code, two, present=present),
            answer=explain_answer(found.told, state, two.registry, lang),
            verdict=found.verdict,
            verdict_name=found.verdict_name(lang),
            calendar=_calendar(found.told),
            notes=_notes(found.told, lang),
            department_names=_names(two.registry, state),
            ground_names={one.code: one.name for one in two.registry.pause_reasons.values()},
            Flag=Flag,
            Look=Look,
        )

    return router


def _calendar(told: Explanation) -> list[CalendarRow]:
    return calendar_of(pictures(told.lines, day_number(told.now)))


def _notes(told: Explanation, lang: Language) -> list[Note]:
    return notes_of(
        (line.day, text_of(one, lang))
        for line in told.lines
        for one in line.reasons
        if one.reason not in _UNSAID
    )


def _names(registry: Registry, state: DossierState) -> dict[str, Any]:
    """The names of the departments that a dossier may have passed."""
    units = (state.receiving_unit, state.resolving_unit, state.reporting_unit)
    return {key: name for unit in units for key, name in department_names(registry, unit).items()}
