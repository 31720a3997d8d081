"""Sums of contributions by unit and department, kept so that a scrape costs O(distinct keys).

Finished facts are counted by month, the grain of every period. Open dossiers are counted by due
date. Adding a contribution and taking it away again leaves no count behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from motcua_kernel.verdict import Outcome

from motcua_metrics.domain.clock_counts import ClockCounts, shift
from motcua_metrics.domain.contribution import StepClock, Waiting
from motcua_metrics.domain.labels import CHANNELS, CLOSURES, OUTCOMES, Closure
from motcua_metrics.domain.periods import month_number

if TYPE_CHECKING:
    from motcua_metrics.domain.contribution import Contribution

Monthly: TypeAlias = dict[int, list[int]]
"""Counts by month number; in each list one place for each label, in the order of its set."""

_OUTCOME_PLACES = {outcome: place for place, outcome in enumerate(OUTCOMES)}
_CLOSURE_PLACES = {closure: place for place, closure in enumerate(CLOSURES)}


class DepartmentAggregate:
    """The counts of one department (phòng) of a unit."""

    __slots__ = ("closed", "received", "resolved", "waiting")

    def __init__(self) -> None:
        self.waiting = ClockCounts[Waiting]()
        self.received: Monthly = {}
        self.resolved: Monthly = {}
        self.closed: Monthly = {}


class UnitAggregate:
    """The counts of one unit; `dossiers` are all those told under it."""

    __slots__ = ("anomalies", "departments", "dossiers", "receptions", "steps")

    def __init__(self) -> None:
        self.dossiers = 0
        self.departments: dict[str, DepartmentAggregate] = {}
        self.receptions = ClockCounts[Waiting]()
        self.steps = ClockCounts[StepClock]()
        self.anomalies: dict[str, int] = {}

    def accounted(self) -> int:
        """The right side of the balance: resolved + in progress + closed after receipt."""
        return sum(
            department.waiting.total()
            + sum(map(sum, department.resolved.values()))
            + sum(map(sum, department.closed.values()))
            for department in self.departments.values()
        )


class Aggregates:
    """The sums of all contributions given so far."""

    __slots__ = ("units",)

    def __init__(self) -> None:
        self.units: dict[str, UnitAggregate] = {}

    def add(self, contribution: Contribution) -> None:
        """Count a contribution in."""
        self._count(contribution, 1)

    def remove(self, contribution: Contribution) -> None:
        """Take a contribution away that was added before."""
        self._count(contribution, -1)

    def _count(self, one: Contribution, by: int) -> None:
        unit = self.units.get(one.unit)
        if unit is None:
            unit = self.units[one.unit] = UnitAggregate()
        unit.dossiers += by
        for kind in one.anomalies:
            shift(unit.anomalies, kind, by)
        if not one.received_day:
            if one.waiting is not None:
                unit.receptions.shift(one.waiting, by)
            return
        department = unit.departments.get(one.department)
        if department is None:
            department = unit.departments[one.department] = DepartmentAggregate()
        _shift_month(department.received, one.received_day, one.channel, len(CHANNELS), by)
        match one.ending:
            case Outcome():
                place = _OUTCOME_PLACES[one.ending]
                _shift_month(department.resolved, one.ended_day, place, len(OUTCOMES), by)
            case Closure():
                place = _CLOSURE_PLACES[one.ending]
                _shift_month(department.closed, one.ended_day, place, len(CLOSURES), by)
            case None:
                assert one.waiting is not None  # noqa: S101 - received and not ended
                department.waiting.shift(one.waiting, by)
                if one.step is not None:
                    unit.steps.shift(one.step, by)


def _shift_month(counts: Monthly, day: int, place: int, places: int, by: int) -> None:
    month = month_number(day)
    of_month = counts.get(month)
    if of_month is None:
        of_month = counts[month] = [0] * places
    of_month[place] += by
