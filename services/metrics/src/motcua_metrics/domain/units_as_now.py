"""The units as they are now: a unit that was merged (sáp nhập) is followed by its successor.

What is told under a unit stays under it for good, and is shown under the unit that stands for it
on the day of asking. Source: design section 4, every figure as then and as now; the gauges are
the view as now.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from motcua_kernel.registry import Registry
    from motcua_kernel.units import Unit


def units_as_now(registry: Registry, told: Iterable[str], day: int) -> dict[str, list[str]]:
    """The units to show on a day, each with the units whose dossiers it answers for.

    These are the units of the registry that stand on the day, and whoever answers for one of
    `told`, the units that dossiers are told under: no dossier is ever out of sight.
    """
    on = date.fromordinal(day)
    follow = registry.unit_map.on
    shown = {
        unit.id: [unit.id]
        for unit in registry.units.values()
        if _stands(unit, on.isoformat()) and follow(unit.id, on) == unit.id
    }
    for unit in told:
        current = follow(unit, on)
        parts = shown.setdefault(current, [current])
        if unit != current:
            parts.append(unit)
    return shown


def sum_as_now(counts: Mapping[str, int], registry: Registry, day: int) -> dict[str, int]:
    """Counts by the unit that they were told under, summed by the unit that answers for it."""
    on = date.fromordinal(day)
    sums: Counter[str] = Counter()
    for unit, count in counts.items():
        sums[registry.unit_map.on(unit, on)] += count
    return dict(sums)


def _stands(unit: Unit, day: str) -> bool:
    return unit.valid_from <= day and (not unit.valid_until or day <= unit.valid_until)


def objective_of(registry: Registry, unit: str) -> float:
    """The on-time objective (mục tiêu) of a unit: its own, else of the nearest unit above; or 0."""
    chain = (registry.units.get(one) for one in registry.chain(unit))
    return next((one.on_time_objective for one in chain if one and one.on_time_objective), 0.0)
