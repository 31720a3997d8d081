"""Questions to the projections, over SQLModel's tables; facts only, verdicts come after."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# The annotations of SQLModel are incomplete.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from motcua_kernel.events import Event, Kind
from motcua_kernel.instant import Instant
from motcua_platform.dossier_codec import event_from_value
from sqlalchemy import func, text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from motcua_processing.adapters.past import open_past
from motcua_processing.adapters.settled import receipts
from motcua_processing.adapters.tables import (
    Dossier,
    Journal,
    LogPartition,
    Publication,
    RegistryWork,
)
from motcua_processing.application.as_of import Past
from motcua_processing.application.questions import Question, Span

_D = Dossier
_RECEIVED = col(_D.received_at) > 0
_ENDED_AT = func.greatest(col(_D.resolved_at), col(_D.closed_at))


class SqlProjections:
    """Dossiers and figures from PostgreSQL."""

    def __init__(self, engine: AsyncEngine) -> None:
        """`engine` has its search path set to the schema in use."""
        self._engine = engine

    async def _rows(self, statement: Any) -> list[Any]:
        async with AsyncSession(self._engine) as session:
            found: Any = await session.exec(statement)
            return list(found)

    def past(self, question: Question) -> AbstractAsyncContextManager[Past]:
        """A consistent look at the books for a question."""
        return open_past(self._engine, question)

    async def receipts(self, units: Sequence[str], span: Span) -> Mapping[str, int]:
        """Receipts that occurred in the span, by unit, from the journal."""
        rows = await self._rows(receipts(units, span.start, span.end))
        return {str(unit): count for unit, count in rows}

    async def snapshot(self, dossier: str) -> bytes | None:
        rows = await self._rows(select(_D.snapshot).where(_D.code == dossier))
        return rows[0] if rows else None

    async def events(self, dossier: str) -> Sequence[Event]:
        rows = await self._rows(select(Journal).where(Journal.dossier == dossier))
        return [
            event_from_value(
                row.value, row.publisher, row.event_id, row.source, Instant(row.recorded_at)
            )
            for row in rows
        ]

    async def list_open(self, units: Sequence[str], limit: int) -> Sequence[tuple[str, bytes]]:
        """Open, running dossiers, the earliest due first."""
        rows = await self._rows(
            select(_D.code, _D.snapshot)
            .where(
                _RECEIVED,
                col(_D.reporting_unit).in_(units),
                _ENDED_AT == 0,
                col(_D.due_day).is_not(None),
            )
            .order_by(col(_D.due_day), col(_D.due_moment), col(_D.code))
            .limit(limit)
        )
        return [(row[0], row[1]) for row in rows]

    async def received_by_unit(self) -> dict[str, int]:
        """The left side of the balance: all receipts ever, by unit, from the journal."""
        rows = await self._rows(
            select(Journal.unit).where(Journal.kind == int(Kind.RECEIVED)).distinct()
        )
        everything = Span.ever()
        return dict(await self.receipts([str(unit) for unit in rows], everything))

    async def progress(self) -> tuple[dict[tuple[str, int], int], int]:
        """The next offset of each events partition, and how much is left to bring out.

        That is marks of states to be published, and changes of the registry under way.
        """
        offsets = await self._rows(
            select(LogPartition.topic, LogPartition.partition, LogPartition.next_offset)
        )
        marks = await self._rows(select(func.count()).select_from(Publication))
        works = await self._rows(select(func.count()).select_from(RegistryWork))
        return {(row[0], row[1]): row[2] for row in offsets}, marks[0] + works[0]

    async def watermark(
        self, ends: Mapping[tuple[str, int], int], known: Instant
    ) -> Instant | None:
        """Up to when everything recorded has been applied; None where that is beyond `known`.

        `ends` are the next offsets of the log, asked for after `known` had passed. The last record
        of a millisecond may have followers in it, so the watermark lies just before that.
        """
        rows = await self._rows(
            select(
                LogPartition.id,
                LogPartition.topic,
                LogPartition.partition,
                LogPartition.next_offset,
            )
        )
        offsets = {(row[1], row[2]): (row[0], row[3]) for row in rows}
        lowest: Instant | None = None
        for partition, end in ends.items():
            number, offset = offsets.get(partition, (None, 0))
            if offset >= end or await self._has_after(number, known):
                continue
            last = await self._last_recorded(number)
            lowest = last if lowest is None else min(lowest, last)
        return lowest

    async def _has_after(self, number: int | None, known: Instant) -> bool:
        """Whether a record of a partition that came later has been applied."""
        async with self._engine.connect() as connection:
            # The newest pages have it, and only the index of moments knows them.
            await connection.execute(text("SET LOCAL enable_seqscan = off"))
            later = (Journal.log_partition == number, col(Journal.recorded_at) > known)
            return bool((await connection.execute(select(1).where(*later).limit(1))).all())

    async def _last_recorded(self, number: int | None) -> Instant:
        newest = func.coalesce(func.max(Journal.recorded_at), 1)
        rows = await self._rows(select(newest).where(Journal.log_partition == number))
        return Instant(rows[0] - 1)
