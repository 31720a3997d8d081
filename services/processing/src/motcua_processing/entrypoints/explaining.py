"""`GET /v1/dossiers/{code}/explain`: every day of a deadline with the rule behind it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from motcua_kernel.derive import derive
from motcua_kernel.explain import explain
from motcua_kernel.explain_texts import Language
from motcua_kernel.fold import fold
from motcua_kernel.snapshot import Snapshot
from motcua_kernel.verdict import OUTCOME_NAMES, TIMING_NAMES
from motcua_platform.access.guard import Caller, Who

from motcua_processing.entrypoints.answers import units_of, verdict_of
from motcua_processing.entrypoints.as_of import (
    At,
    Known,
    Sources,
    Times,
    times,
    unknown_dossier,
)
from motcua_processing.entrypoints.explain_answer import explain_answer
from motcua_processing.entrypoints.explain_page import explain_page

Format = Annotated[
    Literal["json", "text"] | None,
    Query(alias="format", description="JSON, or a page of text; default by the Accept header"),
]


def routes(sources: Sources) -> APIRouter:
    """The route of explanations."""
    router = APIRouter()

    @router.get("/dossiers/{code}/explain", tags=["dossiers"], response_model=None)
    async def explained(  # noqa: PLR0917 - the parameters of the query
        who: Who,
        code: str,
        lang: Language = "vi",
        form: Format = None,
        at: At = None,
        known: Known = None,
        accept: Annotated[str, Header()] = "",
    ) -> Response:
        """Each day from the receipt to the due date, counted or skipped, and why."""
        two = await times(sources, at, known)
        answer = await _answer(sources, who, code, two, lang)
        if form == "text" or (form is None and accept.startswith("text/plain")):
            return PlainTextResponse(explain_page(answer, lang))
        return JSONResponse(answer)

    return router


async def _answer(
    sources: Sources, who: Caller, code: str, two: Times, lang: Language
) -> dict[str, Any]:
    events = two.cut.through(await sources.projections.events(code))
    if not events:
        raise unknown_dossier(code)
    state = fold(code, events, two.registry)
    if not who.may_read(*units_of(state)):
        raise unknown_dossier(code)
    snapshot = Snapshot(state, derive(state, two.registry))
    told = explain(state, snapshot.derived, two.registry, two.at)
    verdict = verdict_of(snapshot, two.registry, two.at)
    names = OUTCOME_NAMES if state.resolved_at else TIMING_NAMES
    name = {one.value: text for one, text in names.items()}.get(verdict or "")
    if lang == "en" and verdict is not None:
        name = verdict.replace("_", " ")
    answer = explain_answer(told, state, two.registry, lang)
    return answer | two.head() | {"verdict": verdict, "verdict_name": name, "lang": lang}
