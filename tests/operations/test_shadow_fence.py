"""A shadow is filled by the workers of the rebuild that made it, and not while another makes it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg
import pytest
from motcua_platform.errors import Misconfigured, Transient
from motcua_processing.adapters.shadow_fence import drop_shadow, enter, number_of

pytestmark = pytest.mark.real

_SHADOW: Final = "books_rebuild"
_IMPATIENT: Final = 0.2


@asynccontextmanager
async def _shadow(url: str) -> AsyncGenerator[asyncpg.Connection[Any]]:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"CREATE SCHEMA {_SHADOW}")
        yield connection
    finally:
        await connection.close()


async def test_a_shadow_is_dropped_only_when_no_worker_is_connected_any_more(
    database_url: str,
) -> None:
    async with _shadow(database_url) as rebuild:
        worker = await asyncpg.connect(database_url)
        await enter(worker, _SHADOW, await number_of(rebuild, _SHADOW))
        with pytest.raises(Misconfigured, match="still fills"):
            await drop_shadow(rebuild, _SHADOW, _IMPATIENT)
        assert await number_of(rebuild, _SHADOW) is not None
        await worker.close()
        await drop_shadow(rebuild, _SHADOW, 30)
        assert await number_of(rebuild, _SHADOW) is None


async def test_a_worker_that_comes_too_late_does_not_write_into_another_rebuilds_shadow(
    database_url: str,
) -> None:
    async with _shadow(database_url) as rebuild:
        former = await number_of(rebuild, _SHADOW)
        await drop_shadow(rebuild, _SHADOW, 30)
        await rebuild.execute(f"CREATE SCHEMA {_SHADOW}")
        with pytest.raises(Transient, match="made books_rebuild anew"):
            await enter(rebuild, _SHADOW, former)
        await enter(rebuild, _SHADOW, await number_of(rebuild, _SHADOW))
