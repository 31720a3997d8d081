"""What a page shows of a unit: the answer of `/v1/summary` line by line, trends, the stamp."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from motcua_kernel.instant import local_date
from motcua_kernel.units import Unit

from motcua_processing.adapters.board_trends import BoardTrends
from motcua_processing.domain.board.lines import TableLine, by_unit
from motcua_processing.domain.board.trends import Trend, together
from motcua_processing.domain.tally import Row
from motcua_processing.domain.verdicts import Figures
from motcua_processing.domain.views import View, counted_units
from motcua_processing.entrypoints.as_of import Asked, Sources, Times, figures
from motcua_processing.entrypoints.board.asking import (
    COUNTING_LEVELS,
    Applied,
    Period,
    Wanted,
    applied,
    stands,
    view_of,
)
from motcua_processing.entrypoints.summaries import department_names


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """The figures of a unit and of what lies below it."""

    unit: Unit
    two: Times
    asked: Asked
    period: Period
    view: View
    rows: Mapping[Row, Figures]
    trends: Mapping[Row, Trend]
    total: TableLine
    applied: Applied

    def units(self) -> list[TableLine]:
        """A line for each unit that counts, and for those that stand without a dossier yet."""
        registry, day = self.two.registry, local_date(self.two.at)
        empty = [
            unit.id
            for unit in registry.units.values()
            if unit.level in COUNTING_LEVELS
            and self.unit.id in registry.chain(unit.id)
            and stands(registry, unit, day)
        ]
        nothing: tuple[Figures, Trend] = (Figures(), ())
        found = {**dict.fromkeys(empty, nothing), **by_unit(self.rows, self.trends)}
        return [
            TableLine(one, registry.units[one].name if one in registry.units else one, *counted)
            for one, counted in found.items()
        ]

    def departments(self) -> list[TableLine]:
        """A line for each department of the unit itself."""
        names = department_names(self.two.registry, self.unit.id)
        return [
            TableLine(key, names.get(key, key), one, self.trends.get((self.unit.id, key), ()))
            for (unit, key), one in self.rows.items()
            if unit == self.unit.id
        ]

    @property
    def has_own(self) -> bool:
        """Whether the unit itself resolves dossiers, beside those below it."""
        return any(unit == self.unit.id for unit, _ in self.rows)


async def unit_figures(
    sources: Sources, trends: BoardTrends, two: Times, unit: Unit, wanted: Wanted
) -> UnitFigures:
    """Ask for all of it at once.

    Trends are read from the columns as they are applied, so there are none of an earlier `known`.
    """
    day = local_date(two.at)
    chosen = view_of(two.registry, unit, day, wanted.view)
    asked = Asked(unit.id, wanted.period.first_day(day), day, chosen, balanced=False)

    async def weeks() -> Mapping[Row, Trend]:
        if two.known is not None:
            return {}
        units = counted_units(two.registry, unit.id, chosen, day)
        return await trends.resolved_by_week(units, two.at)

    answer, found, how_far = await asyncio.gather(
        figures(sources, asked, two), weeks(), applied(sources, two)
    )
    total = TableLine(unit.id, unit.name, answer.total, together(found.values()))
    return UnitFigures(unit, two, asked, wanted.period, chosen, answer.rows, found, total, how_far)


def sum_of(lines: Iterable[TableLine]) -> TableLine:
    """Lines together."""
    each = list(lines)
    total = Figures()
    for line in each:
        total.add(line.figures)
    return TableLine("", "", total, together(line.trend for line in each if line.trend))
