"""The days of a unit's calendar that a scrape compares with: computed once a unit and day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from motcua_kernel.calendar import BeyondCalendar, Calendar, Measure
from motcua_kernel.days import FULL_DAY
from motcua_kernel.instant import Instant, day_number, midnight
from motcua_kernel.verdict import due_soon_until

AHEAD_DAYS: Final = (1, 3, 5, 10)
"""Working days ahead for which the wave of due dates is shown."""
BEHIND_DAYS: Final = (5,)
"""Working days back within which an open dossier is newly overdue: a working week."""


@dataclass(frozen=True, slots=True)
class DayMarks:
    """Today, the last due day that is "due soon", and the days that stretches reach to.

    `ahead` has the last days of `AHEAD_DAYS`, `behind` the first ones of `BEHIND_DAYS`. Where the
    calendar does not answer, `soon_until` is today, and the stretches on that side are empty.
    """

    today: int
    soon_until: int
    ahead: tuple[int, ...]
    behind: tuple[int, ...] = ()


def day_marks(calendar: Calendar | None, now: Instant) -> DayMarks:
    """The marks of a calendar on the day of `now`."""
    today = day_number(now)
    if calendar is None:
        return DayMarks(today, today, ())
    try:
        soon_until = due_soon_until(calendar, now)
        ahead: list[int] = []
        day = today
        for step in range(1, max(AHEAD_DAYS) + 1):
            day = calendar.next_working_day(day)
            if step in AHEAD_DAYS:
                ahead.append(day)
    except BeyondCalendar:
        return DayMarks(today, today, ())
    return DayMarks(today, soon_until, tuple(ahead), _behind(calendar, today))


def _behind(calendar: Calendar, today: int) -> tuple[int, ...]:
    days: list[int] = []
    day, step = today, 0
    try:
        while step < max(BEHIND_DAYS):
            day -= 1
            step += calendar.is_working_day(day)
            if step in BEHIND_DAYS and calendar.is_working_day(day):
                days.append(day)
    except BeyondCalendar:
        return ()
    return tuple(days)


def working_days_since(calendar: Calendar, due_day: int, today: int) -> float | None:
    """Working days after `due_day` up to and including `today`; half days count a half.

    None where the calendar does not answer.
    """
    try:
        start = calendar.position(midnight(due_day + 1), Measure.DAYS)
        end = calendar.position(midnight(today + 1), Measure.DAYS)
    except BeyondCalendar:
        return None
    return (end - start) / FULL_DAY


def is_working_time(calendar: Calendar | None, now: Instant) -> bool:
    """Whether a unit works at the moment; no calendar, no working time."""
    if calendar is None:
        return False
    try:
        return calendar.is_working(now)
    except BeyondCalendar:
        return False
