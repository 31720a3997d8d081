"""The two maps of Lâm Đồng: counts, successors, and agreement of the whole set."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import lru_cache
from pathlib import Path

from motcua.registry.v1 import registry_pb2 as pb
from motcua_cli.registry.files import Sourced, read_registry
from motcua_cli.registry.references import check_references
from motcua_kernel.registry import Registry
from motcua_platform.registry_codec import entry_from_proto

REGISTRY = Path(__file__).parents[1] / "registry"
CALENDAR = Path(__file__).parents[2] / "calendars" / "vietnam-2020-2026"
LAST_DAY, FIRST_DAY = "2025-06-30", "2025-07-01"


@lru_cache(maxsize=1)
def entries() -> list[Sourced]:
    return read_registry([CALENDAR, REGISTRY])


def units(valid_from: str = "", level: int | None = None) -> list[pb.Unit]:
    found = [one.entry.unit for one in entries() if one.entry.HasField("unit")]
    return [
        unit
        for unit in found
        if unit.valid_from.startswith(valid_from) and level in (None, unit.level)
    ]


def old(level: int) -> list[pb.Unit]:
    return units("2004", level)


def new(level: int) -> list[pb.Unit]:
    return units(FIRST_DAY, level)


def test_the_whole_set_agrees_with_itself_and_with_the_calendar() -> None:
    check_references(entries())


def test_the_new_map_has_103_communes_20_wards_and_one_special_zone() -> None:
    communes = new(pb.UNIT_LEVEL_COMMUNE)
    kinds = Counter(unit.name.split()[0] for unit in communes)
    assert kinds == {"Xã": 103, "Phường": 20, "Đặc": 1}
    assert {unit.parent for unit in communes} == {"68-2025"}
    assert all(unit.id == f"{unit.code}-2025" for unit in communes)
    (zone,) = [unit for unit in communes if unit.name.startswith("Đặc khu")]
    assert zone.name == "Đặc khu Phú Quý"


def test_the_old_map_has_its_districts_and_communes() -> None:
    districts = {unit.id: unit.parent for unit in old(pb.UNIT_LEVEL_DISTRICT)}
    communes = old(pb.UNIT_LEVEL_COMMUNE)
    assert Counter(districts.values()) == {"68": 10, "67": 8, "60": 10}
    assert Counter(districts[unit.parent] for unit in communes) == {"68": 137, "67": 71, "60": 121}
    assert {unit.id for unit in old(pb.UNIT_LEVEL_PROVINCE)} == {"67", "68", "60"}
    assert all(unit.id == unit.code for unit in communes)
    assert {unit.valid_until for unit in units("2004")} == {LAST_DAY}


def test_every_old_unit_has_exactly_one_successor_of_its_kind() -> None:
    named = Counter(one for unit in units(FIRST_DAY) for one in unit.predecessors)
    assert named == {unit.id: 1 for unit in units("2004")}
    by_commune = {one for unit in new(pb.UNIT_LEVEL_COMMUNE) for one in unit.predecessors}
    assert by_commune == {unit.id for unit in old(pb.UNIT_LEVEL_COMMUNE)}


def test_every_new_commune_follows_someone() -> None:
    assert all(unit.predecessors for unit in units(FIRST_DAY))


def test_the_eleven_communes_of_dak_rlap_became_three() -> None:
    eleven = {unit.id for unit in old(pb.UNIT_LEVEL_COMMUNE) if unit.parent == "666"}
    heirs = {
        unit.id: (unit.name, set(unit.predecessors))
        for unit in new(pb.UNIT_LEVEL_COMMUNE)
        if eleven & set(unit.predecessors)
    }
    assert len(eleven) == 11
    assert heirs == {
        "24733-2025": ("Xã Kiến Đức", {"24733", "24754", "24756", "24757"}),
        "24751-2025": ("Xã Nhân Cơ", {"24751", "24750", "24766"}),
        "24760-2025": ("Xã Quảng Tín", {"24745", "24760", "24761", "24763"}),
    }


def test_24760_is_two_communes() -> None:
    found = {unit.id: unit.name for unit in units() if unit.code == "24760"}
    assert found == {"24760": "Xã Đắk Sin", "24760-2025": "Xã Quảng Tín"}


def test_divided_communes_stand_under_the_heir_named_first() -> None:
    heirs = {one: unit.id for unit in units(FIRST_DAY) for one in unit.predecessors}
    assert (heirs["22978"], heirs["23053"]) == ("22972-2025", "23053-2025")


def test_every_procedure_has_a_version_for_each_map() -> None:
    procedures = [one.entry.procedure for one in entries() if one.entry.HasField("procedure")]
    versions = Counter((one.code, one.valid_from) for one in procedures)
    codes = {one.code for one in procedures}
    assert len(codes) == 12
    assert versions == {(code, day): 1 for code in codes for day in ("2024-01-01", FIRST_DAY)}


def test_steps_name_departments_that_every_commune_of_their_map_has() -> None:
    for valid_from, communes in (
        ("2024-01-01", old(pb.UNIT_LEVEL_COMMUNE)),
        (FIRST_DAY, new(pb.UNIT_LEVEL_COMMUNE)),
    ):
        everywhere = set[str].intersection(
            *({one.id for one in unit.departments} for unit in communes)
        )
        used = {
            step.department
            for one in entries()
            if one.entry.procedure.valid_from == valid_from
            for step in one.entry.procedure.steps
        }
        assert used <= everywhere


def test_a_publisher_speaks_for_each_old_district_and_one_for_the_new_province() -> None:
    publishers = [one.entry.publisher for one in entries() if one.entry.HasField("publisher")]
    districts = {unit.id for unit in old(pb.UNIT_LEVEL_DISTRICT)}
    assert {one.id for one in publishers} == {f"lam-dong-{id_}" for id_ in districts} | {
        "lam-dong-2025"
    }
    assert sorted(unit for one in publishers for unit in one.units) == sorted(
        districts | {"68-2025"}
    )


def test_the_kernel_follows_an_open_dossier_from_the_old_map_to_the_new() -> None:
    registry = Registry().with_entries(enumerate(entry_from_proto(one.entry) for one in entries()))
    before, after = date.fromisoformat(LAST_DAY), date.fromisoformat(FIRST_DAY)
    for unit, heir in (("24745", "24760-2025"), ("666", "68-2025"), ("67", "68-2025")):
        assert registry.unit_map.on(unit, before) == unit
        assert registry.unit_map.on(unit, after) == heir
    assert registry.calendar("24760") is not None
    assert registry.calendar("24760-2025") is not None
    assert registry.may_speak_for("lam-dong-666", "24760")
    assert registry.may_speak_for("lam-dong-2025", "24760-2025")
    assert not registry.may_speak_for("lam-dong-666", "24760-2025")
