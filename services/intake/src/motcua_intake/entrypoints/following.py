"""`GET /v1/events/{publisher}/{id}`: what became of an event, as processing says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Request, Response
from motcua_platform.access.guard import Credentials

from motcua_intake.domain.errors import ProcessingAway
from motcua_intake.entrypoints import refusals
from motcua_intake.entrypoints.openapi import FOLLOWING_RESPONSES

if TYPE_CHECKING:
    from motcua_intake.adapters.processing import Processing
    from motcua_intake.entrypoints.speaking import Speaking

_KEPT: Final = ("content-type", "content-language", "retry-after")


def following_router(speaking: Speaking, processing: Processing) -> APIRouter:
    """The endpoint, for publishers that know only the door they send to."""
    router = APIRouter(prefix="/v1")

    @router.get(
        "/events/{publisher}/{event_id:path}",
        response_class=Response,
        responses=FOLLOWING_RESPONSES,
        tags=["events"],
        summary="Follow an event",
    )
    async def follow(
        request: Request, credentials: Credentials, publisher: str, event_id: str
    ) -> Response:
        """Applied, anomalous or quarantined; not found also means: not yet."""
        await speaking.publisher(request, credentials)
        try:
            found = await processing.verdict(publisher, event_id, request.headers)
        except ProcessingAway as error:
            raise refusals.processing_away() from error
        headers = {name: found.headers[name] for name in _KEPT if name in found.headers}
        return Response(found.content, found.status_code, headers)

    _ = follow
    return router
