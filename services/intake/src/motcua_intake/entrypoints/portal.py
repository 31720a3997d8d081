"""`POST /v1/portal`: the national portal's `DongBoHoSoMC` and `CapNhatTienDoHoSoMC`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from fastapi import APIRouter, Request, Response
from motcua_platform.access.guard import Credentials
from motcua_platform.access.limits import headers_of
from motcua_platform.languages import language_of

from motcua_intake.application.accept import Status, count
from motcua_intake.domain.errors import LogAway, MalformedBody, TooManyEvents
from motcua_intake.domain.portal.messages import Item, Unfit, read_message
from motcua_intake.entrypoints import refusals
from motcua_intake.entrypoints.answers import answer
from motcua_intake.entrypoints.body import unpacked
from motcua_intake.entrypoints.openapi import PORTAL_OPERATION, PORTAL_RESPONSES

if TYPE_CHECKING:
    from datetime import timedelta

    from motcua_intake.application.sync_portal import SyncPortal
    from motcua_intake.entrypoints.admission import Admission
    from motcua_intake.entrypoints.metrics import IntakeMetrics
    from motcua_intake.entrypoints.speaking import Speaking

_log = structlog.get_logger()


def portal_router(  # noqa: PLR0917 - the parts of the endpoint
    sync: SyncPortal,
    speaking: Speaking,
    admission: Admission,
    metrics: IntakeMetrics,
    limit: int,
    patience: timedelta,
) -> APIRouter:
    """The endpoint of the portal's messages."""
    router = APIRouter(prefix="/v1")

    @router.post(
        "/portal",
        status_code=202,
        response_class=Response,
        responses=PORTAL_RESPONSES,
        openapi_extra=PORTAL_OPERATION,
        tags=["portal"],
        summary="Take a message of the national portal's shape",
    )
    async def post_portal(request: Request, credentials: Credentials) -> Response:
        """Turn the items into events; what tells of persons is never read.

        The answer is that of `/v1/events`: a result for each event that an item proves. The same
        message again changes nothing.
        """
        publisher = await speaking.sender(request, credentials)
        async with admission.turn():
            items = _items(await unpacked(request, limit, patience.total_seconds()))
            left = speaking.take(publisher, len(items))
            try:
                outcomes = await sync.sync(publisher, items)
            except LogAway as error:
                raise refusals.log_away() from error
        counts = count(outcomes)
        metrics.count(counts)
        numbers: dict[str, Any] = {status.value: counts[status] for status in Status}
        _log.info("portal_answered", publisher=publisher.id, items=len(items), **numbers)
        response = answer(outcomes, language_of(request), is_batch=True, in_place=True)
        response.headers.update(headers_of(left))
        return response

    _ = post_portal
    return router


def _items(body: bytes) -> list[Item | Unfit]:
    try:
        return read_message(body)
    except MalformedBody as error:
        raise refusals.malformed(str(error)) from error
    except TooManyEvents as error:
        raise refusals.event_count(error.count, error.limit) from error
