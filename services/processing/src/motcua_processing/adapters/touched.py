"""Which dossiers later registry entries may touch, as a condition over their columns.

Safe by the span: deriving reads the calendar on the days of the span alone, so where no entry
speaks of one of them the dossier is the same under both registries.
"""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# The annotations of SQLModel are incomplete.

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, Final

from motcua_kernel.decrees import DeadlineRules, PauseReason, Suspension
from motcua_kernel.instant import at_local
from motcua_kernel.procedures import Procedure
from motcua_kernel.registry import CalendarDay, Entry, Registry, WorkingWeek
from motcua_kernel.units import Unit
from sqlalchemy import ARRAY, ColumnElement, Text, and_, any_, bindparam, func, or_
from sqlmodel import col

from motcua_processing.adapters.tables import Dossier

_D: Final = Dossier
_ENDED_AT: Final = func.greatest(col(_D.resolved_at), col(_D.closed_at))


class Touched:
    """The dossiers that differ, or may differ, between two registries."""

    def __init__(self, before: Registry, after: Registry, entries: Iterable[Entry]) -> None:
        """`entries` are those that lead from `before` to `after`."""
        self._registries = (before, after)
        self._before = before
        self._days: defaultdict[frozenset[str] | None, set[int]] = defaultdict(set)
        self._conditions: list[ColumnElement[bool]] = []
        for entry in entries:
            self._add(entry)

    def condition(self) -> ColumnElement[bool] | None:
        """True for every dossier that may differ; None where none does."""
        conditions = [*self._conditions, *(self._on_days(*one) for one in self._days.items())]
        return or_(*conditions) if conditions else None

    def _add(self, entry: Entry) -> None:
        match entry:
            case CalendarDay():
                units = self._below(entry.scope)
                self._days[units].add(entry.day.toordinal())
            case WorkingWeek():
                self._add_week(entry)
            case Unit():
                self._add_unit(entry)
            case Procedure():
                self._conditions.append(_received_under(entry))
            case PauseReason():
                self._conditions.append(and_(col(_D.received_at) > 0, col(_D.clock) == ""))
            case Suspension():
                former = self._before.suspensions.get(entry.id, entry)
                first = min(entry.first_day, former.first_day)
                self._conditions += [
                    and_(_in_reach(one, self._registries), _not_ended_before(first))
                    for one in (former, entry)
                ]
            case DeadlineRules():
                since = at_local(entry.valid_from, 0)
                moment = func.greatest(col(_D.received_at), col(_D.filed_at))
                self._conditions.append(_and_in(self._below(entry.scope), moment >= since))
            case _:
                return

    def _add_week(self, week: WorkingWeek) -> None:
        units = self._below(week.scope)
        known = self._before.weeks.get(week.scope)
        if known and (known.days, known.first_day) == (week.days, week.first_day):
            end = min(known.last_day, week.last_day).toordinal()
            self._conditions.append(_and_in(units, col(_D.span_last) > end))
        else:
            self._conditions.append(_and_in(units, col(_D.span_last) >= 0))

    def _add_unit(self, unit: Unit) -> None:
        known = self._before.units.get(unit.id)
        if known and _frame(known) == _frame(unit):
            return
        since = 0
        plain = not any(registry.suspensions for registry in self._registries)
        if known is None and unit.predecessors and unit.valid_from and plain:
            since = date.fromisoformat(unit.valid_from).toordinal()
            own = {
                one
                for registry in self._registries
                for one in registry.units
                if unit.id in registry.chain(one)
            }
            self._conditions.append(_and_in(own, col(_D.span_last) >= 0))
        self._conditions.append(_and_in(self._below(unit.id), col(_D.span_last) >= since))

    def _below(self, scope: str) -> frozenset[str] | None:
        return units_under(scope, self._registries)

    def _on_days(self, units: frozenset[str] | None, days: set[int]) -> ColumnElement[bool]:
        within = [and_(col(_D.span_first) <= day, col(_D.span_last) >= day) for day in sorted(days)]
        return _and_in(units, and_(col(_D.span_last) >= min(days), or_(*within)))


def suspended(registries: Sequence[Registry]) -> ColumnElement[bool] | None:
    """The dossiers that a mass suspension of any of the registries may concern."""
    entries = [one for registry in registries for one in registry.suspensions.values()]
    return or_(*(_in_reach(one, registries) for one in entries)) if entries else None


def units_under(scope: str, registries: Iterable[Registry]) -> frozenset[str] | None:
    """The units whose frame `scope` is part of, in any of the registries; None: all there are."""
    if not scope:
        return None
    found = {scope}
    for registry in registries:
        found |= {
            unit
            for unit in registry.units
            if any(scope in registry.chain(term.unit) for term in registry.unit_map.line(unit))
        }
    return frozenset(found)


def _frame(unit: Unit) -> tuple[object, ...]:
    return (unit.parent, unit.valid_from, unit.valid_until, unit.predecessors)


def _received_under(procedure: Procedure) -> ColumnElement[bool]:
    since = at_local(procedure.valid_from, 0)
    base = func.left(col(_D.procedure), 8) == procedure.code[:8]
    return and_(base, col(_D.received_at) >= max(since, 1))


def _in_reach(one: Suspension, registries: Sequence[Registry]) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [col(_D.received_at) > 0]
    if one.procedures:
        conditions.append(func.left(col(_D.procedure), 8).in_(one.procedures))
    if not one.units:
        return and_(*conditions)
    units: set[str] = set()
    for scope in one.units:
        units |= units_under(scope, registries) or set()
    return _and_in(units, and_(*conditions))


def _not_ended_before(day: date) -> ColumnElement[bool]:
    return or_(_ENDED_AT == 0, at_local(day, 0) <= _ENDED_AT)


def _and_in(units: Collection[str] | None, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    if units is None:
        return condition
    return and_(or_(one_of(_D.resolving_unit, units), one_of(_D.receiving_unit, units)), condition)


def one_of(column: Any, values: Iterable[str]) -> ColumnElement[bool]:
    """Whether a column is one of these values, as one parameter."""
    return col(column) == any_(bindparam(None, sorted(values), type_=ARRAY(Text), unique=True))
