"""Quarantined records (bản ghi bị cách ly): listed, shown, explained, released, discarded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final, Literal

import structlog
from fastapi import APIRouter, Query, Request
from motcua_contracts.topics import publisher_of
from motcua_kernel.admission_rules import RULES, Rejected
from motcua_kernel.events import content_hash
from motcua_kernel.instant import Instant
from motcua_kernel.registry import Registry
from motcua_platform.access.guard import Who
from motcua_platform.languages import language_of
from motcua_platform.problems import Problem
from pydantic import BaseModel, ConfigDict, Field

from motcua_processing.application.decisions import (
    Mending,
    SetAside,
    Verdict,
    discard,
    mended_event,
    release,
    told_event,
)
from motcua_processing.application.set_aside import Desk

_log = structlog.get_logger()
_LIST_LIMIT: Final = 1_000
_REASON: Final = r"^[0-9A-Za-z._-]{1,64}$"


class Discarding(BaseModel):
    """Why: a code of a ground, no free text (law L7)."""

    model_config = ConfigDict(extra="forbid")
    reason: Annotated[str, Field(pattern=_REASON)]


class Releasing(Discarding):
    """Why; and the event in Protobuf's JSON where it was mended, a new id where that is needed."""

    event: dict[str, Any] | None = None
    id: Annotated[str, Field(max_length=128)] = ""


def quarantine_routes(
    desk: Desk, registry: Callable[[], Registry], now: Callable[[], Instant]
) -> APIRouter:
    """The routes under `/v1/quarantine`."""
    router = APIRouter(prefix="/v1/quarantine", tags=["quarantine"])

    @router.get("")
    async def listed(  # noqa: PLR0917 - one argument for each parameter
        who: Who,
        publisher: str = "",
        rule: str = "",
        state: Literal["open", "decided"] = "open",
        after: str = "",
        limit: Annotated[int, Query(ge=1, le=_LIST_LIMIT)] = 100,
    ) -> dict[str, Any]:
        """Records in the order of their ids; `after` goes on behind one."""
        who.must_administer()
        rows = await desk.listed(
            publisher=publisher, rule=rule, decided=state == "decided", after=after, limit=limit
        )
        return {"records": [_line(row) for row in rows]}

    @router.get("/{name}")
    async def shown(request: Request, who: Who, name: str) -> dict[str, Any]:
        """A record: where it stood, what it says, what was wrong and what can be done."""
        who.must_administer()
        row = await _known(desk, name)
        return _line(row) | {
            "event": told_event(row),
            "explanation": explained(row, language_of(request)),
        }

    @router.post("/{name}/release")
    async def released(who: Who, name: str, asked: Releasing) -> dict[str, Any]:
        """Let a record in, as it was told or mended; its dossier is folded anew with it."""
        who.must_administer()
        row = await _known(desk, name)
        at = now()
        try:
            event = mended_event(row, Mending(asked.event, asked.id), registry(), at)
        except Rejected as error:
            raise _still_wrong(error) from error
        known = await desk.applied(event.publisher, event.event_id)
        if known is not None:
            same = known.content == content_hash(event)
            raise _already_told(known.dossier, same=same)
        decision = release(row, event, asked.reason, who.principal.id, at)
        if not await desk.decide(decision):
            raise _decided(row)
        _log.info("quarantine_released", record=row.id, actor=who.principal.id)
        mended = list(decision.quarantine_decision.mended)
        return {"record": row.id, "verdict": "released", "id": event.event_id, "mended": mended}

    @router.post("/{name}/discard")
    async def discarded(who: Who, name: str, asked: Discarding) -> dict[str, Any]:
        """Leave a record out for good; it stays where it is, with the reason."""
        who.must_administer()
        row = await _known(desk, name)
        if not await desk.decide(discard(row, asked.reason, who.principal.id, now())):
            raise _decided(row)
        _log.info("quarantine_discarded", record=row.id, actor=who.principal.id)
        return {"record": row.id, "verdict": "discarded"}

    _ = (listed, shown, released, discarded)
    return router


def explained(row: SetAside, language: Literal["vi", "en"]) -> dict[str, str]:
    """What was wrong and what can be done, in words."""
    rule = RULES.get(row.rule)
    if rule is not None:
        expected = Rejected(row.field, row.rule, publisher=row.publisher, id=row.event_id).expected(
            language
        )
    else:
        expected = row.rule
    return {
        "field": row.field,
        "rule": row.rule,
        "expected": expected,
        "advice": _advice(row)[0 if language == "vi" else 1],
    }


def _advice(row: SetAside) -> tuple[str, str]:
    if row.verdict:
        return "Đã có quyết định.", "This has been decided."
    if row.rule == "conflict":
        return (
            "Nội dung đến trước được giữ. Cả hai đều đúng: giải phóng với id mới; không: loại bỏ.",
            "What came first counts. Release under a new id if both are right, else discard.",
        )
    if row.rule in {"authority", "publisher"}:
        return (
            "Cấp quyền cho hệ thống gửi trong danh mục rồi giải phóng, hoặc loại bỏ.",
            "Give the publisher the right in the registry and release, or discard.",
        )
    return (
        "Sửa trường nêu trên rồi giải phóng, hoặc loại bỏ kèm lý do.",
        "Mend the field named above and release, or discard with a reason.",
    )


def _line(row: SetAside) -> dict[str, Any]:
    return {
        "record": row.id,
        "topic": row.topic,
        "partition": row.partition,
        "offset": row.offset,
        "rule": row.rule,
        "field": row.field,
        "publisher": row.publisher or publisher_of(row.topic) or "",
        "id": row.event_id,
        "dossier": row.dossier,
        "verdict": Verdict(row.verdict).name.lower(),
    }


async def _known(desk: Desk, name: str) -> SetAside:
    row = await desk.one(name)
    if row is None:
        raise Problem(
            404, "unknown-record", "No such record", vi=("Không có bản ghi này", ""), record=name
        )
    return row


def _still_wrong(error: Rejected) -> Problem:
    return Problem(
        422,
        error.rule,
        "The event still breaks a rule",
        vi=("Sự kiện vẫn vi phạm quy tắc", ""),
        field=error.field,
        rule=error.rule,
        expected=error.expected("en"),
    )


def _already_told(dossier: str, *, same: bool) -> Problem:
    return Problem(
        409,
        "already-applied" if same else "conflict",
        "An event of this id was applied already; discard this one, or give it a new id",
        vi=("Đã có sự kiện mang id này; hãy loại bỏ, hoặc đặt id mới", ""),
        dossier=dossier,
    )


def _decided(row: SetAside) -> Problem:
    return Problem(
        409,
        "decided",
        "This record has been decided about",
        vi=("Bản ghi này đã có quyết định", ""),
        record=row.id,
    )
