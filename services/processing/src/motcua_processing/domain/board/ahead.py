"""Deadlines ahead (hạn trả kết quả sắp tới): how many dossiers fall due on each coming day."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from motcua_kernel.calendar import Calendar
from motcua_kernel.errors import BeyondCalendar

WORKING_DAYS: Final = 10


class DueDay(NamedTuple):
    """A working day, and how many dossiers fall due on it (or on days off just before it)."""

    day: int
    dossiers: int


def coming_days(calendar: Calendar, today: int) -> list[int]:
    """Today and the ten working days after it; fewer where the calendar ends."""
    days = [today]
    try:
        while len(days) <= WORKING_DAYS:
            days.append(calendar.next_working_day(days[-1]))
    except BeyondCalendar:
        pass
    return days


def deadlines_ahead(days: Sequence[int], due_days: Iterable[int]) -> list[DueDay]:
    """The coming days with their dossiers; what is due later is left out.

    >>> deadlines_ahead([1, 2, 5], [1, 3, 5, 5, 6])
    [DueDay(day=1, dossiers=1), DueDay(day=2, dossiers=0), DueDay(day=5, dossiers=3)]
    """
    counts = Counter(bisect_left(days, due) for due in due_days)
    return [DueDay(day, counts[place]) for place, day in enumerate(days)]


def working_days_between(calendar: Calendar, first: int, last: int) -> int:
    """Working days after `first` up to and with `last`; 0 where the calendar does not reach."""
    try:
        return sum(calendar.is_working_day(day) for day in range(first + 1, last + 1))
    except BeyondCalendar:
        return 0
