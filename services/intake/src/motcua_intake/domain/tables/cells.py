"""What is in a cell: words compared as people read them, dates as Vietnamese systems write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from motcua_kernel.admission_rules import Rejected
from motcua_kernel.instant import Instant, at_local

MAX_CELL: Final = 4_096
_SPACES: Final = re.compile(r"\s+")
_DAY_FIRST: Final = re.compile(
    r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T,]+(\d{1,2})[:hH](\d{2})?(?::(\d{2}))?)?"
)
_YEAR_FIRST: Final = re.compile(
    r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?"
)
_DIGITS: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?")
_SERIAL: Final = re.compile(r"\d{5}(?:\.\d+)?")
_EXCEL_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - local wall time
_FIRST_YEAR: Final = 1990
"""Before it a date is a system's way to say that there is none (0001, 1900, 1970)."""


def text_of(cell: str) -> str:
    r"""The text of a cell: composed letters, plain spaces, no mark of a spreadsheet before it.

    >>> text_of(" '000.00.31\u00a0 ")
    '000.00.31'
    """
    text = unicodedata.normalize("NFC", cell)
    return _SPACES.sub(" ", text).strip().removeprefix("'")


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """A text for comparison: no letter case, no accents, no punctuation.

    >>> folded("Ngày  TIẾP nhận:") == folded("ngay tiep nhan")
    True
    """
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    kept = "".join(letter if letter.isalnum() else " " for letter in plain if _is_kept(letter))
    return _SPACES.sub(" ", kept).strip()


def _is_kept(letter: str) -> bool:
    return not unicodedata.combining(letter)


@lru_cache(maxsize=65_536)
def moment_of(field: str, text: str, minute: int) -> Instant | None:
    """The moment in a cell; where it has a date only, `minute` of that day. None for an empty one.

    `dd/MM/yyyy` with or without a time, ISO, `yyyyMMddHHmmss`, or a spreadsheet's serial number;
    local time.

    Raises:
        Rejected: it is no date, a day that never was, or a default for "none".
    """
    if not text:
        return None
    parts = _parts_of(text)
    if parts is None:
        raise Rejected(field, "date")
    (year, month, day), clock = parts
    try:
        found = date(year, month, day)
        if clock is None:
            return _not_a_default(field, at_local(found, minute), year)
        moment = datetime(year, month, day, *clock)  # noqa: DTZ001 - local wall time
    except ValueError as error:
        raise Rejected(field, "date") from error
    return _not_a_default(
        field,
        Instant(at_local(found, moment.hour * 60 + moment.minute) + moment.second * 1000),
        year,
    )


def _not_a_default(field: str, moment: Instant, year: int) -> Instant:
    if year < _FIRST_YEAR:
        raise Rejected(field, "default-date")
    return moment


_Clock = tuple[int, int, int]
_Day = tuple[int, int, int]


def _parts_of(text: str) -> tuple[_Day, _Clock | None] | None:
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year = map(int, match.groups()[:3])
        return (year, month, day), _clock_of(match.groups()[3:])
    for form in (_YEAR_FIRST, _DIGITS):
        if match := form.fullmatch(text):
            year, month, day = map(int, match.groups()[:3])
            return (year, month, day), _clock_of(match.groups()[3:])
    if _SERIAL.fullmatch(text):
        moment = _EXCEL_EPOCH + timedelta(seconds=round(float(text) * 86_400))
        day_only = "." not in text
        clock = None if day_only else (moment.hour, moment.minute, moment.second)
        return (moment.year, moment.month, moment.day), clock
    return None


def _clock_of(groups: tuple[str | None, ...]) -> _Clock | None:
    hour, minute, second = groups
    return None if hour is None else (int(hour), int(minute or 0), int(second or 0))
