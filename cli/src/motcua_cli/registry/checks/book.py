"""The registry as it would be after the given entries: what the checks look things up in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from motcua.registry.v1 import registry_pb2 as pb
from motcua_platform.errors import Unreadable
from motcua_platform.registry_codec import entry_key

from motcua_cli.registry.faults import Fault
from motcua_cli.registry.files import Sourced


@dataclass(frozen=True)
class Book:
    """The given entries, and lists of all that would be in force with them."""

    given: Sequence[Sourced]
    units: Mapping[str, pb.Unit]
    successors: Mapping[str, Sequence[pb.Unit]]
    weeks: Mapping[str, pb.WorkingWeek]
    days: Sequence[pb.CalendarDay]
    procedures: AbstractSet[str]
    publishers: AbstractSet[str]

    def of(self, kind: str) -> Iterator[Sourced]:
        """The given entries of a kind."""
        return (one for one in self.given if one.entry.WhichOneof("entry") == kind)

    def departments(self) -> set[str]:
        """The ids of the departments of all units."""
        return {one.id for unit in self.units.values() for one in unit.departments}

    def chain(self, scope: str) -> list[str]:
        """A scope, the units above it, and the nation ("")."""
        found: list[str] = []
        while scope and scope not in found:
            found.append(scope)
            scope = self.units[scope].parent if scope in self.units else ""
        return [*found, ""]

    def week_of(self, scope: str) -> pb.WorkingWeek | None:
        """The working week that a scope's calendar is made with: the nearest in its chain."""
        return next((self.weeks[one] for one in self.chain(scope) if one in self.weeks), None)


def book_of(given: Iterable[Sourced], known: Iterable[pb.RegistryEntry]) -> Book:
    """The given entries over those that the log has already."""
    own = list(given)
    latest = {key: entry for entry in known if (key := _key(entry))}
    latest.update((one.key, one.entry) for one in own)
    units = {entry.unit.id: entry.unit for entry in latest.values() if entry.HasField("unit")}
    successors: dict[str, list[pb.Unit]] = {}
    for unit in units.values():
        for predecessor in unit.predecessors:
            successors.setdefault(predecessor, []).append(unit)
    weeks = {
        entry.working_week.scope: entry.working_week
        for entry in latest.values()
        if entry.HasField("working_week")
    }
    days = [entry.calendar_day for entry in latest.values() if entry.HasField("calendar_day")]
    procedures = {entry.procedure.code for entry in latest.values() if entry.HasField("procedure")}
    publishers = {entry.publisher.id for entry in latest.values() if entry.HasField("publisher")}
    return Book(own, units, successors, weeks, days, procedures, publishers)


def unknown(
    one: Sourced, path: tuple[str | int, ...], names: Iterable[str], known: Iterable[str]
) -> Iterator[Fault]:
    """A fault for each name that the registry does not have."""
    field = ".".join(step for step in path if isinstance(step, str))
    have = set(known)
    for name in names:
        if name not in have:
            yield Fault(
                one.at(*path),
                field,
                f"{field} {name!r} không có trong danh mục",
                f"{name!r} is not in the registry",
            )


def _key(entry: pb.RegistryEntry) -> str:
    try:
        return entry_key(entry)
    except Unreadable:
        return ""
