"""What a page asks: of which unit, over which period; and how far the log has been applied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated, Final, NamedTuple

from fastapi import Query
from motcua_kernel.instant import Instant
from motcua_kernel.registry import Registry
from motcua_kernel.units import Unit, UnitLevel
from motcua_platform.access.guard import Caller
from motcua_platform.errors import Transient
from motcua_platform.problems import Problem

from motcua_processing.domain.views import View
from motcua_processing.entrypoints.as_of import Sources, Times

COUNTING_LEVELS: Final = frozenset({UnitLevel.COMMUNE, UnitLevel.PROVINCIAL_DEPARTMENT})
"""Units of these levels have a line even where they have no dossier."""


class Period(Enum):
    """The calendar period up to the day that is asked about, named as in the metrics."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"

    def first_day(self, day: date) -> date:
        """Its first day.

        >>> Period.QUARTER.first_day(date(2020, 5, 30))
        datetime.date(2020, 4, 1)
        """
        months = {Period.YEAR: 12, Period.QUARTER: 3, Period.MONTH: 1}[self]
        return date(day.year, 1 + (day.month - 1) // months * months, 1)


class Wanted(NamedTuple):
    """The choices of a page of figures; without a view it is as now, or then for a past unit."""

    period: Period
    view: View | None


PeriodParameter = Annotated[Period, Query(description="Year, quarter or month of the day asked")]


def unknown_unit() -> Problem:
    """No such unit, or none that the caller may read: a stranger learns neither."""
    return Problem(404, "unknown-unit", "No such unit", vi=("Không có đơn vị này", ""))


def readable_unit(registry: Registry, who: Caller, unit: str) -> Unit:
    """A unit of the registry that the caller may read.

    Raises:
        Problem: 404.
    """
    known = registry.units.get(unit)
    if known is None or not who.may_read(unit):
        raise unknown_unit()
    return known


def top_units(registry: Registry, who: Caller, day: date) -> list[Unit]:
    """The widest units that the caller may read, of those that stand on a day."""
    readable = {one for one in registry.units if who.may_read(one)}
    return [
        unit
        for unit in registry.units.values()
        if unit.id in readable
        and stands(registry, unit, day)
        and readable.isdisjoint(list(registry.chain(unit.id))[1:])
    ]


def way_to(registry: Registry, who: Caller, unit: Unit) -> list[Unit]:
    """The units above, as far as the caller may read them, the widest first; then the unit."""
    known = [registry.units[one] for one in registry.chain(unit.id) if one in registry.units]
    return [one for one in reversed(known) if who.may_read(one.id)]


def stands(registry: Registry, unit: Unit, day: date) -> bool:
    """Whether a unit exists on a day and no other stands for it."""
    text = day.isoformat()
    begun = not unit.valid_from or unit.valid_from <= text
    over = unit.valid_until and unit.valid_until < text
    return begun and not over and registry.unit_map.on(unit.id, day) == unit.id


def has_lines_below(registry: Registry, unit: Unit) -> bool:
    """Whether other units count for this one: then it has a table of units."""
    return any(one.parent == unit.id for one in registry.units.values())


def view_of(registry: Registry, unit: Unit, day: date, view: View | None) -> View:
    """As now, unless said otherwise or the unit is of the past."""
    if view is not None:
        return view
    return View.AS_NOW if stands(registry, unit, day) else View.AS_THEN


@dataclass(frozen=True, slots=True)
class Applied:
    """How far the log is applied: wholly, until a moment, or unknown while Kafka is away."""

    is_known: bool
    until: Instant | None = None


async def applied(sources: Sources, two: Times) -> Applied:
    """Whether all that was recorded by now has been applied."""
    try:
        ends = await sources.ends()
    except Transient:
        return Applied(is_known=False)
    return Applied(is_known=True, until=await sources.projections.watermark(ends, two.now))
