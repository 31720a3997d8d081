"""Which entries of the registry make the calendar of a unit: the working week, and single days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from motcua_kernel.days import Layer

if TYPE_CHECKING:
    from motcua_kernel.registry import CalendarDay, Registry, WorkingWeek


def week_entry(registry: Registry, unit: str, day: date) -> WorkingWeek | None:
    """The working week of a unit, or of the one that stands for it on a day."""
    return next(
        (
            registry.weeks[scope]
            for scope in _scopes(registry, unit, day)
            if scope in registry.weeks
        ),
        None,
    )


def day_entry(registry: Registry, unit: str, day: date) -> CalendarDay | None:
    """The entry that sets a day of a unit apart; one that was taken back where none holds."""
    scopes = _scopes(registry, unit, day)
    keys = [(layer, scope, day) for layer in Layer for scope in scopes]
    entries = [registry.days[key] for key in keys if key in registry.days]
    in_force = [one for one in entries if one.kind is not None]
    return max(in_force or entries, key=lambda one: (one.layer, one.offset), default=None)


def _scopes(registry: Registry, unit: str, day: date) -> tuple[str, ...]:
    return (*registry.chain(registry.unit_map.on(unit, day)), "")
