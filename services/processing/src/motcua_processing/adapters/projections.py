"""Questions to the projections, over SQLModel's tables; facts only, verdicts come after."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# The annotations of SQLModel are incomplete.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from motcua_contracts.topics import DOSSIER_EVENTS
from motcua_kernel.clock import Due
from motcua_kernel.events import Event, Kind
from motcua_kernel.instant import DAY, EPOCH_DAY_NUMBER, LOCAL_OFFSET, Instant, midnight
from motcua_kernel.life_cycle import Status
from motcua_platform.dossier_codec import event_from_value
from sqlalchemy import ColumnElement, and_, case, exists, func, inspect, or_
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from motcua_processing.adapters.tables import Dossier, Journal, LogPartition, Publication
from motcua_processing.application.questions import Row, Span
from motcua_processing.domain.projection import rests_of
from motcua_processing.domain.verdicts import OpenGroup, ResolvedGroup

_D = Dossier
_RECEIVED = col(_D.received_at) > 0
_ENDED_AT: ColumnElement[int] = case(
    (col(_D.resolved_at) > 0, col(_D.resolved_at)), else_=col(_D.closed_at)
)


class SqlProjections:
    """Groups of dossiers from PostgreSQL."""

    def __init__(self, engine: AsyncEngine) -> None:
        """`engine` has its search path set to the schema in use."""
        self._engine = engine

    async def _rows(self, statement: Any) -> list[Any]:
        async with AsyncSession(self._engine) as session:
            found: Any = await session.exec(statement)
            return list(found)

    async def flows(self, units: Sequence[str], span: Span) -> Mapping[Row, Mapping[str, int]]:
        def closed(status: Status) -> ColumnElement[int]:
            inside = col(_D.closed_at).between(span.start, span.end - 1)
            return func.count().filter(inside, col(_D.status) == int(status))

        before = and_(
            col(_D.received_at) < span.start, or_(_ENDED_AT == 0, span.start <= _ENDED_AT)
        )
        rows = await self._rows(
            select(  # type: ignore[call-overload]
                _D.reporting_unit,
                _D.department,
                func.count().filter(before),
                func.count().filter(col(_D.received_at).between(span.start, span.end - 1)),
                closed(Status.WITHDRAWN),
                closed(Status.STOPPED),
                closed(Status.REFUSED),
            )
            .where(_RECEIVED, col(_D.reporting_unit).in_(units))
            .group_by(_D.reporting_unit, _D.department)
        )
        names = ("carried_over", "received", "withdrawn", "stopped", "refused")
        return {(row[0], row[1]): dict(zip(names, row[2:], strict=True)) for row in rows}

    async def receipts(self, units: Sequence[str], span: Span) -> Mapping[str, int]:
        """Receipts that were not voided, one a dossier; those kept as anomalies do not count."""
        void: Any = inspect(Journal).local_table.alias("v")
        rows = await self._rows(
            select(Journal.unit, func.count(func.distinct(Journal.dossier)))
            .where(
                Journal.kind == int(Kind.RECEIVED),
                col(Journal.unit).in_(units),
                col(Journal.occurred_at).between(span.start, span.end - 1),
                ~exists().where(
                    void.c.kind == int(Kind.VOIDED),
                    void.c.publisher == Journal.publisher,
                    void.c.voids == Journal.event_id,
                    void.c.dossier == Journal.dossier,
                ),
                ~exists().where(
                    col(_D.code) == Journal.dossier,
                    col(_D.anomalies) > 0,
                    col(_D.received_at) != Journal.occurred_at,
                ),
            )
            .group_by(Journal.unit)
        )
        return {str(unit): count for unit, count in rows}

    async def resolved(
        self, units: Sequence[str], span: Span
    ) -> Sequence[tuple[Row, ResolvedGroup]]:
        """Groups of one due day and resolved day; by moment where moments decide."""
        day = (col(_D.resolved_at) + LOCAL_OFFSET) // DAY
        moment = case((col(_D.due_by_day), 0), else_=col(_D.due_moment))
        resolved_at = case((col(_D.due_by_day), 0), else_=col(_D.resolved_at))
        rows = await self._rows(
            select(  # type: ignore[call-overload]
                _D.reporting_unit,
                _D.department,
                _D.due_day,
                _D.due_by_day,
                moment,
                day,
                resolved_at,
                func.count(),
            )
            .where(
                _RECEIVED,
                col(_D.reporting_unit).in_(units),
                col(_D.resolved_at).between(span.start, span.end - 1),
            )
            .group_by(
                _D.reporting_unit,
                _D.department,
                _D.due_day,
                _D.due_by_day,
                moment,
                day,
                resolved_at,
            )
        )
        return [
            (
                (unit, department),
                ResolvedGroup(
                    count,
                    _due(due_day, due_moment, by_day=by_day),
                    Instant(at or midnight(int(on) + EPOCH_DAY_NUMBER)),
                ),
            )
            for unit, department, due_day, by_day, due_moment, on, at, count in rows
        ]

    async def in_progress(
        self, units: Sequence[str], span: Span
    ) -> Sequence[tuple[Row, OpenGroup]]:
        moment = case((col(_D.due_by_day), 0), else_=col(_D.due_moment))
        open_at_end = or_(_ENDED_AT == 0, span.end <= _ENDED_AT)
        paused = and_(col(_D.paused), _ENDED_AT == 0)
        rows = await self._rows(
            select(  # type: ignore[call-overload]
                _D.reporting_unit,
                _D.department,
                _D.due_day,
                _D.due_by_day,
                moment,
                paused,
                _D.rests,
                func.count(),
            )
            .where(
                _RECEIVED,
                col(_D.reporting_unit).in_(units),
                col(_D.received_at) < span.end,
                open_at_end,
            )
            .group_by(
                _D.reporting_unit,
                _D.department,
                _D.due_day,
                _D.due_by_day,
                moment,
                paused,
                _D.rests,
            )
        )
        return [
            (
                (unit, department),
                OpenGroup(
                    count, _due(due_day, due_moment, by_day=by_day), resting, rests_of(rests)
                ),
            )
            for unit, department, due_day, by_day, due_moment, resting, rests, count in rows
        ]

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

    async def progress(self) -> tuple[dict[int, int], int]:
        """The next offset of each events partition, and how many marks await publication."""
        offsets = await self._rows(
            select(LogPartition.partition, LogPartition.next_offset).where(
                LogPartition.topic == DOSSIER_EVENTS
            )
        )
        marks = await self._rows(select(func.count()).select_from(Publication))
        return {row[0]: row[1] for row in offsets}, marks[0]


def _due(day: int | None, moment: int | None, *, by_day: bool) -> Due | None:
    return None if day is None else Due(day, Instant(moment or 0), by_day)
