"""Whom a dossier counts for after units have merged: as then, or as now (DESIGN section 4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import Enum

from motcua_kernel.registry import Registry


class View(Enum):
    """The unit that the receipt told, or the one that stands for it on the day that is asked."""

    AS_THEN = "as_then"
    AS_NOW = "as_now"


def counted_units(registry: Registry, unit: str, view: View, day: date) -> dict[str, str]:
    """The units told in receipts that count below `unit`, and under which unit each one does."""
    if view is View.AS_THEN:
        return {one: one for one in registry.units if unit in registry.chain(one)}
    standing = {one: registry.unit_map.on(one, day) for one in registry.units}
    return {one: now for one, now in standing.items() if unit in chain_on_day(registry, now, day)}


def chain_on_day(registry: Registry, unit: str, day: date) -> Iterator[str]:
    """The unit that stands for `unit` on a day, and those above it, each by its successor."""
    seen: set[str] = set()
    while unit:
        unit = registry.unit_map.on(unit, day)
        if unit in seen:
            return
        seen.add(unit)
        yield unit
        known = registry.units.get(unit)
        unit = known.parent if known else ""
