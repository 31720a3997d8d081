"""What one entry says about another must hold: parents, departments, units, codes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from motcua.registry.v1 import registry_pb2 as pb
from motcua_kernel.codes import (
    is_agency_id,
    is_commune_code,
    is_district_code,
    is_province_code,
    parse_procedure_code,
)
from motcua_kernel.errors import Invalid
from motcua_kernel.registry import UnitLevel

from motcua_cli.errors import CommandError
from motcua_cli.registry.files import Sourced

_CODE_RULES: Final[Mapping[int, Callable[[str], bool]]] = {
    UnitLevel.PROVINCE: is_province_code,
    UnitLevel.DISTRICT: is_district_code,
    UnitLevel.COMMUNE: is_commune_code,
    UnitLevel.PROVINCIAL_DEPARTMENT: is_agency_id,
}


def check_references(entries: Iterable[Sourced], known: Iterable[pb.RegistryEntry] = ()) -> None:
    """Check entries against each other and against those `known` already.

    Raises:
        CommandError: the first fault, with its place.
    """
    given = list(entries)
    every = [*known, *(one.entry for one in given)]
    units = {entry.unit.id for entry in every if entry.HasField("unit")}
    departments = {one.id for entry in every for one in entry.unit.departments}
    for one in given:
        for fault in _faults(one.entry, units, departments):
            raise CommandError(
                f"Danh mục sai tại {one.place}: {fault}", f"Invalid registry at {one.place}"
            )


def _faults(entry: pb.RegistryEntry, units: set[str], departments: set[str]) -> Iterator[str]:
    match entry.WhichOneof("entry"):
        case "unit":
            yield from _unit_faults(entry.unit, units)
        case "procedure":
            yield from _procedure_faults(entry.procedure, departments)
        case "publisher":
            yield from _unknown("publisher.units", entry.publisher.units, units)
        case "calendar_day":
            yield from _unknown(
                "calendar_day.scope", filter(None, [entry.calendar_day.scope]), units
            )
        case "working_week":
            yield from _unknown(
                "working_week.scope", filter(None, [entry.working_week.scope]), units
            )
        case _:
            return


def _unit_faults(unit: pb.Unit, units: set[str]) -> Iterator[str]:
    if not unit.id:
        yield "unit.id is missing"
    if unit.parent:
        yield from _unknown("unit.parent", [unit.parent], units)
    yield from _unknown("unit.predecessors", unit.predecessors, units)
    is_code = _CODE_RULES.get(unit.level)
    if is_code is None:
        yield f"unit.level of {unit.id} is missing"
    elif not is_code(unit.code):
        yield f"unit.code {unit.code!r} is no code of its level"


def _procedure_faults(procedure: pb.Procedure, departments: set[str]) -> Iterator[str]:
    try:
        parse_procedure_code(procedure.code)
    except Invalid as error:
        yield f"procedure.code: {error}"
    used = (step.department for step in procedure.steps)
    yield from _unknown("procedure.steps.department", used, departments)


def _unknown(field: str, names: Iterable[str], known: set[str]) -> Iterator[str]:
    for name in names:
        if name not in known:
            yield f"{field} {name!r} is not in the registry"
