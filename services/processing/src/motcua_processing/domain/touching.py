"""Which dossiers a registry entry may change, as conditions on the columns of their rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
from motcua_kernel.decrees import DeadlineRules, PauseReason, Suspension
from motcua_kernel.instant import midnight
from motcua_kernel.procedures import Procedure
from motcua_kernel.registry import CalendarDay, Entry, Registry, WorkingWeek
from motcua_kernel.units import Unit

EVERYWHERE: Final = ""
_ALWAYS: Final = (0, 2**31 - 1)


class Touch(msgspec.Struct, frozen=True):
    """A condition on dossiers; each member narrows it.

    `units`: whose calendar the clock follows, with "" for all. `days`: the span crosses them.
    `procedures`: base codes, () for all. `since`: received or filed at or after it. `told`: only
    clocks that something told has moved. `open_too`: dossiers in progress whose span ends before
    the days as well, since their clocks may rest on any day to come. `odd`: only what has
    anomalies. `anew`: the events are to be folded again, as the state itself rests on the entry;
    otherwise only what derives from it.
    """

    units: tuple[str, ...] = (EVERYWHERE,)
    days: tuple[int, int] = _ALWAYS
    procedures: tuple[str, ...] = ()
    since: int = 0
    told: bool = False
    open_too: bool = False
    odd: bool = False
    anew: bool = False


def touches_of(registry: Registry, entries: Iterable[Entry]) -> tuple[Touch, ...]:
    """What entries may change, under the registry that has them; equal conditions are merged."""
    found: dict[Touch, set[str]] = {}
    for entry in entries:
        for scopes, touch in _touch(registry, entry):
            found.setdefault(touch, set()).update(_units(registry, scopes))
    return tuple(
        msgspec.structs.replace(
            touch, units=(EVERYWHERE,) if EVERYWHERE in units else tuple(sorted(units))
        )
        for touch, units in found.items()
    )


def _touch(registry: Registry, entry: Entry) -> list[tuple[Sequence[str], Touch]]:
    """The scopes of an entry, and the rest of the condition.

    A suspension that is lifted or drawn anew touches the days and dossiers that it had before, too.
    """
    match entry:
        case CalendarDay():
            day = entry.day.toordinal()
            return [((entry.scope,), Touch(days=(day, day)))]
        case WorkingWeek():
            return [((entry.scope,), Touch())]
        case Unit():
            # What was told without authority may have had it, and names units of no column.
            return [
                ((entry.id,), Touch(anew=True)),
                ((EVERYWHERE,), Touch(odd=True, anew=True)),
            ]
        case Suspension():
            known = registry.suspensions[entry.id]
            days = (known.reach[0].toordinal(), known.reach[1].toordinal())
            return [
                (units or (EVERYWHERE,), Touch(days=days, procedures=procedures, open_too=True))
                for units, procedures in (known.coverage, *known.former)
            ]
        case Procedure():
            since = midnight(entry.valid_from.toordinal())
            only = Touch(procedures=(entry.code[:8],), since=since, anew=True)
            return [((EVERYWHERE,), only)]
        case DeadlineRules():
            since = midnight(entry.valid_from.toordinal())
            return [((entry.scope,), Touch(since=since, anew=True))]
        case PauseReason():
            return [((EVERYWHERE,), Touch(told=True))]
        case _:
            return []


def _units(registry: Registry, scopes: Iterable[str]) -> set[str]:
    """The units in the scopes, those below them, and those that they follow or that follow them.

    A scope counts even where the registry does not know it as a unit yet: dossiers may name it.
    """
    units: set[str] = set()
    for scope in scopes:
        if scope == EVERYWHERE:
            return {EVERYWHERE}
        units.add(scope)
        for one in registry.unit_map.below(scope):
            units |= registry.unit_map.touched_by(one)
    return units
