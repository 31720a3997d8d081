"""`GET /v1/dossiers/{code}/explain`: every day of a deadline with the rule behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from motcua_kernel.derive import derive
from motcua_kernel.explain import Explanation, explain
from motcua_kernel.explain_texts import Language
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


@dataclass(frozen=True, slots=True)
class Explained:
    """A dossier at a moment, and the account of its deadline."""

    snapshot: Snapshot
    told: Explanation
    verdict: str | None

    def verdict_name(self, lang: Language) -> str | None:
        """The verdict in the official words, or in English."""
        if lang == "en" and self.verdict is not None:
            return self.verdict.replace("_", " ")
        names = OUTCOME_NAMES if self.snapshot.state.resolved_at else TIMING_NAMES
        return {one.value: text for one, text in names.items()}.get(self.verdict or "")


async def explained_dossier(sources: Sources, who: Caller, code: str, two: Times) -> Explained:
    """The account of a dossier that the caller may read.

    Raises:
        Problem: 404.
    """
    events = await sources.projections.events(code)
    state = two.cut.fold(code, events, two.registry)
    if not state.events or not who.may_read(*units_of(state)):
        raise unknown_dossier(code)
    snapshot = Snapshot(state, derive(state, two.registry))
    told = explain(state, snapshot.derived, two.registry, two.at)
    return Explained(snapshot, told, verdict_of(snapshot, two.registry, two.at))


async def _answer(
    sources: Sources, who: Caller, code: str, two: Times, lang: Language
) -> dict[str, Any]:
    found = await explained_dossier(sources, who, code, two)
    answer = explain_answer(found.told, found.snapshot.state, two.registry, lang)
    verdict = {"verdict": found.verdict, "verdict_name": found.verdict_name(lang)}
    return answer | two.head() | verdict | {"lang": lang}
