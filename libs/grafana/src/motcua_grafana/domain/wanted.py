"""What Grafana should have, from the registry as it is on a day.

Every unit that stands has a folder at the top, every department (phòng) one inside its unit's. The
team of a place may edit its own folder; the teams of the units above it may look. Merged units
(sáp nhập) and their departments are readable by their own team and by their successors'.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from motcua_kernel.units import UnitLevel

from motcua_grafana.domain.boards import Board, Template
from motcua_grafana.domain.names import (
    ARCHIVE,
    board_uid,
    ended_title,
    folder_uid,
    place_key,
    team_name,
)
from motcua_grafana.domain.states import Ended, Folder, Grant, Level, Place, Wanted, team_holder

if TYPE_CHECKING:
    from motcua_kernel.registry import Registry
    from motcua_kernel.units import Department, Unit

PROVINCE_VARIABLE: Final = "province"
UNIT_VARIABLE: Final = "unit"
DEPARTMENT_VARIABLE: Final = "department"


@dataclass(frozen=True, slots=True)
class Templates:
    """The dashboard templates; a place without one gets folder and team only."""

    by_level: Mapping[UnitLevel, Template] = field(default_factory=dict[UnitLevel, Template])
    department: Template | None = None


def wanted_of(registry: Registry, day: date, templates: Templates) -> Wanted:
    """The places that stand on a day, units before their departments, and those that ended."""
    standing = [one for one in registry.units.values() if _stands(registry, one, day)]
    standing.sort(key=lambda unit: (unit.level, unit.id))
    ids = {unit.id for unit in standing}
    places: list[Place] = []
    for unit in standing:
        above = [link for link in registry.chain(unit.id) if link != unit.id and link in ids]
        fixed = {PROVINCE_VARIABLE: above[-1] if above else unit.id, UNIT_VARIABLE: unit.id}
        places.append(_unit_place(unit, above, templates, fixed))
        places += (_department_place(unit, one, templates, fixed) for one in unit.departments)
    ended = {
        key: one
        for unit in registry.units.values()
        if (last := _last_day(registry, unit, day)) is not None
        for key, one in _ended(unit, last, _readers(registry, unit, day, ids))
    }
    return Wanted(tuple(places), ended)


def _stands(registry: Registry, unit: Unit, day: date) -> bool:
    began = unit.valid_from <= day.isoformat()
    return began and _last_day(registry, unit, day) is None


def _last_day(registry: Registry, unit: Unit, day: date) -> date | None:
    """The last day of a unit that has ended: its own, or the one before its successor's first."""
    if unit.valid_until and unit.valid_until < day.isoformat():
        return date.fromisoformat(unit.valid_until)
    followed = [term.first for term in registry.unit_map.line(unit.id)[1:] if term.first <= day]
    return followed[0] - timedelta(days=1) if followed else None


def _unit_place(
    unit: Unit, above: list[str], templates: Templates, fixed: Mapping[str, str]
) -> Place:
    key = place_key(unit.id)
    title = _title(unit)
    template = templates.by_level.get(unit.level)
    grants = {Grant(team_holder(place_key(link)), Level.VIEW) for link in above}
    return Place(
        key,
        Folder(title),
        team_name(unit.name, key),
        frozenset({*grants, _own(key)}),
        _board(template, key, title, fixed),
    )


def _department_place(
    unit: Unit, department: Department, templates: Templates, fixed: Mapping[str, str]
) -> Place:
    key = place_key(unit.id, department.id)
    title = f"{department.name} – {unit.name}"
    return Place(
        key,
        Folder(department.name, folder_uid(place_key(unit.id))),
        team_name(title, key),
        frozenset({_own(key)}),
        _board(templates.department, key, title, {**fixed, DEPARTMENT_VARIABLE: department.id}),
    )


def _ended(unit: Unit, last: date, readers: frozenset[str]) -> Iterator[tuple[str, Ended]]:
    key = place_key(unit.id)
    yield key, Ended(Folder(ended_title(_title(unit), last), ARCHIVE), readers | {key})
    for department in unit.departments:
        inner = place_key(unit.id, department.id)
        yield inner, Ended(Folder(department.name, folder_uid(key)), readers | {inner})


def _readers(registry: Registry, unit: Unit, day: date, standing: set[str]) -> frozenset[str]:
    """The teams of those that follow a unit, and of the units above them."""
    heirs = {one.id for one in registry.units.values() if unit.id in one.predecessors}
    heirs.add(registry.unit_map.on(unit.id, day))
    links = {link for heir in heirs for link in registry.chain(heir)}
    return frozenset(place_key(link) for link in links & standing)


def _own(key: str) -> Grant:
    return Grant(team_holder(key), Level.EDIT)


def _title(unit: Unit) -> str:
    return f"{unit.name} ({unit.id})"


def _board(
    template: Template | None, key: str, title: str, fixed: Mapping[str, str]
) -> Board | None:
    return template.copy_for(board_uid(key), title, fixed) if template else None
