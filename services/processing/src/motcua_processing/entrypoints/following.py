"""`GET /v1/events/{publisher}/{id}`: what became of an event."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from motcua_kernel.instant import format_local
from motcua_kernel.snapshot import decode
from motcua_platform.access.guard import Caller, Who
from motcua_platform.languages import Language, language_of
from motcua_platform.problems import Problem

from motcua_processing.application.decisions import Applied, SetAside, Verdict
from motcua_processing.application.set_aside import Desk, SetAsideSource
from motcua_processing.entrypoints.answers import units_of
from motcua_processing.entrypoints.as_of import Sources
from motcua_processing.entrypoints.quarantine import explained


def following_routes(sources: Sources, desk: Desk) -> APIRouter:
    """The route."""
    router = APIRouter(prefix="/v1", tags=["events"])

    @router.get("/events/{publisher}/{event_id:path}")
    async def follow(request: Request, who: Who, publisher: str, event_id: str) -> dict[str, Any]:
        """Applied, anomalous (with what makes no sense yet), or quarantined (with the rule).

        For the publisher itself, and for whoever may read the dossier. Not found also means: not
        yet; an accepted event gets here within seconds.
        """
        applied = await desk.applied(publisher, event_id)
        set_aside = await desk.of_event(publisher, event_id)
        if applied is None and not set_aside:
            raise _unknown()
        own = who.principal.publisher
        if own is None or own.id != publisher:
            await _must_read(sources, who, applied)
        language = language_of(request)
        head: dict[str, Any] = {"publisher": publisher, "id": event_id}
        if applied is None:
            return head | _quarantined(set_aside[0], language)
        identity = (publisher, event_id)
        return head | await _applied(sources, applied, identity, set_aside, language)

    _ = follow
    return router


async def quarantined_anomalies(source: SetAsideSource, code: str) -> list[dict[str, Any]]:
    """What was told of a dossier and set aside, beside its anomalies."""
    return [
        {
            "kind": "quarantined",
            "publisher": row.publisher,
            "event_id": row.event_id,
            "record": row.id,
            "rule": row.rule,
        }
        for row in await source.of_dossier(code)
    ]


async def _must_read(sources: Sources, who: Caller, applied: Applied | None) -> None:
    data = await sources.projections.snapshot(applied.dossier) if applied else None
    snapshot = decode(data) if data else None
    if snapshot is not None and who.may_read(*units_of(snapshot.state)):
        return
    try:
        who.must_administer()
    except Problem as error:
        raise _unknown() from error


async def _applied(
    sources: Sources,
    applied: Applied,
    identity: tuple[str, str],
    set_aside: list[SetAside],
    language: Language,
) -> dict[str, Any]:
    data = await sources.projections.snapshot(applied.dossier)
    snapshot = decode(data) if data else None
    anomalies = snapshot.derived.anomalies if snapshot else ()
    kinds = [one.kind for one in anomalies if (one.publisher, one.event_id) == identity]
    return {
        "status": "anomalous" if kinds else "applied",
        "dossier": applied.dossier,
        "recorded_at": format_local(applied.recorded_at),
        "position": {
            "topic": applied.topic,
            "partition": applied.partition,
            "offset": applied.offset,
        },
        "anomalies": kinds,
        "conflicts": [_quarantined(row, language) for row in set_aside if not row.verdict],
        "possible_duplicates": await sources.set_aside.same_natural_key(applied.dossier),
    }


def _quarantined(row: SetAside, language: Language) -> dict[str, Any]:
    states = {
        Verdict.NONE: "quarantined",
        Verdict.RELEASED: "released",
        Verdict.DISCARDED: "discarded",
    }
    return {
        "status": states[Verdict(row.verdict)],
        "dossier": row.dossier,
        "record": row.id,
        **explained(row, language),
    }


def _unknown() -> Problem:
    return Problem(
        404,
        "unknown-event",
        "No such event, or not yet",
        vi=("Chưa có sự kiện này", ""),
    )
