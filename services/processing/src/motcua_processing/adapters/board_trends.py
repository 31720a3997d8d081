"""What was resolved in each of the last weeks, by reporting unit and department: one statement."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# The annotations of SQLModel are incomplete.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from motcua_kernel.instant import DAY, EPOCH_DAY_NUMBER, LOCAL_OFFSET, Instant, day_number, midnight
from sqlalchemy import and_, func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from motcua_processing.adapters.settled import Settled, sides
from motcua_processing.adapters.tables import Dossier
from motcua_processing.adapters.touched import one_of
from motcua_processing.domain.board.days import WEEK
from motcua_processing.domain.board.trends import ResolvedOfWeek, Trend, mondays, trends_of
from motcua_processing.domain.tally import Row

_D: Final = Dossier


class BoardTrends:
    """Asks the projections; the judging is the kernel's."""

    def __init__(self, engine: AsyncEngine) -> None:
        """`engine` has its search path set to the schema in use."""
        self._engine = engine

    async def resolved_by_week(self, units: Mapping[str, str], at: Instant) -> dict[Row, Trend]:
        """The weeks up to `at`; each unit of `units` counts for the one that it leads to."""
        today = day_number(at)
        async with self._engine.connect() as connection:
            await connection.execute(text("SET LOCAL jit = off"))
            rows = (await connection.execute(_statement(units, at, today))).all()
        return trends_of((_told(units, row) for row in rows), today)


def _told(units: Mapping[str, str], row: Any) -> ResolvedOfWeek:
    unit, department, week, *counts = row
    return (units[unit], department), 1 + WEEK * week, Settled.resolved_groups(iter(counts))


def _statement(units: Mapping[str, str], at: Instant, today: int) -> Any:
    """Counts by the sides on which an end can lie; week 0 begins with Monday, day number 1."""
    moment = col(_D.resolved_at)
    since = midnight(mondays(today)[0])
    week = ((moment + LOCAL_OFFSET) // DAY + (EPOCH_DAY_NUMBER - 1)) // WEEK
    inside = and_(moment >= max(since, 1), moment <= at)
    return (
        select(
            col(_D.reporting_unit),
            col(_D.department),
            week.label("week"),
            *(func.count().filter(one) for one in sides(inside)),
        )
        .where(inside, col(_D.received_at) > 0, one_of(_D.reporting_unit, units))
        .group_by(col(_D.reporting_unit), col(_D.department), text("week"))
    )
