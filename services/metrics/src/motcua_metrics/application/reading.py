"""What a scrape reads from the books: the figures of each unit at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from motcua_kernel.events import Channel
from motcua_kernel.verdict import Outcome, Timing

from motcua_metrics.domain.aggregates import DepartmentAggregate, UnitAggregate
from motcua_metrics.domain.day_marks import (
    DayMarks,
    day_marks,
    is_working_time,
    working_days_since,
)
from motcua_metrics.domain.figures import OpenFigures, in_months, open_figures
from motcua_metrics.domain.labels import Closure, Period
from motcua_metrics.domain.periods import months_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from motcua_kernel.calendar import Calendar
    from motcua_kernel.instant import Instant
    from motcua_kernel.registry import Registry

    from motcua_metrics.application.books import Books


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """What was done within one period."""

    received: dict[Channel, int]
    resolved: dict[Outcome, int]
    closed: dict[Closure, int]


@dataclass(frozen=True, slots=True)
class DepartmentFigures:
    """The figures of one department."""

    open: OpenFigures
    oldest_overdue_working_days: float | None
    periods: dict[Period, PeriodFigures]


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """The figures of one unit; `departments` holds the declared ones and those seen."""

    unit: str
    is_working: bool
    departments: dict[str, DepartmentFigures]
    receptions: dict[Timing, int]
    anomalies: dict[str, int]


_NO_UNIT = UnitAggregate()
_NO_DEPARTMENT = DepartmentAggregate()


def read_units(books: Books, registry: Registry, now: Instant) -> Iterator[UnitFigures]:
    """The figures of each unit, the lock held for one unit at a time.

    Units of the registry come also without a dossier, so that a figure starts at 0.
    """
    with books.lock:
        names = sorted({*registry.units, *books.aggregates.units})
    for name in names:
        calendar = registry.calendar(name)
        marks = day_marks(calendar, now)
        known = registry.units.get(name)
        declared = {department.id for department in known.departments} if known else set[str]()
        with books.lock:
            aggregate = books.aggregates.units.get(name, _NO_UNIT)
            departments = {
                department: _department(
                    aggregate.departments.get(department, _NO_DEPARTMENT), calendar, marks, now
                )
                for department in sorted({*declared, *aggregate.departments})
            }
            receptions = open_figures(aggregate.receptions, marks, now).by_timing
            anomalies = dict(aggregate.anomalies)
        yield UnitFigures(name, is_working_time(calendar, now), departments, receptions, anomalies)


def read_accounted(books: Books) -> dict[str, int]:
    """The right side of the balance by unit: resolved + in progress + closed after receipt."""
    with books.lock:
        units = books.aggregates.units
        return {name: unit.accounted() for name, unit in units.items()}


def _department(
    counts: DepartmentAggregate, calendar: Calendar | None, marks: DayMarks, now: Instant
) -> DepartmentFigures:
    figures = open_figures(counts.waiting, marks, now)
    age = None
    if figures.oldest_overdue_day is not None and calendar is not None:
        age = working_days_since(calendar, figures.oldest_overdue_day, marks.today)
    periods: dict[Period, PeriodFigures] = {}
    for period in Period:
        months = months_of(period, marks.today)
        periods[period] = PeriodFigures(
            in_months(counts.received, Channel, months),
            in_months(counts.resolved, Outcome, months),
            in_months(counts.closed, Closure, months),
        )
    return DepartmentFigures(figures, age, periods)
