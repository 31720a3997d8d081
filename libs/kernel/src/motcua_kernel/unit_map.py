"""The map of units over time: who follows whom when communes merge (sáp nhập).

Each unit may name its predecessors; from its first day on it stands for them. A unit that was
divided is followed by the one of its heirs whose id comes first, unless only one names it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from motcua_kernel.units import Unit


class Term(NamedTuple):
    """A unit, and the first day on which it stands for the one that was asked about."""

    unit: str
    first: date


class UnitMap:
    """Successors by date; a value made from the units of a registry."""

    def __init__(self, units: Mapping[str, Unit]) -> None:
        self._units = units
        self._successors: dict[str, Term] = {}
        for unit in sorted(units.values(), key=lambda one: (one.valid_from, one.id)):
            for predecessor in unit.predecessors:
                self._successors.setdefault(predecessor, Term(unit.id, _day(unit.valid_from)))

    def line(self, unit: str) -> Sequence[Term]:
        """The unit itself, then those that followed it, in the order of their first days."""
        terms = [Term(unit, date.min)]
        while (after := self._successors.get(terms[-1].unit)) is not None:
            if any(term.unit == after.unit for term in terms):
                break
            terms.append(after)
        return terms

    def on(self, unit: str, day: date) -> str:
        """The unit that stands for `unit` on a day: itself, or its successor by then."""
        if unit not in self._successors:
            return unit
        return next(term.unit for term in reversed(self.line(unit)) if term.first <= day)

    def below(self, unit: str) -> set[str]:
        """A unit and every unit below it, by the parents that they name."""
        children: dict[str, list[str]] = {}
        for one in self._units.values():
            children.setdefault(one.parent, []).append(one.id)
        found = {unit}
        waiting = [unit]
        while waiting:
            for child in children.get(waiting.pop(), ()):
                if child not in found:
                    found.add(child)
                    waiting.append(child)
        return found

    def standing_for(self, units: Iterable[str], day: date) -> set[str]:
        """The units, and all units whose dossiers they answer for on a day."""
        wanted = set(units)
        return wanted | {one for one in self._units if self.on(one, day) in wanted}

    def touched_by(self, unit: str) -> set[str]:
        """The units whose line of successors passes through `unit`."""
        return {unit} | {
            one for one in self._units if any(term.unit == unit for term in self.line(one))
        }


def _day(text: str) -> date:
    return date.fromisoformat(text) if text else date.min
