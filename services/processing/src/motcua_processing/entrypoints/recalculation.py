"""Changes of the registry: asked about beforehand, done in the background, told afterwards."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final

import structlog
from fastapi import APIRouter, Body, Query
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from motcua.admin.v1 import admin_pb2 as admin
from motcua.registry.v1 import registry_pb2 as pb
from motcua_kernel.instant import Instant, format_local
from motcua_kernel.registry import Entry, Registry
from motcua_platform.access.guard import Who
from motcua_platform.errors import Transient, Unreadable
from motcua_platform.problems import Problem
from motcua_platform.process import Failpoints
from motcua_platform.registry_codec import entry_from_proto

from motcua_processing.adapters.previews import PreviewsInPostgres
from motcua_processing.adapters.publications import Publications
from motcua_processing.application.ports import Store
from motcua_processing.application.preview import preview
from motcua_processing.application.registry_works import RegistryUpTo, work_on
from motcua_processing.application.restatements import effects_answer
from motcua_processing.entrypoints.publisher import Wake

_log = structlog.get_logger()
_PAUSE_SECONDS: Final = 0.5
_MOST_ENTRIES: Final = 2_000
_LIST_LIMIT: Final = 1_000


async def do_works(
    store: Store,
    registry: Callable[[], Registry],
    up_to: RegistryUpTo,
    one_at_a_time: asyncio.Lock,
    *,
    wake: Wake,
    failpoints: Failpoints,
) -> None:
    """Do for ever what changes of the registry leave to do, a batch between batches of events."""
    while True:
        ticket = wake.ticket()
        try:
            async with one_at_a_time:
                done = await work_on(store, registry(), up_to, failpoints)
        except Transient as error:
            _log.warning("registry_work_waits", reason=str(error))
            await asyncio.sleep(_PAUSE_SECONDS)
            continue
        if done is None:
            await wake.wait(ticket, 10 * _PAUSE_SECONDS)
            continue
        _log.info(
            "registry_batch_applied",
            dossiers=done.dossiers,
            changed=done.changed,
            finished=done.finished,
        )
        await wake.ring()


def recalculation_routes(
    previews: Callable[[], PreviewsInPostgres],
    books: Callable[[], Publications],
    registry: Callable[[], Registry],
    now: Callable[[], Instant],
) -> APIRouter:
    """Preview, progress and restatements."""
    router = APIRouter(prefix="/v1", tags=["recalculation"])

    @router.post("/registry/preview")
    async def what_if(
        who: Who,
        entries: list[dict[str, Any]] = Body(embed=True),  # noqa: B008, FAST002 - how FastAPI embeds a body
    ) -> dict[str, Any]:
        """What entries in the form of the registry files would do, without changing anything."""
        who.must_administer()
        proposed, at = _proposed(entries), now()
        started = time.perf_counter()
        effects = await preview(previews(), registry(), proposed, at)
        return {
            "as_of": format_local(at),
            "registry_offset": registry().offset,
            "seconds": round(time.perf_counter() - started, 3),
            **effects_answer(effects),
        }

    @router.get("/registry/progress")
    async def works(who: Who) -> dict[str, Any]:
        """The newest registry entry in use, and the changes that are still being applied."""
        who.must_administer()
        return {
            "registry_offset": registry().offset,
            "works": [
                {"as_of": format_local(as_of), "last_offset": last, "done_until": done_until}
                for as_of, last, done_until in await books().works()
            ],
        }

    @router.get("/restatements")
    async def restatements(
        who: Who, limit: Annotated[int, Query(ge=1, le=_LIST_LIMIT)] = 20
    ) -> dict[str, Any]:
        """Restatements (điều chỉnh số liệu), the newest first."""
        who.must_administer()
        events = [admin.AdminEvent.FromString(one) for one in await books().restatements(limit)]
        return {"restatements": [_restatement(one) for one in events]}

    return router


def _restatement(event: admin.AdminEvent) -> dict[str, Any]:
    told: dict[str, Any] = MessageToDict(
        event.restatement,
        preserving_proto_field_name=True,
        always_print_fields_with_no_presence=True,
    )
    return {"id": event.id, "occurred_at": format_local(Instant(event.occurred_at)), **told}


def _proposed(entries: Sequence[dict[str, Any]]) -> list[Entry]:
    if not 0 < len(entries) <= _MOST_ENTRIES:
        raise Problem(
            422, "invalid-entries", "From 1 to 2,000 entries", field="entries", rule="1..2000"
        )
    found: list[Entry] = []
    for number, one in enumerate(entries):
        try:
            found.append(entry_from_proto(ParseDict(one, pb.RegistryEntry())))
        except (ParseError, Unreadable) as error:
            raise Problem(
                422, "invalid-entry", str(error), field=f"entries/{number}", rule="registry entry"
            ) from error
    return found
