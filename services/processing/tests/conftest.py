"""A migrated database for each test, and the whole sample applied once for all of them."""

from __future__ import annotations

import asyncio
import sys
import uuid
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, TypeVar

import asyncpg
import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.append(str(Path(__file__).parents[3] / "libs" / "kernel" / "tests"))

from loaded_sample import Loaded, load
from motcua_processing.migrate import migrate
from open_books_of_tests import SCHEMA, Desk, open_desk

T = TypeVar("T")


class RealParts(Protocol):
    """What the root's fixture gives."""

    bootstrap: str
    database_url: str


def in_a_loop_of_its_own(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end for a fixture that outlives the loop of a test."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@pytest.fixture
async def books_url(database_url: str) -> str:
    """The URL of a migrated database of the test's own."""
    await migrate(database_url, SCHEMA)
    return database_url


@pytest.fixture
async def desk(books_url: str) -> AsyncIterator[Desk]:
    """The empty books of four partitions, opened."""
    async with open_desk(books_url) as opened:
        yield opened


@pytest.fixture(scope="session")
def loaded(real_parts: RealParts) -> Iterator[Loaded]:
    """The whole sample in a topic of its own, applied and published; nobody changes it."""
    name = f"sample_{uuid.uuid4().hex[:12]}"
    url = real_parts.database_url.rsplit("/", 1)[0] + f"/{name}"
    in_a_loop_of_its_own(_execute(real_parts.database_url, f'CREATE DATABASE "{name}"'))
    yield in_a_loop_of_its_own(load(real_parts.bootstrap, url))
    in_a_loop_of_its_own(_execute(real_parts.database_url, f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture
async def loaded_copy(real_parts: RealParts, loaded: Loaded) -> AsyncIterator[str]:
    """The URL of a copy of the loaded database, to be changed by one test."""
    template = loaded.url.rsplit("/", 1)[1]
    name = f"copy_{uuid.uuid4().hex[:12]}"
    await _execute(real_parts.database_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield real_parts.database_url.rsplit("/", 1)[0] + f"/{name}"
    await _execute(real_parts.database_url, f'DROP DATABASE "{name}" WITH (FORCE)')


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
