"""Days off and make-up Saturdays of the public sector, 2020-2026, as announced year by year."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from motcua_kernel.calendar import (
    OFFICE_WEEK,
    Calendar,
    DayKind,
    Layer,
    Override,
    Week,
    build_calendar,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

SATURDAY = 5
FIRST, LAST = date(2020, 1, 1), date(2026, 12, 31)

DAYS_OFF: dict[int, str] = {
    2020: "1/1 23/1-29/1 2/4 30/4 1/5 2/9",
    2021: "1/1 10/2-16/2 21/4 30/4 3/5 2/9 3/9",
    2022: "3/1 31/1-4/2 11/4 2/5 3/5 1/9 2/9",
    2023: "2/1 20/1-26/1 1/5-3/5 1/9 4/9",
    2024: "1/1 8/2-14/2 18/4 29/4-1/5 2/9 3/9",
    2025: "1/1 27/1-31/1 7/4 30/4-2/5 1/9 2/9",
    2026: "1/1 2/1 16/2-20/2 27/4 30/4 1/5 31/8 1/9 2/9 24/11",
}
MAKE_UP_SATURDAYS = (date(2024, 5, 4), date(2025, 4, 26), date(2026, 1, 10), date(2026, 8, 22))


def days_off(year: int) -> Iterator[date]:
    """The weekdays off; a stretch such as Tết may have a weekend inside."""
    for entry in DAYS_OFF[year].split():
        first, _, last = entry.partition("-")
        day, end = _date(year, first), _date(year, last or first)
        while day <= end:
            if day.weekday() < SATURDAY:
                yield day
            day += timedelta(days=1)


def _date(year: int, text: str) -> date:
    day, month = text.split("/")
    return date(year, int(month), int(day))


def overrides() -> list[Override]:
    closed = [(day, DayKind.CLOSED) for year in DAYS_OFF for day in days_off(year)]
    made_up = [(day, DayKind.WORKING) for day in MAKE_UP_SATURDAYS]
    return [
        Override(day, kind, (), "Labour Code art. 112", offset, Layer.NATIONAL)
        for offset, (day, kind) in enumerate(closed + made_up)
    ]


def national_calendar(week: Week = OFFICE_WEEK, *more: Override) -> Calendar:
    return build_calendar(week, [*overrides(), *more], FIRST, LAST)
