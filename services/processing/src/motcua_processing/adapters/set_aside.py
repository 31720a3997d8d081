"""Quarantined records and what was decided about them, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from asyncpg import Pool
from motcua.admin.v1.admin_pb2 import AdminEvent
from motcua_kernel.events import identity_hash
from motcua_kernel.instant import Instant

from motcua_processing.adapters.decided import mark
from motcua_processing.adapters.wake import WAKE_CHANNEL
from motcua_processing.application.decisions import Applied, SetAside

_COLUMNS: Final = (
    'id, topic, "partition", log_offset, appended_at, rule, field, record, publisher, event_id, '
    "dossier, verdict"
)


class SetAsideInPostgres:
    """Reads what was set aside, and writes decisions down, each once."""

    def __init__(self, pool: Callable[[], Pool]) -> None:
        """`pool` is asked at each question: it opens after the service has been put together."""
        self._open_pool = pool

    @property
    def _pool(self) -> Pool:
        return self._open_pool()

    async def listed(
        self, *, publisher: str, rule: str, decided: bool, after: str, limit: int
    ) -> list[SetAside]:
        """Records in the order of their ids; empty `publisher` and `rule` stand for all."""
        return await self._rows(
            "($1 = '' OR publisher = $1) AND ($2 = '' OR rule = $2) AND (verdict > 0) = $3 "
            "AND id > $4 ORDER BY id LIMIT $5",
            publisher,
            rule,
            decided,
            after,
            limit,
        )

    async def one(self, name: str) -> SetAside | None:
        """The record of an id."""
        rows = await self._rows("id = $1", name)
        return rows[0] if rows else None

    async def of_event(self, publisher: str, event_id: str) -> list[SetAside]:
        """The records that say that they are this event, the newest first."""
        return await self._rows(
            "publisher = $1 AND event_id = $2 ORDER BY appended_at DESC, id DESC",
            publisher,
            event_id,
        )

    async def of_dossier(self, code: str) -> list[SetAside]:
        """The records of a dossier about which nothing was decided."""
        return await self._rows("dossier = $1 AND verdict = 0 ORDER BY id", code)

    async def applied(self, publisher: str, event_id: str) -> Applied | None:
        """What the journal has of an event."""
        row = await self._pool.fetchrow(
            "SELECT j.content, j.dossier, j.recorded_at, p.topic, p.partition, j.log_offset "
            "FROM journal j JOIN log_partition p ON p.id = j.log_partition WHERE j.identity = $1",
            identity_hash(publisher, event_id),
        )
        if row is None:
            return None
        return Applied(row[0], row[1], Instant(row[2]), row[3], row[4], row[5])

    async def same_natural_key(self, dossier: str) -> list[str]:
        """Other dossiers whose receipt is about the same: procedure, day and mark (law L7)."""
        rows = await self._pool.fetch(
            "SELECT DISTINCT o.dossier FROM journal j JOIN journal o USING (natural_key) "
            "WHERE j.dossier = $1 AND j.natural_key IS NOT NULL AND o.natural_key IS NOT NULL "
            "AND o.dossier <> $1 ORDER BY 1 LIMIT 20",
            dossier,
        )
        return [row[0] for row in rows]

    async def decide(self, event: AdminEvent) -> bool:
        """Write a decision down, pending publication; False where another one was first."""
        decision = event.quarantine_decision
        async with self._pool.acquire() as connection, connection.transaction():
            if not await mark(connection, decision):
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

    async def _rows(self, condition: str, *values: Any) -> list[SetAside]:
        rows = await self._pool.fetch(
            f"SELECT {_COLUMNS} FROM quarantine WHERE {condition}",
            *values,
        )
        return [SetAside(*row) for row in rows]
