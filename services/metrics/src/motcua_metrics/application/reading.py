"""What a scrape reads from the books: the figures of each unit at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from motcua_metrics.domain.aggregates import DepartmentAggregate, UnitAggregate
from motcua_metrics.domain.day_marks import (
    DayMarks,
    day_marks,
    is_working_time,
    working_days_since,
)
from motcua_metrics.domain.figures import Judge, OpenFigures, PeriodFigures, period_figures
from motcua_metrics.domain.labels import Period

if TYPE_CHECKING:
    from collections.abc import Iterator

    from motcua_kernel.calendar import Calendar
    from motcua_kernel.instant import Instant
    from motcua_kernel.registry import Registry

    from motcua_metrics.application.books import Books


@dataclass(frozen=True, slots=True)
class DepartmentFigures:
    """The figures of one department."""

    open: OpenFigures
    oldest_overdue_working_days: float | None
    periods: dict[Period, PeriodFigures]


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """The figures of one unit; `departments` holds the declared ones and those seen.

    `receptions` is in the order of `TIMINGS`.
    """

    unit: str
    is_working: bool
    departments: dict[str, DepartmentFigures]
    receptions: list[int]
    anomalies: dict[str, int]


_NO_UNIT = UnitAggregate()
_NO_DEPARTMENT = DepartmentAggregate()


def read_units(books: Books, registry: Registry, now: Instant) -> Iterator[UnitFigures]:
    """The figures of each unit, the lock held for one unit at a time.

    Units of the registry come also without a dossier, so that a figure starts at 0.
    """
    with books.lock:
        names = sorted({*registry.units, *books.aggregates.units})
    judges: dict[DayMarks, Judge] = {}
    for unit in names:
        calendar = registry.calendar(unit)
        marks = day_marks(calendar, now)
        judge = judges.get(marks)
        if judge is None:
            judge = judges[marks] = Judge(marks, now)
        known = registry.units.get(unit)
        declared = {department.id for department in known.departments} if known else set[str]()
        with books.lock:
            aggregate = books.aggregates.units.get(unit, _NO_UNIT)
            departments = {
                department: _department(
                    aggregate.departments.get(department, _NO_DEPARTMENT),
                    calendar,
                    marks.today,
                    judge,
                )
                for department in sorted({*declared, *aggregate.departments})
            }
            receptions = judge.open_figures(aggregate.receptions).by_timing
            anomalies = dict(aggregate.anomalies)
        yield UnitFigures(unit, is_working_time(calendar, now), departments, receptions, anomalies)


def read_accounted(books: Books) -> dict[str, int]:
    """The right side of the balance by unit: resolved + in progress + closed after receipt."""
    with books.lock:
        units = books.aggregates.units
        return {name: unit.accounted() for name, unit in units.items()}


def _department(
    counts: DepartmentAggregate, calendar: Calendar | None, today: int, judge: Judge
) -> DepartmentFigures:
    figures = judge.open_figures(counts.waiting)
    age = None
    if figures.oldest_overdue_day is not None and calendar is not None:
        age = working_days_since(calendar, figures.oldest_overdue_day, today)
    periods = {period: period_figures(counts, period, today) for period in Period}
    return DepartmentFigures(figures, age, periods)
