"""Every question and decision is guarded; a new one that is not fails here."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from asyncpg import Pool
from fastapi import FastAPI
from motcua_kernel.events import Kind
from motcua_kernel.parties import Account, ApiKey, Grant, Role
from motcua_kernel.registry import Registry
from motcua_platform.access.testing import answers_of, open_routes
from motcua_processing.adapters.postgres import connect
from motcua_processing.bootstrap import Processing
from motcua_processing.settings import Settings
from open_books_of_tests import SCHEMA
from sample_registry import sample_registry

OPEN = {
    *("GET /livez", "GET /readyz", "GET /metrics"),
    *("GET /openapi.json", "GET /docs", "GET /docs/oauth2-redirect", "GET /redoc"),
    *("GET /board/sign-in", "POST /board/sign-out"),
    *("GET /board/static/board.css", "GET /board/static/icon.svg"),
}
SIGN_IN = "POST /board/sign-in"
KEY = "mc_of_a_reader_elsewhere"


def guarded(registry: Registry, pool: Pool | None = None, **given: str | bool) -> FastAPI:
    """The app as it is put together to run, without running, and with the registry as read."""
    usual = {"kafka_bootstrap": "localhost:1", "database_url": "postgresql://nobody@none/none"}
    settings = Settings.model_validate(usual | {"database_schema": SCHEMA} | given)
    processing = Processing(settings)
    if pool is not None:
        processing._pool = pool  # pyright: ignore[reportPrivateUsage]
    feed = processing._feed  # pyright: ignore[reportPrivateUsage]
    feed.registry = registry
    feed._complete.set()  # pyright: ignore[reportPrivateUsage]
    return processing.app()


@pytest.mark.parametrize(
    ("public_totals", "more"), [(False, set[str]()), (True, {"GET /v1/public/summary"})]
)
async def test_nothing_but_what_is_listed_answers_without_a_key(
    more: set[str], *, public_totals: bool
) -> None:
    app = guarded(sample_registry(), public_totals=public_totals)
    assert await open_routes(app) == OPEN | more


@pytest.mark.real
async def test_a_reader_of_other_units_gets_none_of_it(loaded_copy: str) -> None:
    registry = sample_registry()
    grants = (Grant(Role.READER, ("elsewhere",)), Grant(Role.OFFICER, ("elsewhere",)))
    elsewhere = Account("elsewhere", grants, (ApiKey("1", sha256(KEY.encode()).hexdigest()),))
    known = registry.with_entries([(registry.offset + 1, elsewhere)])
    pool = await connect(loaded_copy, SCHEMA)
    (told,) = await pool.fetch(
        "SELECT dossier AS code, publisher, event_id FROM journal WHERE kind = $1 LIMIT 1",
        Kind.RECEIVED,
    )
    names = {"unit": "666", "from": "2020-01-01", "to": "2020-03-31", "verdict": "within"}
    names |= {str(name): str(value) for name, value in told.items()}
    reason = {"reason": "x"}
    bodies: dict[str, Any] = {
        "preview": {"entries": [{}]},
        "release": reason,
        "discard": reason,
    }
    answered = {
        route: answer.status_code
        async for route, answer in answers_of(
            guarded(known, pool, database_url=loaded_copy), KEY, names, bodies
        )
        if route not in {*OPEN, SIGN_IN}
    }
    await pool.close()
    assert len(answered) > 15
    assert {route: code for route, code in answered.items() if code not in {403, 404}} == {}
