"""The working days of 2020 and the hours 07:30-11:30 and 13:30-17:30.

A *position* counts working milliseconds since the opening of the first working day of 2020, so
that the generator can draw working moments without ever meeting a night or a day off.
"""

from __future__ import annotations

from datetime import date, timedelta

from motcua_sample_dak_rlap.catalogue import calendar_days
from motcua_sample_dak_rlap.instants import HOUR, MINUTE, midnight

WINDOWS = ((450, 690), (810, 1050))
"""The working hours, in minutes of the local day."""

WORKDAY = 8 * HOUR
_SATURDAY = 5
_MORNING = 4 * HOUR


def is_working_day(day: date) -> bool:
    """Whether the offices work on a day."""
    entry = calendar_days().get(day.isoformat())
    return day.weekday() < _SATURDAY if entry is None else entry


def next_working_day(day: date) -> date:
    """The first working day after a day."""
    day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    days = [first + timedelta(days=number) for number in range(366)]
    return [day for day in days if day.year == year and is_working_day(day)]


WORKING_DAYS = _days_of(2020)
DAY_NUMBERS = {day: number for number, day in enumerate(WORKING_DAYS)}
LAST_DAY = date(2020, 10, 30)
LAST = DAY_NUMBERS[LAST_DAY]
"""The number of the last working day that the sample tells about."""

END = midnight(LAST_DAY) + 17 * HOUR
"""30/10/2020 17:00: nothing occurs and nothing is delivered later."""

LAST_POSITION = LAST * WORKDAY + 440 * MINUTE
"""16:50 on the last day, the last moment at which an office does something."""


def moment(position: int) -> int:
    """The instant of a position."""
    number, worked = divmod(position, WORKDAY)
    lunch = 2 * HOUR if worked >= _MORNING else 0
    return midnight(WORKING_DAYS[number]) + WINDOWS[0][0] * MINUTE + worked + lunch
