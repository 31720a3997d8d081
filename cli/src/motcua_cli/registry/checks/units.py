"""Units: codes, parents, who follows whom, and a calendar for each."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Final

from motcua.registry.v1 import registry_pb2 as pb
from motcua_kernel.codes import (
    is_agency_id,
    is_commune_code,
    is_district_code,
    is_province_code,
)

from motcua_cli.registry.checks.book import Book, unknown
from motcua_cli.registry.faults import Fault
from motcua_cli.registry.files import Sourced
from motcua_cli.registry.values import day_of

_CODE_RULES: Final[Mapping[int, Callable[[str], bool]]] = {
    pb.UNIT_LEVEL_PROVINCE: is_province_code,
    pb.UNIT_LEVEL_DISTRICT: is_district_code,
    pb.UNIT_LEVEL_COMMUNE: is_commune_code,
    pb.UNIT_LEVEL_PROVINCIAL_DEPARTMENT: is_agency_id,
}
_NEXT_DAY: Final = timedelta(days=1)


def unit_faults(book: Book) -> Iterator[Fault]:
    """The faults of the given units, each by itself and among the others."""
    for one in book.of("unit"):
        yield from _own_faults(one)
        yield from _parent_faults(one, book)
        yield from unknown(one, ("unit", "predecessors"), one.entry.unit.predecessors, book.units)
        yield from _end_faults(one, book)
        yield from _calendar_faults(one, book)
    yield from _succession_faults(book)


def _own_faults(one: Sourced) -> Iterator[Fault]:
    unit = one.entry.unit
    if not unit.id:
        yield Fault(one.place, "unit.id", "thiếu unit.id", "unit.id is missing")
    is_code = _CODE_RULES.get(unit.level)
    if is_code is None:
        yield Fault(
            one.place, "unit.level", f"thiếu unit.level của {unit.id}", "unit.level is missing"
        )
    elif not is_code(unit.code):
        yield Fault(
            one.at("unit", "code"),
            "unit.code",
            f"mã {unit.code!r} không đúng dạng của cấp đơn vị",
            "unit.code is no code of its level",
        )


def _parent_faults(one: Sourced, book: Book) -> Iterator[Fault]:
    unit = one.entry.unit
    if unit.parent:
        yield from unknown(one, ("unit", "parent"), [unit.parent], book.units)
    elif unit.level not in (pb.UNIT_LEVEL_PROVINCE, pb.UNIT_LEVEL_UNSPECIFIED):
        yield Fault(
            one.place,
            "unit.orphan",
            f"đơn vị {unit.id} không thuộc đơn vị nào",
            f"the unit {unit.id} has no parent",
        )


def _end_faults(one: Sourced, book: Book) -> Iterator[Fault]:
    """A unit that ends needs a successor, or its open dossiers belong to nobody."""
    unit = one.entry.unit
    first, last = day_of(unit.valid_from), day_of(unit.valid_until)
    if first and last and last < first:
        yield Fault(
            one.at("unit", "valid_until"),
            "unit.validity",
            f"hiệu lực đến {unit.valid_until} trước ngày bắt đầu {unit.valid_from}",
            "the last day lies before the first",
        )
    if unit.valid_until and not book.successors.get(unit.id):
        yield Fault(
            one.at("unit", "valid_until"),
            "unit.successor",
            f"đơn vị {unit.id} hết hiệu lực {unit.valid_until} mà không có đơn vị kế thừa",
            f"the unit {unit.id} ends and no unit lists it among its predecessors",
        )


def _succession_faults(book: Book) -> Iterator[Fault]:
    """A successor begins on the day after; told at the successor if it is given."""
    given = {one.entry.unit.id: one for one in book.of("unit")}
    for predecessor, heirs in book.successors.items():
        ended = book.units.get(predecessor)
        last = day_of(ended.valid_until) if ended else None
        for heir in heirs:
            first = day_of(heir.valid_from)
            if last is None or (first is not None and first == last + _NEXT_DAY):
                continue
            one, field = (given.get(heir.id), "valid_from")
            if one is None:
                one, field = (given.get(predecessor), "valid_until")
            if one is None:
                continue
            yield Fault(
                one.at("unit", field),
                "unit.successor-day",
                f"{heir.id} có hiệu lực từ {heir.valid_from or 'không rõ'}, phải là ngày sau "
                f"{last} của {predecessor}",
                f"{heir.id} must begin on the day after {predecessor} ended",
            )


def _calendar_faults(one: Sourced, book: Book) -> Iterator[Fault]:
    """Told once, at the highest given unit that lacks a calendar."""
    unit = one.entry.unit.id
    given = {other.entry.unit.id for other in book.of("unit")}
    if book.week_of(unit) or given.intersection(book.chain(unit)[1:]):
        return
    below = sum(
        unit in book.chain(other)[1:] and book.week_of(other) is None for other in book.units
    )
    yield Fault(
        one.place,
        "unit.calendar",
        f"đơn vị {unit} và {below} đơn vị trực thuộc không có lịch làm việc nào",
        f"no working week for the unit {unit} and {below} below it, nor for the nation",
    )
