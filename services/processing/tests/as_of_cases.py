"""Questions of two times to the real books, and what the definition answers."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypedDict

import httpx
from event_records import record
from fastapi import FastAPI
from motcua_kernel.events import Event
from motcua_kernel.instant import Instant, at_local, format_local
from motcua_kernel.registry import Entry, Registry
from motcua_platform.access.guard import install_guard
from motcua_platform.access.testing import open_guard
from motcua_platform.dossier_codec import event_from_value
from motcua_platform.problems import install_problems
from motcua_platform.registry_history import RegistryHistory
from motcua_processing.adapters.projections import SqlProjections
from motcua_processing.application.as_of import Answer, by_definition, figures_as_of
from motcua_processing.application.questions import Question, Span
from motcua_processing.domain.verdicts import Figures
from motcua_processing.domain.views import View, counted_units
from motcua_processing.entrypoints.http import Sources, routes
from motcua_processing.migrate import sqlalchemy_url
from open_books_of_tests import SCHEMA, Desk
from sample_registry import sample_registry
from sqlalchemy.ext.asyncio import create_async_engine

PROVINCE = "67"
JUNE = (date(2020, 6, 1), date(2020, 6, 30))


def moment(day: int, hour: int = 9, month: int = 6) -> Instant:
    """A local hour of a day of June 2020."""
    return at_local(date(2020, month, day), hour * 60)


@asynccontextmanager
async def projections_of(url: str) -> AsyncGenerator[SqlProjections]:
    """The questions to the books of a database."""
    engine = create_async_engine(
        sqlalchemy_url(url), connect_args={"server_settings": {"search_path": SCHEMA}}
    )
    try:
        yield SqlProjections(engine)
    finally:
        await engine.dispose()


@dataclass
class Service:
    """The service as a client sees it; the clock, the registry and the log's ends are ours."""

    client: httpx.AsyncClient
    now: Instant
    history: RegistryHistory
    ends: dict[tuple[str, int], int] = field(default_factory=dict[tuple[str, int], int])

    async def get(self, path: str, **parameters: Any) -> httpx.Response:
        return await self.client.get(path, params=parameters)

    async def ask(self, path: str, **parameters: Any) -> dict[str, Any]:
        answer = await self.get(path, **parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def summary(
        self, unit: str = PROVINCE, *, days: tuple[date, date] = JUNE, **more: object
    ) -> dict[str, Any]:
        span = {"from": days[0], "to": days[1]}
        return await self.ask("/v1/summary", unit=unit, **span, **more)


@asynccontextmanager
async def service(
    url: str, now: Instant, registry: Registry | None = None
) -> AsyncGenerator[Service]:
    """The service's questions at a chosen moment."""
    async with projections_of(url) as projections:
        history = RegistryHistory(registry or sample_registry())
        app = FastAPI()
        install_problems(app)
        install_guard(app, open_guard(lambda: history.newest))
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://processing") as client:
            made = Service(client, now, history)

            async def ends() -> dict[tuple[str, int], int]:
                return made.ends

            sources = Sources(projections, lambda: history.newest, lambda: made.now, ends, history)
            app.include_router(routes(sources))
            yield made


async def tell(desk: Desk, event: Event, recorded: Instant, partition: int = 0) -> None:
    """Let an event be recorded at a moment and applied."""
    offset = await desk.value(
        "SELECT next_offset FROM log_partition WHERE partition = $1", partition
    )
    told = record(event, offset=offset, partition=partition, appended_at=recorded)
    await desk.apply(told)


async def enact(
    desk: Desk, history: RegistryHistory, entries: Sequence[Entry], recorded: Instant
) -> None:
    """Let registry entries be recorded at a moment, and bring the projections up to them."""
    placed = [(desk.registry.offset + 1 + place, entry) for place, entry in enumerate(entries)]
    await desk.read_registry(placed)
    history.append(desk.registry, placed, [recorded] * len(placed))


def question(
    registry: Registry,
    days: tuple[date, date],
    at: Instant,
    known: Instant | None,
    view: View = View.AS_THEN,
) -> Question:
    """A question for everything."""
    units = counted_units(registry, PROVINCE, view, days[1])
    return Question(units, Span.of(*days, at), known)


async def answer_of(
    projections: SqlProjections, history: RegistryHistory, asked: Question
) -> Answer:
    """What the service answers, without rows that count nothing."""
    known = asked.known
    registry = history.newest if known is None else history.as_known(known)
    later = None if known is None else history
    return trimmed(await figures_as_of(projections.past, registry, asked, later))


def definition_of(
    journal: Mapping[str, Sequence[Event]], history: RegistryHistory, asked: Question
) -> Answer:
    """What every dossier comes to, folded at the cut."""
    registry = history.newest if asked.known is None else history.as_known(asked.known)
    return trimmed(by_definition(journal, registry, asked))


def trimmed(answer: Answer) -> Answer:
    """Without rows that count nothing."""
    rows = {key: one for key, one in answer.rows.items() if one != Figures()}
    return Answer(rows, answer.receptions, answer.received_in_journal)


async def journal_of(desk: Desk) -> dict[str, list[Event]]:
    """All events by dossier."""
    rows = await desk.pool.fetch(
        "SELECT value, publisher, event_id, source, recorded_at FROM journal"
    )
    return by_dossier(
        event_from_value(row[0], row[1], row[2], row[3], Instant(row[4])) for row in rows
    )


def by_dossier(events: Iterable[Event]) -> dict[str, list[Event]]:
    """Events by dossier."""
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.dossier, []).append(event)
    return found


class Both(TypedDict):
    at: str
    known: str


def then(at: Instant) -> Both:
    """Both times at a moment."""
    return {"at": format_local(at), "known": format_local(at)}
