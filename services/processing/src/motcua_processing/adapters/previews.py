"""What a preview reads, in columns where that can be."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Final

from asyncpg import Pool
from motcua_kernel.events import Event
from motcua_kernel.instant import Instant
from motcua_kernel.snapshot import Snapshot, decode
from motcua_platform.dossier_codec import event_from_value

from motcua_processing.adapters.work_books import condition_of
from motcua_processing.domain.touching import Touch
from motcua_processing.domain.what_if import PlainGroup

_BATCH: Final = 2_000
_HAS_COLUMNS: Final = "clock <> '' AND due_day IS NOT NULL"


class PreviewsInPostgres:
    """Reads the projections of one schema; see `application.preview.PreviewBooks`."""

    def __init__(self, pool: Pool) -> None:
        """`pool` has connections in the schema."""
        self._pool = pool

    async def plain_groups(self, touches: Sequence[Touch]) -> list[PlainGroup]:
        condition, arguments = condition_of(touches, first=1)
        rows = await self._pool.fetch(
            "SELECT reporting_unit, department, resolving_unit, procedure, clock, "
            "array_agg(received_at), array_agg(due_day), array_agg(due_moment), "
            "array_agg(CASE WHEN resolved_at > 0 THEN resolved_at ELSE -closed_at END) "
            f"FROM dossiers WHERE {_HAS_COLUMNS} AND ({condition}) GROUP BY 1, 2, 3, 4, 5",
            *arguments,
        )
        return [PlainGroup((row[0], row[1]), *tuple(row)[2:]) for row in rows]

    async def others(
        self, touches: Sequence[Touch], *, every: bool
    ) -> AsyncIterator[list[Snapshot]]:
        condition, arguments = condition_of(touches, first=1)
        which = "true" if every else f"NOT ({_HAS_COLUMNS})"
        async with self._pool.acquire() as connection, connection.transaction(readonly=True):
            cursor = await connection.cursor(
                f"SELECT snapshot FROM dossiers WHERE {which} AND ({condition})", *arguments
            )
            while rows := await cursor.fetch(_BATCH):
                yield [known for row in rows if (known := decode(row[0])) is not None]

    async def events(self, codes: Sequence[str]) -> dict[str, list[Event]]:
        rows = await self._pool.fetch(
            "SELECT value, publisher, event_id, source, recorded_at FROM journal "
            "WHERE dossier = ANY($1::text[])",
            codes,
        )
        found: dict[str, list[Event]] = {}
        for value, publisher, event_id, source, recorded_at in rows:
            event = event_from_value(value, publisher, event_id, source, Instant(recorded_at))
            found.setdefault(event.dossier, []).append(event)
        return found
