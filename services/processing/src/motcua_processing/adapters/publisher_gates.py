"""To which publishers intake is closed, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from asyncpg import Pool
from motcua.admin.v1.admin_pb2 import AdminEvent

from motcua_processing.adapters.wake import WAKE_CHANNEL
from motcua_processing.application.watch_publishers import Watched


class WatchedBooks:
    """The part of the books that concerns caps; see `application.ports.Books`."""

    _connection: Any

    async def watched(self, publishers: Sequence[str]) -> dict[str, Watched]:
        await self._connection.execute(  # a row that two would make at once cannot be locked
            "INSERT INTO publisher_watch (publisher, recent, closed, decided_at) "
            "SELECT publisher, '', false, 0 FROM unnest($1::text[]) AS publisher "
            "ORDER BY publisher ON CONFLICT DO NOTHING",
            publishers,
        )
        rows = await self._connection.fetch(
            "SELECT publisher, recent, closed, decided_at FROM publisher_watch "
            "WHERE publisher = ANY($1::text[]) ORDER BY publisher FOR UPDATE",
            publishers,
        )
        return {row[0]: Watched(*row) for row in rows}

    async def keep_watched(self, one: Watched) -> None:
        await self._connection.execute(
            "INSERT INTO publisher_watch (publisher, recent, closed, decided_at) "
            "VALUES ($1, $2, $3, $4) ON CONFLICT (publisher) "
            "DO UPDATE SET recent = $2, closed = $3, decided_at = $4",
            *one,
        )


class PublisherGates:
    """Opens intake to publishers again."""

    def __init__(self, pool: Callable[[], Pool]) -> None:
        """`pool` is asked at each question: it opens after the service has been put together."""
        self._pool = pool

    async def closed(self) -> list[str]:
        """The publishers that intake is closed to."""
        rows = await self._pool().fetch(
            "SELECT publisher FROM publisher_watch WHERE closed ORDER BY publisher"
        )
        return [row[0] for row in rows]

    async def open(self, event: AdminEvent) -> bool:
        """Open to a publisher and put the decision down; False where it was not closed."""
        async with self._pool().acquire() as connection, connection.transaction():
            opened = await connection.fetchval(
                "UPDATE publisher_watch SET closed = false, recent = '', decided_at = $2 "
                "WHERE publisher = $1 AND closed RETURNING true",
                event.publisher_gate.publisher,
                event.occurred_at,
            )
            if not opened:
                return False
            await connection.execute(
                "INSERT INTO admin_event (id, occurred_at, record, published) "
                "VALUES ($1, $2, $3, false)",
                event.id,
                event.occurred_at,
                event.SerializeToString(deterministic=True),
            )
            await connection.execute(f"NOTIFY {WAKE_CHANNEL}")
        return True
