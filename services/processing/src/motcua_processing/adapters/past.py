"""One consistent look at the books for a question about a moment: `application.as_of.Past`."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# The annotations of SQLModel are incomplete.

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from motcua.admin.v1 import admin_pb2 as pb
from motcua_kernel.clock import Due
from motcua_kernel.events import Event, Kind
from motcua_kernel.instant import DAY, Instant, day_number
from motcua_kernel.registry import Registry
from motcua_platform.dossier_codec import event_from_value
from sqlalchemy import or_, text, union
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col, select

from motcua_processing.adapters.settled import Open, Settled
from motcua_processing.adapters.tables import UNTIMELY, Journal, RegistryPosition, RegistryWork
from motcua_processing.adapters.touched import Touched, one_of, suspended
from motcua_processing.application.as_of import Past, Shift, Unsettled
from motcua_processing.application.questions import Question
from motcua_processing.domain.projection import rests_of
from motcua_processing.domain.tally import Tally
from motcua_processing.domain.verdicts import OpenGroup

_PORTION: Final = 5_000
_WORKING_DAY: Final = 480
_HOLIDAYS: Final = 60
_J: Final = Journal
_UNTIMELY: Final = text(UNTIMELY)


@asynccontextmanager
async def open_past(engine: AsyncEngine, question: Question) -> AsyncGenerator[Past]:
    """A look at the books in which nothing changes meanwhile."""
    async with engine.connect() as connection:
        await connection.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        # Compiling a statement takes longer than running it; few groups, but many dossiers.
        await connection.execute(text("SET LOCAL jit = off"))
        await connection.execute(text("SET LOCAL work_mem = '64MB'"))
        yield SqlPast(connection, question)


class SqlPast:
    """The books as one transaction sees them."""

    def __init__(self, connection: AsyncConnection, question: Question) -> None:
        self._connection = connection
        self._question = question

    async def _rows(self, statement: Any) -> Sequence[Any]:
        return (await self._connection.execute(statement)).all()

    async def applied_registry(self) -> int:
        position = await self._rows(select(RegistryPosition.registry_offset))
        works = await self._rows(select(RegistryWork.figures))
        firsts = [pb.Restatement.FromString(row[0]).first_offset - 1 for row in works]
        return min([position[0][0] if position else -1, *firsts])

    async def told_late(self) -> set[str]:
        """Two or three ways in which recording and occurring fall on different sides of the cut.

        What was recorded within a day of occurring is found by when it was recorded, the rest
        stands in an index of its own.
        """
        known, settled_at, at = self._question.known, self._question.settled_at, self._question.at
        if known is None:
            return set()
        recorded, occurred = col(_J.recorded_at), col(_J.occurred_at)
        void = col(_J.kind) == int(Kind.VOIDED)
        later = select(_J.dossier).where(
            _UNTIMELY, recorded > known, or_(occurred <= settled_at, void)
        )
        soon_after = select(_J.dossier).where(
            recorded > known, recorded <= settled_at + DAY, occurred <= settled_at
        )
        if known >= at:
            return {row[0] for row in await self._rows(union(later, soon_after))}
        beforehand = select(_J.dossier).where(
            _UNTIMELY, recorded <= known, occurred > settled_at, occurred <= at
        )
        rows = await self._rows(union(later, soon_after, beforehand))
        return {row[0] for row in rows}

    async def count_settled(self, tally: Tally, unsettled: Unsettled, shift: Shift) -> None:
        touched = Touched(shift.before, shift.after, shift.entries).condition()
        registries = (shift.known, shift.before, shift.after)
        settled = Settled(
            self._question,
            sorted(unsettled.wholly),
            touched,
            suspended(registries),
            by_clock=_reaches(shift.known, self._question.settled_at),
        )
        await self._count_flows(tally, settled)
        for row in await self._rows(settled.open(touched)):
            self._count_open(tally, unsettled, Open(*row))

    async def _count_flows(self, tally: Tally, settled: Settled) -> None:
        units = self._question.units
        for row in await self._rows(settled.flows()):
            unit, department, receiving, counts = row[0], row[1], row[2], iter(row[3:])
            if unit in units:
                figures = tally.row((unit, department))
                figures.carried_over += next(counts)
                figures.received += next(counts)
                figures.withdrawn += next(counts)
                figures.stopped += next(counts)
                figures.refused += next(counts)
                figures.add_resolved(settled.resolved_groups(counts))
            else:
                counts = iter(row[3 + settled.figures :])
            if receiving in units:
                receptions = tally.reception(receiving)
                for due, at, count in settled.answered_groups(counts):
                    receptions.add_answered(due, at, count)
        if self._question.balanced:
            for _, count in await self._rows(settled.receipts()):
                tally.received_in_journal += count

    def _count_open(self, tally: Tally, unsettled: Unsettled, row: Open) -> None:
        if row.code is not None:
            if row.verdict:
                unsettled.verdicts.add(row.code)
            if row.reception:
                unsettled.receptions.add(row.code)
            return
        at = Instant(row.due_moment or 0)
        if row.verdict:
            due = None if row.due_day is None else Due(row.due_day, at, row.due_by_day)
            group = OpenGroup(row.number, due, row.paused, rests_of(row.rests))
            tally.add_open((row.unit, row.department), group)
            return
        due = None if row.due_moment is None else Due(day_number(at), at, by_day=False)
        receptions = tally.reception(row.unit)
        receptions.add_pending(due, self._question.at, row.number, paused=row.paused)

    async def journal(self, codes: Sequence[str]) -> AsyncIterator[Mapping[str, Sequence[Event]]]:
        columns = (_J.dossier, _J.value, _J.publisher, _J.event_id, _J.source, _J.recorded_at)
        for start in range(0, len(codes), _PORTION):
            portion = codes[start : start + _PORTION]
            statement = select(*columns).where(  # type: ignore[call-overload]
                one_of(_J.dossier, portion)
            )
            if self._question.known is not None:
                statement = statement.where(col(_J.recorded_at) <= self._question.known)
            events: dict[str, list[Event]] = {}
            for code, value, publisher, event_id, source, recorded in await self._rows(statement):
                event = event_from_value(value, publisher, event_id, source, Instant(recorded))
                events.setdefault(code, []).append(event)
            yield events


def _reaches(registry: Registry, moment: Instant) -> bool:
    """Whether no budget of a step that began by a moment can lead beyond a calendar.

    Where it can, a due date may be missing then that is there now.
    """
    procedures = (one for versions in registry.procedures.values() for one in versions)
    longest = max((step.budget_minutes for one in procedures for step in one.steps), default=0)
    days = 2 * longest // _WORKING_DAY + _HOLIDAYS
    horizon = min((week.last_day.toordinal() for week in registry.weeks.values()), default=0)
    return day_number(moment) + days < horizon
