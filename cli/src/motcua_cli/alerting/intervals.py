"""A working calendar (lịch làm việc) in the words of Alertmanager's time intervals.

Alertmanager knows hours of weekdays and hours of dates, and adds up what a list holds. So the week
is said by weekdays; a day that differs from it is said twice: its own hours are open, all others of
that date are shut. A route that is active in the first and muted in the second follows the calendar
day by day, swapped days (hoán đổi, làm bù) and half days included.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final, TypeAlias

from motcua_kernel.calendar import Calendar, Week, Window, Windows

Interval: TypeAlias = dict[str, object]

LOCATION: Final = "Asia/Ho_Chi_Minh"
_WEEKDAYS: Final = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
_MINUTES_IN_A_DAY: Final = 1440


@dataclass(frozen=True)
class WorkingTime:
    """When people work: in `opened`, and not in `shut`."""

    opened: tuple[Interval, ...]
    shut: tuple[Interval, ...]


def working_time(calendar: Calendar, week: Week, first: date, last: date) -> WorkingTime:
    """The working time of the days from `first` to `last`; beyond them the week alone is said."""
    special = list(_special_days(calendar, week, first, last))
    opened = [*_weekly(week), *_dated(special)]
    shut = _dated((day, _rest_of_day(windows)) for day, windows in special)
    return WorkingTime(tuple(opened), tuple(shut))


def _special_days(
    calendar: Calendar, week: Week, first: date, last: date
) -> Iterator[tuple[date, Windows]]:
    begin = max(first, calendar.first).toordinal()
    for number in range(begin, min(last, calendar.horizon).toordinal() + 1):
        day = date.fromordinal(number)
        windows = calendar.day(number).windows
        if windows != week[day.weekday()]:
            yield day, windows


def _weekly(week: Week) -> Iterator[Interval]:
    """Neighbouring weekdays of equal hours together."""
    for windows, days in groupby(range(len(week)), key=lambda day: week[day]):
        if windows:
            names = [_WEEKDAYS[day] for day in days]
            yield {"weekdays": [_span(names[0], names[-1])], **_hours(windows)}


def _dated(days: Iterable[tuple[date, Windows]]) -> list[Interval]:
    """Days of one month and of equal hours together; those without any are left out."""
    found: list[Interval] = []
    by_month = groupby(days, key=lambda one: (one[0].year, one[0].month, one[1]))
    for (year, month, windows), ones in by_month:
        if windows:
            found.append(
                {
                    **_hours(windows),
                    "days_of_month": list(_ranges([day.day for day, _ in ones])),
                    "months": [str(month)],
                    "years": [str(year)],
                }
            )
    return found


def _ranges(days: Sequence[int]) -> Iterator[str]:
    """Days of a month, runs of them as first:last.

    >>> list(_ranges([1, 16, 17, 18]))
    ['1', '16:18']
    """
    for _, run in groupby(enumerate(days), key=lambda one: one[1] - one[0]):
        numbers = [day for _, day in run]
        yield _span(str(numbers[0]), str(numbers[-1]))


def _rest_of_day(windows: Windows) -> Windows:
    edges = [0, *(edge for one in windows for edge in (one.start_minute, one.end_minute))]
    pairs = zip(edges[::2], [*edges[1::2], _MINUTES_IN_A_DAY], strict=True)
    return tuple(Window(start, end) for start, end in pairs if start < end)


def _hours(windows: Windows) -> Interval:
    times = [
        {"start_time": _time(w.start_minute), "end_time": _time(w.end_minute)} for w in windows
    ]
    return {"times": times, "location": LOCATION}


def _time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first}:{last}"
