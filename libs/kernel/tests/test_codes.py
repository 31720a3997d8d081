from __future__ import annotations

from datetime import date

import pytest
from motcua_kernel.codes import (
    DossierCode,
    ProcedureCode,
    check_dossier_code,
    is_agency_id,
    is_commune_code,
    is_district_code,
    is_province_code,
    is_result_code,
    parse_dossier_code,
    parse_procedure_code,
)
from motcua_kernel.errors import Invalid


@pytest.mark.parametrize(
    ("text", "agency", "day", "number"),
    [
        ("H56.14-240823-0001", "H56.14", date(2024, 8, 23), 1),
        ("000.00.31.H16-201104-0001", "000.00.31.H16", date(2020, 11, 4), 1),
        ("H21.217-251031-10000", "H21.217", date(2025, 10, 31), 10_000),
        ("G01.105-260101-999999", "G01.105", date(2026, 1, 1), 999_999),
        ("H36-240229-0007", "H36", date(2024, 2, 29), 7),
    ],
)
def test_dossier_codes_are_read_in_both_agency_orders(
    text: str, agency: str, day: date, number: int
) -> None:
    assert parse_dossier_code(text) == DossierCode(agency, day, number, text)
    check_dossier_code(text)


@pytest.mark.parametrize(
    "text",
    [
        "H16.31-260431-0001",
        "H16.31-250229-0001",
        "H16.31-261301-0001",
        "H16.31-260400-0001",
        "H16.31-20260401-0001",
        "H16.31-260401-001",
        "H16.31-260401-1000000",
        "h16.31-260401-0001",
        "16.31-260401-0001",
        "H16.1234-260401-0001",
        "000.00.31.H16.5-201104-0001",
        "00.00.31.H16-201104-0001",
        " H16.31-260401-0001",
        "H16.31-260401-0001\n",
        "H16.31-2604٠1-0001",
        "",
    ],
)
def test_impossible_dossier_codes_are_invalid(text: str) -> None:
    for read in (parse_dossier_code, check_dossier_code):
        with pytest.raises(Invalid) as caught:
            read(text)
        assert (caught.value.field, caught.value.value) == ("dossier", text)


def test_procedure_codes_keep_base_and_publisher_apart() -> None:
    assert parse_procedure_code("1.000894") == ProcedureCode("1.000894", None)
    assert parse_procedure_code("1.000894.000.00.00.H56") == ProcedureCode(
        "1.000894", "000.00.00.H56"
    )


@pytest.mark.parametrize("text", ["1.00894", "1.000894.", "1.000894.H56", "1.000894\n", "x"])
def test_other_procedure_codes_are_invalid(text: str) -> None:
    with pytest.raises(Invalid, match="procedure"):
        parse_procedure_code(text)


@pytest.mark.parametrize("text", ["000.00.00.H49", "H21.17", "H21.217", "G01.105", "H16", "H1.1"])
def test_agency_ids_come_in_both_orders(text: str) -> None:
    assert is_agency_id(text) == (text != "H1.1")


def test_territory_codes_are_text_with_leading_zeros() -> None:
    assert is_province_code("01")
    assert not is_province_code("1")
    assert is_district_code("006")
    assert not is_district_code("6660")
    assert is_commune_code("00004")
    assert not is_commune_code("4")
    assert not is_commune_code("24733 ")


def test_result_codes_name_agency_and_number() -> None:
    assert is_result_code("KQ.G15.000031")
    assert not is_result_code("KQ.G15.31")
