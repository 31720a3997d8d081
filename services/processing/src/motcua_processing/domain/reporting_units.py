"""Which unit a dossier counts for over time, as rows that SQL can ask: the map of units, told once.

Dashboards ask the database for the list behind a number (danh sách hồ sơ). Numbers are of the
units as they are now, so the list has to follow mergers (sáp nhập) as they do.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from motcua_kernel.registry import Registry

from motcua_processing.domain.views import chain_on_day


class UnitTerm(NamedTuple):
    """A row of the table `reporting_unit`, in the order of its columns."""

    told: str
    first_day: int
    """From this local day on, until that of the unit's next term."""
    counts_for: str
    name: str
    above: list[str]
    """The unit it counts for, and every unit above that one."""


def unit_terms(registry: Registry) -> list[UnitTerm]:
    """Every unit of a registry, with a term for each stretch of days that are alike for it."""
    days = sorted({date.min} | {_first_day(one.valid_from) for one in registry.units.values()})
    terms: list[UnitTerm] = []
    for told in registry.units:
        last: tuple[str, list[str]] | None = None
        for day in days:
            now = registry.unit_map.on(told, day)
            above = list(chain_on_day(registry, now, day))
            if (now, above) != last:
                last = (now, above)
                name = registry.units[now].name
                terms.append(UnitTerm(told, day.toordinal(), now, name, above))
    return terms


def _first_day(text: str) -> date:
    return date.fromisoformat(text) if text else date.min
