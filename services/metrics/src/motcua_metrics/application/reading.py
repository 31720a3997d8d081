"""What a scrape reads from the books: the figures of each unit at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from motcua_kernel.instant import day_number

from motcua_metrics.domain.aggregates import DepartmentAggregate, UnitAggregate
from motcua_metrics.domain.day_marks import (
    DayMarks,
    day_marks,
    is_working_time,
    working_days_since,
)
from motcua_metrics.domain.figures import (
    Judge,
    OpenFigures,
    PeriodFigures,
    add_up,
    period_figures,
    sum_of_open,
    sum_of_periods,
)
from motcua_metrics.domain.labels import TIMINGS, Period
from motcua_metrics.domain.units_as_now import units_as_now

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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

    `receptions` is in the order of `TIMINGS`, and so are the `steps` of each department.
    """

    unit: str
    is_working: bool
    departments: dict[str, DepartmentFigures]
    steps: dict[str, list[int]]
    receptions: list[int]
    anomalies: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Part:
    """What is told under one unit, with the calendar that judges it."""

    counts: UnitAggregate
    calendar: Calendar | None
    judge: Judge


_NO_UNIT = UnitAggregate()
_NO_DEPARTMENT = DepartmentAggregate()


def read_units(books: Books, registry: Registry, now: Instant) -> Iterator[UnitFigures]:
    """The figures of each unit as now, the lock held for one unit at a time.

    Units of the registry come also without a dossier, so that a figure starts at 0.
    """
    today = day_number(now)
    with books.lock:
        units = books.aggregates.units
        told = sorted(name for name, unit in units.items() if unit.dossiers)
    judges: dict[DayMarks, Judge] = {}

    def judge_of(calendar: Calendar | None) -> Judge:
        marks = day_marks(calendar, now)
        judge = judges.get(marks)
        if judge is None:
            judge = judges[marks] = Judge(marks, now)
        return judge

    for unit, ones in sorted(units_as_now(registry, told, today).items()):
        calendars = [registry.calendar(one) for one in ones]
        judged = [judge_of(calendar) for calendar in calendars]
        known = registry.units.get(unit)
        declared = [department.id for department in known.departments] if known else []
        is_working = is_working_time(calendars[0], now)
        with books.lock:
            counts = [books.aggregates.units.get(one, _NO_UNIT) for one in ones]
            parts = [_Part(*part) for part in zip(counts, calendars, judged, strict=True)]
            figures = _unit(unit, parts, declared, today, is_working=is_working)
        yield figures


def read_accounted(books: Books) -> dict[str, int]:
    """The right side of the balance by unit: resolved + in progress + closed after receipt."""
    with books.lock:
        units = books.aggregates.units
        return {name: unit.accounted() for name, unit in units.items()}


def _unit(
    unit: str, parts: Sequence[_Part], declared: Sequence[str], today: int, *, is_working: bool
) -> UnitFigures:
    """The sums over the units that one stands for."""
    seen = {department for part in parts for department in part.counts.departments}
    steps = {department: [0] * len(TIMINGS) for department in declared}
    anomalies: dict[str, int] = {}
    for part in parts:
        part.judge.add_steps(part.counts.steps, steps)
        for kind, count in part.counts.anomalies.items():
            anomalies[kind] = anomalies.get(kind, 0) + count
    receptions = [part.judge.open_figures(part.counts.receptions).by_timing for part in parts]
    return UnitFigures(
        unit,
        is_working,
        {name: _department(name, parts, today) for name in sorted(seen.union(declared))},
        dict(sorted(steps.items())),
        add_up(receptions, len(TIMINGS)),
        anomalies,
    )


def _department(name: str, parts: Sequence[_Part], today: int) -> DepartmentFigures:
    """The sums over the departments of this id; each unit's dossiers by its own calendar."""
    opens: list[OpenFigures] = []
    ages: list[float] = []
    counts = [part.counts.departments.get(name, _NO_DEPARTMENT) for part in parts]
    for part, own in zip(parts, counts, strict=True):
        figures = part.judge.open_figures(own.waiting)
        opens.append(figures)
        if figures.oldest_overdue_day is not None and part.calendar is not None:
            age = working_days_since(part.calendar, figures.oldest_overdue_day, today)
            ages += [] if age is None else [age]
    periods = {
        period: sum_of_periods([period_figures(own, period, today) for own in counts])
        for period in Period
    }
    return DepartmentFigures(sum_of_open(opens), max(ages, default=None), periods)
