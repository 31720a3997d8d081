"""The endpoints of intake."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import structlog
from fastapi import APIRouter, Request, Response
from motcua_platform.access.guard import Credentials
from motcua_platform.access.limits import headers_of
from motcua_platform.languages import language_of
from pydantic import BaseModel

from motcua_intake.application.accept import AcceptEvents, Outcomes, Status, count
from motcua_intake.domain.errors import LogAway
from motcua_intake.entrypoints import refusals
from motcua_intake.entrypoints.answers import answer
from motcua_intake.entrypoints.body import BodyReader
from motcua_intake.entrypoints.openapi import (
    EVENTS_OPERATION,
    EVENTS_RESPONSES,
    PUBLISHER_RESPONSES,
)

if TYPE_CHECKING:
    from motcua_intake.entrypoints.admission import Admission
    from motcua_intake.entrypoints.metrics import IntakeMetrics
    from motcua_intake.entrypoints.speaking import Speaking

_log = structlog.get_logger()


class PublisherView(BaseModel):
    """Who the key belongs to, and the units it speaks for (those below them included)."""

    id: str
    name: str
    units: list[str]


def events_router(
    accept: AcceptEvents,
    speaking: Speaking,
    admission: Admission,
    metrics: IntakeMetrics,
    bodies: BodyReader,
) -> APIRouter:
    """`POST /v1/events` and `GET /v1/publisher`."""
    router = APIRouter(prefix="/v1")

    @router.post(
        "/events",
        status_code=202,
        response_class=Response,
        responses=EVENTS_RESPONSES,
        openapi_extra=EVENTS_OPERATION,
        tags=["events"],
        summary="Publish one event, or up to 1,000",
    )
    async def post_events(request: Request, credentials: Credentials) -> Response:
        """Judge each event by itself and append the good ones to the log.

        202 means that the log has every event that is called accepted (law L5). After a 503 or a
        broken connection send the same request again: repetition is harmless. A body may be
        compressed (gzip, zstd); its limits count unpacked.
        """
        started = time.perf_counter()
        try:
            publisher = await speaking.sender(request, credentials)
            async with admission.turn():
                body = await bodies.read(request, publisher.id)
                left = speaking.take(publisher, len(body.candidates))
                try:
                    outcomes = await accept.accept_events(publisher, body.candidates)
                except LogAway as error:
                    raise refusals.log_away() from error
            _report(metrics, publisher.id, outcomes)
            response = answer(outcomes, language_of(request), is_batch=body.is_batch)
            response.headers.update(headers_of(left))
            return response
        finally:
            metrics.observe(time.perf_counter() - started)

    @router.get("/publisher", responses=PUBLISHER_RESPONSES, tags=["events"])
    async def get_publisher(request: Request, credentials: Credentials) -> PublisherView:
        """The publisher whose key or token this is."""
        publisher = await speaking.publisher(request, credentials)
        return PublisherView(id=publisher.id, name=publisher.name, units=list(publisher.units))

    _ = (post_events, get_publisher)
    return router


def _report(metrics: IntakeMetrics, publisher: str, outcomes: Outcomes) -> None:
    counts = count(outcomes)
    metrics.count(counts)
    numbers: dict[str, Any] = {status.value: counts[status] for status in Status}
    _log.info("events_answered", publisher=publisher, **numbers)
