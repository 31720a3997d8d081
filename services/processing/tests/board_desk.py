"""The board over the loaded sample, guarded, with readers of several reaches."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from hashlib import sha256

import httpx
from fastapi import FastAPI
from motcua_kernel.instant import Instant
from motcua_kernel.parties import Account, ApiKey, Grant, Role
from motcua_kernel.registry import Entry, Registry
from motcua_platform.access.guard import Guard, install_guard
from motcua_platform.access.testing import settings_of
from motcua_platform.problems import install_problems
from motcua_platform.registry_history import RegistryHistory
from motcua_processing.adapters.board_trends import BoardTrends
from motcua_processing.adapters.projections import SqlProjections
from motcua_processing.entrypoints.board.routes import board_routes
from motcua_processing.entrypoints.http import Sources, routes
from motcua_processing.migrate import sqlalchemy_url
from motcua_sample_dak_rlap import END
from open_books_of_tests import SCHEMA
from sample_registry import sample_registry
from sqlalchemy.ext.asyncio import create_async_engine

DISTRICT, COMMUNE, OTHER = "666", "24733", "24745"
KEYS = {"district": DISTRICT, "commune": COMMUNE, "former": COMMUNE}
"""What readers' keys open; that of `former` has ended in domain time."""


def key_of(reader: str) -> str:
    """The key of a reader."""
    return f"mc_{reader}_key"


def registry_of_readers(*more: Entry) -> Registry:
    """The sample's registry with accounts."""
    accounts = [
        Account(
            reader,
            (Grant(Role.READER, (unit,), last_day=None),),
            (ApiKey("1", sha256(key_of(reader).encode()).hexdigest(), revoked=reader == "former"),),
        )
        for reader, unit in KEYS.items()
    ]
    registry = sample_registry()
    first = registry.offset + 1
    return registry.with_entries(enumerate([*accounts, *more], first))


@asynccontextmanager
async def board(
    url: str, registry: Registry | None = None, *, access: str = "guarded"
) -> AsyncGenerator[httpx.AsyncClient]:
    """The service's pages and API at the end of the sample."""
    engine = create_async_engine(
        sqlalchemy_url(url), connect_args={"server_settings": {"search_path": SCHEMA}}
    )
    known = registry or registry_of_readers()
    history = RegistryHistory(known)

    async def ends() -> dict[tuple[str, int], int]:
        return {}

    app = FastAPI()
    install_problems(app)
    settings = settings_of(access=access)
    install_guard(app, Guard(lambda: known, lambda: True, lambda: Instant(END), settings))
    sources = Sources(SqlProjections(engine), lambda: known, lambda: Instant(END), ends, history)
    app.include_router(routes(sources))
    app.include_router(board_routes(sources, BoardTrends(engine)))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://processing") as client:
        yield client
    await engine.dispose()


async def signed_in(client: httpx.AsyncClient, reader: str) -> httpx.Response:
    """The answer to a reader's form; the client keeps the cookie."""
    form = {"key": key_of(reader), "next": "/board"}
    return await client.post("/board/sign-in", data=form)
