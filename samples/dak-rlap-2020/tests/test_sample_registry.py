"""The registry files: they parse, they agree with each other and with the public calendar."""

from __future__ import annotations

import re
from datetime import date, timedelta

import holidays
import pytest
from google.protobuf.json_format import ParseDict
from motcua.registry.v1 import registry_pb2
from motcua_sample_dak_rlap import PUBLISHERS, REGISTRY
from motcua_sample_dak_rlap.catalogue import procedures, registry_entries, units
from motcua_sample_dak_rlap.office_hours import is_working_day
from motcua_sample_dak_rlap.volumes import PROCEDURES, UNITS

COMMUNES = {
    "24733": "Kiến Đức",
    "24745": "Quảng Tín",
    "24750": "Đắk Wer",
    "24751": "Nhân Cơ",
    "24754": "Kiến Thành",
    "24756": "Nghĩa Thắng",
    "24757": "Đạo Nghĩa",
    "24760": "Đắk Sin",
    "24761": "Hưng Bình",
    "24763": "Đắk Ru",
    "24766": "Nhân Đạo",
}


def parsed() -> list[registry_pb2.RegistryEntry]:
    return [ParseDict(entry, registry_pb2.RegistryEntry()) for entry in registry_entries()]


def test_every_file_parses_into_registry_entries() -> None:
    assert {path.name for path in REGISTRY.glob("*.yaml")} == {
        "units.yaml",
        "procedures.yaml",
        "calendar.yaml",
    }
    kinds = [entry.WhichOneof("entry") for entry in parsed()]
    assert None not in kinds
    assert kinds.count("unit") == 13
    assert kinds.count("working_week") == 1


def test_the_eleven_communes_carry_their_codes_and_names() -> None:
    found = {entry.unit.id: entry.unit for entry in parsed() if entry.HasField("unit")}
    communes = {id_: unit for id_, unit in found.items() if unit.parent == "666"}
    assert set(communes) == set(COMMUNES)
    for code, unit in communes.items():
        assert unit.code == code
        assert unit.name.endswith(COMMUNES[code])
    assert found["666"].parent == "67"


def test_steps_name_departments_of_their_level_and_stay_within_the_limit() -> None:
    by_level = {unit.level: set(unit.departments) for unit in units().values()}
    for entry in parsed():
        if not entry.HasField("procedure"):
            continue
        procedure = entry.procedure
        assert re.fullmatch(r"\d\.\d{6}", procedure.code)
        known = procedures()[procedure.code]
        assert {step.department for step in procedure.steps} <= by_level[known.level]
        budget = sum(step.budget_minutes for step in procedure.steps)
        for limit in procedure.limits:
            shortest = limit.statutory_minutes
            if limit.HasField("committed_minutes"):
                assert limit.committed_minutes < limit.statutory_minutes
                shortest = limit.committed_minutes
            assert budget <= (shortest or 480)


def test_the_limits_are_of_every_kind() -> None:
    limits = {procedure.limit("counter") for procedure in procedures().values()}
    days = {limit.minutes / 480 for limit in limits if limit.unit == "working_days"}
    assert days >= {0, 0.5, 3, 5, 10, 15, 30}
    assert {limit.unit for limit in limits} == {
        "none",
        "working_days",
        "working_hours",
        "calendar_days",
    }
    assert procedures()["1.001612"].limit("online").minutes == 960
    assert procedures()["1.001612"].limit("post").minutes == 1440


def test_weights_name_exactly_what_the_registry_knows() -> None:
    assert set(PROCEDURES) == set(procedures())
    assert set(UNITS) == set(units())


@pytest.mark.parametrize("year", [2019, 2020, 2021])
def test_days_off_agree_with_the_public_calendar(year: int) -> None:
    public = holidays.country_holidays("VN", years=year)
    day = date(year, 1, 1)
    while day.year == year:
        make_up = day == date(2019, 5, 4)
        assert is_working_day(day) == (make_up or (day.weekday() < 5 and day not in public)), day
        day += timedelta(days=1)


def test_twelve_publishers_speak_for_one_unit_each() -> None:
    assert len({publisher.id for publisher in PUBLISHERS}) == 12
    assert {publisher.units for publisher in PUBLISHERS} == {(unit,) for unit in units()}
    assert PUBLISHERS[0].id == "dak-rlap-666"
