"""What one entry says by itself: days that exist, windows in order, seven days in a week."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Final, NamedTuple

from motcua.registry.v1 import registry_pb2 as pb

_DATES: Final = frozenset({"valid_from", "valid_until", "day", "first_day", "last_day"})
_NEEDED: Final = {
    "procedure": ("valid_from",),
    "calendar_day": ("day",),
    "working_week": ("first_day", "last_day"),
}
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MINUTES_IN_A_DAY: Final = 1440
_DAYS_IN_A_WEEK: Final = 7


class ValueFault(NamedTuple):
    """A fault and the path of its member in the entry."""

    path: tuple[str | int, ...]
    rule: str
    vietnamese: str
    english: str


def day_of(text: str) -> date | None:
    """The day of an ISO date; None where there is no such day.

    >>> day_of("2024-02-29")
    datetime.date(2024, 2, 29)
    >>> day_of("2025-02-29")
    """
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def value_faults(entry: pb.RegistryEntry) -> Iterator[ValueFault]:
    """The faults that an entry has by itself."""
    kind = entry.WhichOneof("entry")
    if kind is None:
        return
    yield from _date_faults(kind, getattr(entry, kind))
    match kind:
        case "working_week":
            yield from _week_faults(entry.working_week)
        case "calendar_day":
            yield from _day_faults(entry.calendar_day)
        case _:
            return


def _date_faults(kind: str, message: Any) -> Iterator[ValueFault]:
    for name in _NEEDED.get(kind, ()):
        if not getattr(message, name):
            yield ValueFault((kind,), "date.missing", f"thiếu {kind}.{name}", f"{name} is missing")
    for member, text in message.ListFields():
        if member.name not in _DATES or day_of(text) is not None:
            continue
        field = f"{kind}.{member.name}"
        match = _ISO.fullmatch(text)
        if match is None:
            told = f"{field}: {text!r} không có dạng năm-tháng-ngày"
            yield ValueFault((kind, member.name), "date.form", told, f"{text!r} is no yyyy-mm-dd")
            continue
        year, month, day = match.groups()
        yield ValueFault(
            (kind, member.name),
            "date.exists",
            f"{field}: không có ngày {day}/{month}/{year}",
            f"there is no day {text}",
        )


def _week_faults(week: pb.WorkingWeek) -> Iterator[ValueFault]:
    if len(week.days) != _DAYS_IN_A_WEEK:
        count = len(week.days)
        yield ValueFault(
            ("working_week", "days"),
            "calendar.week",
            f"tuần làm việc phải có bảy ngày, không phải {count}",
            f"a week has seven days, not {count}",
        )
    for number, day in enumerate(week.days):
        yield from _window_faults(("working_week", "days", number, "windows"), day.windows)
    first, last = day_of(week.first_day), day_of(week.last_day)
    if first and last and last < first:
        yield ValueFault(
            ("working_week", "last_day"),
            "calendar.range",
            f"ngày cuối {week.last_day} trước ngày đầu {week.first_day}",
            "the last day lies before the first",
        )


def _day_faults(day: pb.CalendarDay) -> Iterator[ValueFault]:
    path = ("calendar_day", "windows")
    if day.kind == pb.DAY_KIND_CLOSED and day.windows:
        yield ValueFault(
            path, "calendar.windows", "ngày nghỉ không có giờ làm", "a closed day has no windows"
        )
    yield from _window_faults(path, day.windows)
    if day.layer == pb.CALENDAR_LAYER_UNSPECIFIED:
        yield ValueFault(
            ("calendar_day", "layer"),
            "calendar.layer",
            "thiếu calendar_day.layer",
            "the layer is missing",
        )


def _window_faults(
    path: tuple[str | int, ...], windows: Sequence[pb.Window]
) -> Iterator[ValueFault]:
    rule = "calendar.windows"
    for number, one in enumerate(windows):
        if not one.start_minute < one.end_minute <= _MINUTES_IN_A_DAY:
            yield ValueFault(
                (*path, number),
                rule,
                f"khung giờ {_hours(one)} rỗng, ngược hoặc vượt quá ngày",
                "a window is empty, runs backwards or leaves the day",
            )
    for number, (earlier, later) in enumerate(pairwise(windows), start=1):
        if later.start_minute < earlier.end_minute:
            yield ValueFault(
                (*path, number),
                rule,
                f"khung giờ {_hours(later)} chồng lên hoặc đứng trước {_hours(earlier)}",
                "windows overlap or are out of order",
            )


def _hours(window: pb.Window) -> str:
    minutes = (window.start_minute, window.end_minute)
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in minutes)
