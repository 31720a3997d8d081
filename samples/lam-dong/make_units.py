"""Write the units of Lâm Đồng's two maps from the data set `vietnam-provinces` (2026.9.0).

    cd samples/lam-dong
    uv run --no-project --python 3.13 --with vietnam-provinces==2026.9.0 make_units.py

The YAML files are committed, so nothing needs the data set at run time.
"""

# ruff: noqa: INP001 - a script of its own
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

REGISTRY: Final = Path(__file__).parent / "registry"
OLD_PROVINCES: Final = (67, 68, 60)
NEW_PROVINCE: Final = 68
OLD_MAP: Final = {"valid_from": "2004-01-01", "valid_until": "2025-06-30"}
NEW_MAP: Final = {"valid_from": "2025-07-01"}

_SOURCE: Final = """\
# Written by make_units.py from the data set vietnam-provinces 2026.9.0 (National Statistics
# Office), cross-checked with vietnamadminunits 1.0.4. Legal acts: Resolution 202/2025/QH15
# (provinces) and Resolution 1671/NQ-UBTVQH15 (communes of Lâm Đồng), in force from 01/07/2025.
"""
_OLD_HEADER: Final = f"""\
# The map until 30/06/2025: Đắk Nông (67), Lâm Đồng (68), Bình Thuận (60), their 28 districts and
# 329 communes, wards and towns as they stood on the last day.
{_SOURCE}# Chosen: one valid_from for all, as in the sample of Đắk R'Lấp; the departments.
"""
_NEW_HEADER: Final = f"""\
# The map since 01/07/2025: the new Lâm Đồng (68), 103 communes, 20 wards and one special zone.
# Every code was another unit's before, so every id carries the year. Predecessors are old ids;
# the province also takes over from the districts, which have no successor of their own.
{_SOURCE}# Chosen: the ids of the departments; they go on from the old map's.
"""

_DEPARTMENTS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "old": (
        ("bo-phan-mot-cua", "Bộ phận Tiếp nhận và Trả kết quả"),
        ("van-phong", "Văn phòng - Thống kê, Tư pháp - Hộ tịch"),
    ),
    "province": (
        ("bo-phan-mot-cua", "Trung tâm Phục vụ hành chính công tỉnh"),
        ("van-phong", "Văn phòng UBND tỉnh"),
    ),
    "rural": (
        ("bo-phan-mot-cua", "Trung tâm Phục vụ hành chính công"),
        ("van-phong", "Văn phòng HĐND và UBND"),
        ("kinh-te", "Phòng Kinh tế"),
        ("van-hoa-xa-hoi", "Phòng Văn hóa - Xã hội"),
    ),
    "urban": (
        ("bo-phan-mot-cua", "Trung tâm Phục vụ hành chính công"),
        ("van-phong", "Văn phòng HĐND và UBND"),
        ("kinh-te", "Phòng Kinh tế, Hạ tầng và Đô thị"),
        ("van-hoa-xa-hoi", "Phòng Văn hóa - Xã hội"),
    ),
}


@dataclass(frozen=True)
class _Unit:
    id: str
    name: str
    level: str
    parent: str = ""
    predecessors: tuple[str, ...] = ()
    departments: str = "old"

    @property
    def code(self) -> str:
        return self.id.partition("-")[0]


def main() -> None:
    """Write both files."""
    new: Any = import_module("vietnam_provinces")
    old: Any = import_module("vietnam_provinces.legacy")
    heirs = _heirs(new)
    files = {
        "units-2024.yaml": (_OLD_HEADER, OLD_MAP, _old_units(old, heirs)),
        "units-2025.yaml": (_NEW_HEADER, NEW_MAP, _new_units(new, old, heirs)),
    }
    for name, (header, validity, units) in files.items():
        (REGISTRY / name).write_text(header + _yaml(units, validity), "utf-8")


def _heirs(new: Any) -> dict[int, int]:
    """The new commune of each old one; of one that was divided, the first that is listed."""
    wards = list(new.Ward.iter_by_province(new.ProvinceCode(NEW_PROVINCE)))
    sources = [int(old.code) for ward in wards for old in ward.get_legacy_sources()]
    return {code: int(new.Ward.search_from_legacy(code=code)[0].ward.code) for code in sources}


def _old_units(old: Any, heirs: Mapping[int, int]) -> Iterable[_Unit]:
    for code in OLD_PROVINCES:
        province = old.Province.from_code(old.ProvinceCode(code))
        yield _Unit(f"{code:02}", province.name, "PROVINCE")
        for district in _districts(old, code):
            yield _Unit(f"{int(district.code):03}", district.name, "DISTRICT", f"{code:02}")
            for ward in _by_code(old.Ward.iter_by_district(district.code)):
                if int(ward.code) in heirs:  # else it was merged before 2025
                    yield _Unit(
                        f"{int(ward.code):05}", ward.name, "COMMUNE", f"{int(district.code):03}"
                    )


def _new_units(new: Any, old: Any, heirs: Mapping[int, int]) -> Iterable[_Unit]:
    province = f"{NEW_PROVINCE}-2025"
    provinces = tuple(f"{code:02}" for code in OLD_PROVINCES)
    districts = tuple(
        f"{int(one.code):03}" for code in OLD_PROVINCES for one in _districts(old, code)
    )
    name = new.Province.from_code(new.ProvinceCode(NEW_PROVINCE)).name
    yield _Unit(province, name, "PROVINCE", "", (*provinces, *districts), "province")
    for ward in _by_code(new.Ward.iter_by_province(new.ProvinceCode(NEW_PROVINCE))):
        before = sorted(code for code, heir in heirs.items() if heir == int(ward.code))
        yield _Unit(
            f"{int(ward.code):05}-2025",
            ward.name,
            "COMMUNE",
            province,
            tuple(f"{code:05}" for code in before),
            "rural" if ward.name.startswith("Xã ") else "urban",
        )


def _districts(old: Any, province: int) -> list[Any]:
    return _by_code(old.District.iter_by_province(old.ProvinceCode(province)))


def _by_code(divisions: Iterable[Any]) -> list[Any]:
    return sorted(divisions, key=lambda one: int(one.code))


def _yaml(units: Iterable[_Unit], validity: Mapping[str, str]) -> str:
    named: set[str] = set()
    return "".join(line for unit in units for line in _lines(unit, validity, named))


def _lines(unit: _Unit, validity: Mapping[str, str], named: set[str]) -> Iterable[str]:
    yield "- unit:\n"
    yield f'    id: "{unit.id}"\n'
    yield f'    code: "{unit.code}"\n'
    yield f'    name: "{unit.name}"\n'
    yield f"    level: UNIT_LEVEL_{unit.level}\n"
    if unit.parent:
        yield f'    parent: "{unit.parent}"\n'
    yield from (f'    {field}: "{day}"\n' for field, day in validity.items())
    if unit.predecessors:
        yield "    predecessors:\n"
        yield from (f'      - "{one}"\n' for one in unit.predecessors)
    if unit.departments in named:
        yield f"    departments: *{unit.departments}\n"
        return
    named.add(unit.departments)
    yield f"    departments: &{unit.departments}\n"
    for id_, name in _DEPARTMENTS[unit.departments]:
        yield f'      - {{id: {id_}, name: "{name}"}}\n'


if __name__ == "__main__":
    main()
