"""Official codes, kept as text because leading zeros count.

Dossier codes (mã hồ sơ) name the *receiving* agency, the local day and that day's number.
Agency ids come in two orders: lowest level first (QCVN 102:2016, `000.00.31.H16`) and top level
first (Decision 20/2020/QĐ-TTg, amended by 09/2025/QĐ-TTg, `H21.217`). Territory codes are those
of Decision 19/2025/QĐ-TTg; they are reused over time, so a code alone is no identity of a unit.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final

import msgspec

from motcua_kernel.errors import Invalid

_BOTTOM_UP: Final = r"[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}"
_TOP_DOWN: Final = r"[A-Z][0-9]{2}(?:\.[0-9]{1,3})"

_AGENCY: Final = re.compile(rf"{_BOTTOM_UP}|{_TOP_DOWN}{{0,5}}")
_DOSSIER: Final = re.compile(rf"({_BOTTOM_UP}|{_TOP_DOWN}{{0,4}})-([0-9]{{6}})-([0-9]{{4,6}})")
_PROCEDURE: Final = re.compile(rf"([0-9]\.[0-9]{{6}})(?:\.({_BOTTOM_UP}))?")
_RESULT: Final = re.compile(r"KQ\.[A-Z][0-9]{2}\.[0-9]{6}")
_PROVINCE: Final = re.compile(r"[0-9]{2}")
_DISTRICT: Final = re.compile(r"[0-9]{3}")
_COMMUNE: Final = re.compile(r"[0-9]{5}")


class DossierCode(msgspec.Struct, frozen=True, gc=False):
    """The parts of a dossier code; `number` is unique only with `agency` and `day`."""

    agency: str
    day: date
    number: int
    text: str


class ProcedureCode(msgspec.Struct, frozen=True, gc=False):
    """A national `base` code and, where a province published it, that `publisher`'s agency id."""

    base: str
    publisher: str | None


@lru_cache(maxsize=4096)
def _day_of(six_digits: str) -> date:
    year, month, day = six_digits[:2], six_digits[2:4], six_digits[4:]
    return date(2000 + int(year), int(month), int(day))


def parse_dossier_code(text: str) -> DossierCode:
    """Read a dossier code, in either order of the agency id.

    >>> parse_dossier_code("H56.14-240823-0001").day
    datetime.date(2024, 8, 23)

    Raises:
        Invalid: another form, or a day that does not exist (31 April).
    """
    match = _DOSSIER.fullmatch(text)
    if match is None:
        raise Invalid("dossier", "agency-yyMMdd-number", text)
    agency, six_digits, number = match.groups()
    try:
        day = _day_of(six_digits)
    except ValueError as error:
        raise Invalid("dossier", "a code with an existing day", text) from error
    return DossierCode(agency, day, int(number), text)


def check_dossier_code(text: str) -> None:
    """Raise what `parse_dossier_code` would raise, without building the parts."""
    match = _DOSSIER.fullmatch(text)
    if match is None:
        raise Invalid("dossier", "agency-yyMMdd-number", text)
    try:
        _day_of(match[2])
    except ValueError as error:
        raise Invalid("dossier", "a code with an existing day", text) from error


def parse_procedure_code(text: str) -> ProcedureCode:
    """Read a procedure code (mã TTHC), national or with its publishing province.

    >>> parse_procedure_code("1.000894.000.00.00.H56")
    ProcedureCode(base='1.000894', publisher='000.00.00.H56')

    Raises:
        Invalid: another form.
    """
    match = _PROCEDURE.fullmatch(text)
    if match is None:
        raise Invalid("procedure", "n.nnnnnn, with or without its publisher", text)
    return ProcedureCode(match[1], match[2])


def is_agency_id(text: str) -> bool:
    """An agency id (mã định danh) in either order, `000.00.31.H16` or `H21.217`."""
    return _AGENCY.fullmatch(text) is not None


def is_result_code(text: str) -> bool:
    """The code of a result document, `KQ.G15.000031`."""
    return _RESULT.fullmatch(text) is not None


def is_province_code(text: str) -> bool:
    """Two digits, `68` for Lâm Đồng."""
    return _PROVINCE.fullmatch(text) is not None


def is_district_code(text: str) -> bool:
    """Three digits, in use until 30/06/2025: `666` for Đắk R'Lấp."""
    return _DISTRICT.fullmatch(text) is not None


def is_commune_code(text: str) -> bool:
    """Five digits, `24733` for Kiến Đức."""
    return _COMMUNE.fullmatch(text) is not None
