"""Marks of unpublished dossiers, and the lock that makes the publisher of a lane the only one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from asyncpg import Connection, Pool
from motcua_kernel.instant import Instant

_LOCK_SPACE: Final = 0x6D63
QUARANTINE_LANE: Final = -1
"""The lock of the one who publishes quarantined records."""
ADMIN_LANE: Final = -3
"""The lock of the one who publishes admin events."""
NOTICES_LANE: Final = -2
"""The lock of the one who watches deadlines."""


@dataclass(frozen=True, slots=True)
class Marked:
    """Marks from the books, and the current snapshots behind them (None: the dossier is gone)."""

    ids: list[int]
    snapshots: list[tuple[str, bytes | None]]


class Publications:
    """Reads marks and clears them once what they name has been acknowledged."""

    def __init__(self, pool: Pool, schema: str) -> None:
        """`schema` keeps the locks of two schemas of one database apart."""
        self._pool = pool
        self._schema = schema

    async def try_lock(self, connection: Connection[Any], lane: int) -> bool:
        """Take the advisory lock of a lane for as long as `connection` lives."""
        return await connection.fetchval(
            "SELECT pg_try_advisory_lock($1, hashtext($2 || '/' || $3))",
            _LOCK_SPACE,
            self._schema,
            str(lane),
        )

    async def marked(self, lane: int, limit: int) -> Marked:
        """The oldest marks of a lane, and the *current* states behind them.

        A dossier changed after this gets a mark of its own, so clearing these loses nothing.
        """
        async with self._pool.acquire() as connection:
            rows = await connection.fetch(
                "SELECT id, codes FROM publication WHERE lane = $1 ORDER BY id LIMIT $2",
                lane,
                limit,
            )
            codes = sorted({code for row in rows for code in row[1]})
            if not codes:
                return Marked([row[0] for row in rows], [])
            snapshots: list[Any] = await connection.fetch(
                "SELECT code, snapshot FROM dossiers WHERE code = ANY($1::text[])", codes
            )
        current = dict(snapshots)
        return Marked([row[0] for row in rows], [(code, current.get(code)) for code in codes])

    async def clear(self, ids: Sequence[int]) -> None:
        """Forget marks whose states have been acknowledged."""
        await self._pool.execute("DELETE FROM publication WHERE id = ANY($1::bigint[])", list(ids))

    async def pending_quarantine(self, limit: int) -> list[tuple[str, bytes]]:
        """Quarantined records that have not been published, by id."""
        rows = await self._pool.fetch(
            "SELECT id, record FROM quarantine WHERE NOT published ORDER BY id LIMIT $1", limit
        )
        return [(row[0], row[1]) for row in rows]

    async def quarantine_published(self, ids: Sequence[str]) -> None:
        """Mark quarantined records as published."""
        await self._pool.execute(
            "UPDATE quarantine SET published = true WHERE id = ANY($1::text[])", list(ids)
        )

    async def pending_admin_events(self, limit: int) -> list[tuple[str, bytes]]:
        """Admin events that have not been published, by id, in the order of their moments."""
        rows = await self._pool.fetch(
            "SELECT id, record FROM admin_event WHERE NOT published "
            "ORDER BY occurred_at, id LIMIT $1",
            limit,
        )
        return [(row[0], row[1]) for row in rows]

    async def admin_events_published(self, ids: Sequence[str]) -> None:
        """Mark admin events as published."""
        await self._pool.execute(
            "UPDATE admin_event SET published = true WHERE id = ANY($1::text[])", list(ids)
        )

    async def restatements(self, limit: int) -> list[bytes]:
        """Admin events that tell of restatements, the newest first."""
        rows = await self._pool.fetch(
            "SELECT record FROM admin_event WHERE id LIKE 'restatement-%' "
            "ORDER BY occurred_at DESC, id DESC LIMIT $1",
            limit,
        )
        return [row[0] for row in rows]

    async def works(self) -> list[tuple[Instant, int, str]]:
        """Changes of the registry under way: as of when, the last entry, and how far."""
        rows = await self._pool.fetch(
            "SELECT as_of, last_offset, done_until FROM registry_work ORDER BY id"
        )
        return [(Instant(row[0]), row[1], row[2]) for row in rows]
