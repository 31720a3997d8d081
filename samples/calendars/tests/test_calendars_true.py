"""The calendar of the public sector: exact days, and what deadlines make of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest
from motcua_cli.registry.files import read_registry
from motcua_kernel.calendar import Calendar
from motcua_kernel.clock import Ledger, Limit, LimitUnit, due
from motcua_kernel.instant import Instant, at_local
from motcua_kernel.registry import Registry
from motcua_platform.registry_codec import entry_from_proto

FOLDER = Path(__file__).parents[1] / "vietnam-2020-2026"
SWAP = FOLDER / "2026-01-swap.yaml"


def days(year: int, *spans: str) -> list[date]:
    """`1/1` is a day, `23/1-29/1` all weekdays from one to the other."""
    found: list[date] = []
    for span in spans:
        first, _, last = span.partition("-")
        day, end = (_day(year, text) for text in (first, last or first))
        while day <= end:
            if first == span or day.weekday() < 5:
                found.append(day)
            day += timedelta(days=1)
    return found


def _day(year: int, text: str) -> date:
    day, month = text.split("/")
    return date(year, int(month), int(day))


OFF = {
    2020: days(2020, "1/1", "23/1-29/1", "2/4", "30/4", "1/5", "2/9"),
    2021: days(2021, "1/1", "10/2-16/2", "21/4", "30/4", "3/5", "2/9", "3/9"),
    2022: days(2022, "3/1", "31/1-4/2", "11/4", "2/5", "3/5", "1/9", "2/9"),
    2023: days(2023, "2/1", "20/1-26/1", "1/5", "2/5", "3/5", "1/9", "4/9"),
    2024: days(2024, "1/1", "8/2-14/2", "18/4", "29/4", "30/4", "1/5", "2/9", "3/9"),
    2025: days(2025, "1/1", "27/1-31/1", "7/4", "30/4", "1/5", "2/5", "1/9", "2/9"),
    2026: days(
        2026, "1/1", "2/1", "16/2-20/2", "27/4", "30/4", "1/5", "31/8", "1/9", "2/9", "24/11"
    ),
    2027: days(2027, "1/1", "4/2-10/2", "16/4", "30/4", "3/5", "2/9", "3/9", "24/11"),
}
MAKE_UP = {
    2024: days(2024, "4/5"),
    2025: days(2025, "26/4"),
    2026: days(2026, "10/1", "22/8"),
}


def calendar(files: Iterable[Path]) -> Calendar:
    entries = enumerate(entry_from_proto(one.entry) for one in read_registry(files))
    found = Registry().with_entries(entries).calendar("")
    assert found is not None
    return found


FILES = sorted(FOLDER.glob("*.yaml"))
TRUE = calendar(FILES)
BEFORE_THE_SWAP = calendar(file for file in FILES if file != SWAP)


@pytest.mark.parametrize("year", range(2020, 2028))
def test_a_year_has_exactly_the_days_off_and_make_up_saturdays_of_the_table(year: int) -> None:
    whole = [date(year, 1, 1) + timedelta(days=number) for number in range(366)]
    in_year = [day for day in whole if day.year == year]
    off = [day for day in in_year if day.weekday() < 5 and not TRUE.is_working_day(day)]
    weekends = [day for day in in_year if day.weekday() >= 5 and TRUE.is_working_day(day)]
    assert off == OFF[year]
    assert weekends == MAKE_UP.get(year, [])


def test_every_day_names_its_decree_or_announcement() -> None:
    entries = [one.entry.calendar_day for one in read_registry([FOLDER])]
    listed = [entry for entry in entries if entry.day]
    assert len(listed) == sum(map(len, (*OFF.values(), *MAKE_UP.values())))
    assert all(entry.reference for entry in listed)
    estimates = [entry.day for entry in listed if "dự kiến" in entry.reference]
    assert estimates == [str(day) for day in OFF[2027]]


def working_days_after(count: int, day: date, hours: Calendar) -> Instant:
    limit = Limit(LimitUnit.WORKING_DAYS, count * 480)
    ending = due(Ledger(limit, at_local(day, 10 * 60)), hours)
    assert ending is not None
    return ending.moment


@pytest.mark.parametrize(
    ("received", "count", "expected"),
    [
        (date(2026, 4, 24), 3, date(2026, 5, 4)),  # Hùng Kings, 30/4 and 1/5 between
        (date(2026, 8, 21), 1, date(2026, 8, 22)),  # a make-up Saturday
        (date(2026, 11, 23), 1, date(2026, 11, 25)),  # Vietnam Culture Day
        (date(2024, 5, 3), 1, date(2024, 5, 4)),
        (date(2025, 4, 25), 1, date(2025, 4, 26)),
    ],
)
def test_due_dates_step_over_days_off_and_use_make_up_days(
    received: date, count: int, expected: date
) -> None:
    assert working_days_after(count, received, TRUE) == at_local(expected, 10 * 60)


@pytest.mark.parametrize(
    ("hours", "one", "six"),
    [
        (BEFORE_THE_SWAP, date(2026, 1, 2), date(2026, 1, 9)),
        (TRUE, date(2026, 1, 5), date(2026, 1, 10)),
    ],
)
def test_the_swap_of_january_2026_moves_open_due_dates(
    hours: Calendar, one: date, six: date
) -> None:
    assert working_days_after(1, date(2025, 12, 31), hours) == at_local(one, 10 * 60)
    assert working_days_after(6, date(2025, 12, 31), hours) == at_local(six, 10 * 60)


def test_the_swap_changes_its_two_days_and_no_other() -> None:
    first, last = date(2020, 1, 1), date(2027, 12, 31)
    span = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    changed = [
        day for day in span if TRUE.is_working_day(day) != BEFORE_THE_SWAP.is_working_day(day)
    ]
    assert changed == [date(2026, 1, 2), date(2026, 1, 10)]
