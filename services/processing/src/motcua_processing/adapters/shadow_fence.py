"""Who may fill a shadow: the workers of the rebuild that made it, and nobody else.

A rebuild may be killed while its workers write. They end by themselves a moment later; the next
rebuild must not wait for a promise, but for the database: each worker holds a shared lock as long
as it is connected, and looks whether the shadow is still the one that it was told of.
"""

from __future__ import annotations

from typing import Final

import asyncpg
from motcua_platform.errors import Misconfigured, Transient

from motcua_processing.adapters.postgres import AnyConnection

_LOCK: Final = "hashtext('motcua rebuild workers ' || $1)"


async def drop_shadow(connection: AnyConnection, shadow: str, patience_seconds: float) -> None:
    """Drop the shadow of an earlier rebuild once none of its workers is connected any more.

    Raises:
        Misconfigured: one still was after `patience_seconds`.
    """
    try:
        async with connection.transaction():
            await connection.execute(f"SET LOCAL lock_timeout = {round(patience_seconds * 1000)}")
            await connection.execute(f"SELECT pg_advisory_xact_lock({_LOCK})", shadow)
            await connection.execute("SET LOCAL lock_timeout = 0")
            await connection.execute(f'DROP SCHEMA IF EXISTS "{shadow}" CASCADE')
    except asyncpg.LockNotAvailableError as error:
        raise Misconfigured(f"a worker of an earlier rebuild still fills {shadow}") from error


async def number_of(connection: AnyConnection, shadow: str) -> int:
    """PostgreSQL's own number of the shadow as it is now; one made anew has another."""
    return await connection.fetchval(
        "SELECT oid::bigint FROM pg_namespace WHERE nspname = $1", shadow
    )


async def enter(connection: AnyConnection, shadow: str, number: int) -> None:
    """Let the shadow stand until this connection ends.

    Raises:
        Transient: another rebuild has made it anew.
    """
    await connection.execute(f"SELECT pg_advisory_lock_shared({_LOCK})", shadow)
    if await number_of(connection, shadow) != number:
        raise Transient(f"another rebuild has made {shadow} anew")
