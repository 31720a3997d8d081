"""Publishers that intake is closed to, and opening to them again."""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_hex
from typing import Any, Final, Protocol

import structlog
from fastapi import APIRouter
from motcua.admin.v1.admin_pb2 import AdminEvent
from motcua_kernel.instant import Instant
from motcua_platform.access.guard import Who
from motcua_platform.problems import Problem

from motcua_processing.application.watch_publishers import opening

_log = structlog.get_logger()
_MARK_BYTES: Final = 8


class Gates(Protocol):
    """Opens intake to publishers again."""

    async def closed(self) -> list[str]:
        """The publishers that intake is closed to."""
        ...

    async def open(self, event: AdminEvent) -> bool:
        """Open to a publisher and put the decision down; False where it was not closed."""
        ...


def gate_routes(gates: Gates, now: Callable[[], Instant]) -> APIRouter:
    """The routes under `/v1/publishers`."""
    router = APIRouter(prefix="/v1/publishers", tags=["quarantine"])

    @router.get("/closed")
    async def closed(who: Who) -> dict[str, Any]:
        """Publishers that reached their cap on quarantined records."""
        who.must_administer()
        return {"publishers": await gates.closed()}

    @router.post("/{publisher}/open")
    async def opened(who: Who, publisher: str) -> dict[str, Any]:
        """Let a publisher in again; its count begins anew."""
        who.must_administer()
        decision = opening(publisher, who.principal.id, now(), token_hex(_MARK_BYTES))
        if not await gates.open(decision):
            raise Problem(
                409,
                "not-closed",
                "Intake is not closed to this publisher",
                vi=("Hệ thống gửi này không bị tạm ngừng tiếp nhận", ""),
                publisher=publisher,
            )
        _log.info("publisher_opened", publisher=publisher, actor=who.principal.id)
        return {"publisher": publisher, "closed": False}

    _ = (closed, opened)
    return router
