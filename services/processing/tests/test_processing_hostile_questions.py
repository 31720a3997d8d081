"""Questions that no honest client asks: refused as a problem, and nothing breaks."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI
from motcua_kernel.instant import Instant
from motcua_platform.access.guard import install_guard
from motcua_platform.access.testing import open_guard
from motcua_platform.problems import MEDIA_TYPE, install_problems
from motcua_processing.adapters.previews import PreviewsInPostgres
from motcua_processing.adapters.projections import SqlProjections
from motcua_processing.adapters.set_aside import SetAsideInPostgres
from motcua_processing.entrypoints.following import following_routes
from motcua_processing.entrypoints.http import Sources, routes
from motcua_processing.entrypoints.quarantine import quarantine_routes
from motcua_processing.entrypoints.recalculation import recalculation_routes
from motcua_processing.migrate import sqlalchemy_url
from motcua_sample_dak_rlap import END
from open_books_of_tests import SCHEMA, Desk
from sample_registry import sample_registry
from sqlalchemy.ext.asyncio import create_async_engine

pytestmark = pytest.mark.real

PERIOD = "unit=666&from=2020-01-01&to=2020-03-31"
QUESTIONS = [
    "/v1/dossiers/%00",
    "/v1/dossiers/%00/explain",
    "/v1/dossiers/000.00.31.H16-200106-9999",
    "/v1/dossiers?unit=%00&verdict=within",
    "/v1/dossiers?unit=666&verdict=within&limit=99999999999999999999",
    "/v1/events/%00/1",
    "/v1/events/dak-rlap/%00",
    "/v1/events/dak-rlap/unknown",
    "/v1/quarantine?after=%00",
    "/v1/quarantine?publisher=%00&rule=%00",
    "/v1/quarantine?limit=-1",
    "/v1/quarantine/%00",
    "/v1/restatements?limit=-1",
    "/v1/restatements?limit=99999999999999999999",
    "/v1/summary?unit=%00&from=2020-01-01&to=2020-03-31",
    f"/v1/summary?{PERIOD}&at=9999-12-31T23:59:59Z",
    f"/v1/summary?{PERIOD}&at=%00",
    f"/v1/summary?{PERIOD}&known=9999-12-31T23:59:59-14:00",
    "/v1/summary?unit=666&from=2020-03-31&to=2020-01-01",
]
WIDE = [
    "/v1/summary?unit=666&from=0001-01-01&to=9999-12-31",
    "/v1/summary/departments?unit=666&from=0001-01-01&to=9999-12-31",
    "/v1/summary?unit=666&from=9999-12-31&to=9999-12-31",
    "/v1/summary?unit=666&from=0001-01-01&to=0001-01-01",
    f"/v1/summary?{PERIOD}&at=0001-01-01T00:00:00%2B14:00",
    f"/v1/summary?{PERIOD}&known=0001-01-01T00:00:00%2B14:00",
]


@asynccontextmanager
async def api(desk: Desk, url: str) -> AsyncGenerator[httpx.AsyncClient]:
    engine = create_async_engine(
        sqlalchemy_url(url), connect_args={"server_settings": {"search_path": SCHEMA}}
    )

    async def ends() -> dict[tuple[str, int], int]:
        return {}

    def now() -> Instant:
        return Instant(END)

    aside = SetAsideInPostgres(lambda: desk.pool)
    sources = Sources(SqlProjections(engine), sample_registry, now, ends, set_aside=aside)
    app = FastAPI()
    install_problems(app)
    install_guard(app, open_guard(sample_registry))
    app.include_router(routes(sources))
    app.include_router(following_routes(sources, aside))
    app.include_router(quarantine_routes(aside, sample_registry, now))
    app.include_router(
        recalculation_routes(
            lambda: PreviewsInPostgres(desk.pool),
            lambda: desk.publications,
            sample_registry,
            now,
        )
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://processing") as client:
        yield client
    await engine.dispose()


async def test_a_hostile_question_gets_a_problem(desk: Desk, books_url: str) -> None:
    async with api(desk, books_url) as client:
        answers = {question: await client.get(question) for question in QUESTIONS}
    wrong = {
        question: (answer.status_code, answer.headers.get("content-type"))
        for question, answer in answers.items()
        if not 400 <= answer.status_code < 500 or answer.headers["content-type"] != MEDIA_TYPE
    }
    assert wrong == {}


async def test_a_period_or_a_moment_however_far_gets_an_answer(desk: Desk, books_url: str) -> None:
    async with api(desk, books_url) as client:
        answers = {question: await client.get(question) for question in WIDE}
    broken = [question for question, answer in answers.items() if answer.status_code >= 500]
    assert broken == []
