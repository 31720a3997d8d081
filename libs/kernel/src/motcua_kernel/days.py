"""What a calendar is made of: working windows, the weekly pattern, and single days set apart.

Working days: Labour Code 2019 arts. 111 (weekly rest, compensation) and 112 (public holidays).
The Prime Minister may swap a weekday for a Saturday (làm bù), so a day is overridden both ways.
"""

from __future__ import annotations

from enum import IntEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import msgspec

from motcua_kernel.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

FULL_DAY: Final = 28_800_000
"""The weight of a working day: 8 working hours (1 working day = 8 working hours), in ms."""
HALF_DAY: Final = FULL_DAY // 2

_MINUTES_IN_A_DAY: Final = 1440
_DAYS_IN_A_WEEK: Final = 7


class Window(msgspec.Struct, frozen=True, gc=False):
    """A stretch of working time within a local day, [start, end), in minutes after midnight."""

    start_minute: int
    end_minute: int


Windows = tuple[Window, ...]
Week = tuple[Windows, Windows, Windows, Windows, Windows, Windows, Windows]

OFFICE_HOURS: Final[Windows] = (
    Window(7 * 60 + 30, 11 * 60 + 30),
    Window(13 * 60 + 30, 17 * 60 + 30),
)
"""07:30-11:30 and 13:30-17:30, the usual eight hours; a unit may set its own."""
OFFICE_WEEK: Final[Week] = (
    OFFICE_HOURS,
    OFFICE_HOURS,
    OFFICE_HOURS,
    OFFICE_HOURS,
    OFFICE_HOURS,
    (),
    (),
)
"""Monday to Friday at office hours."""


class DayKind(IntEnum):
    """What an override makes of its day."""

    CLOSED = 0
    WORKING = 1
    HALF = 2


class Layer(IntEnum):
    """Who set the day; the more specific layer wins."""

    NATIONAL = 0
    PROVINCE = 1
    COMMUNE = 2
    UNIT = 3


class Override(msgspec.Struct, frozen=True, gc=False):
    """One day set apart from the weekly pattern.

    Without `windows` a working day keeps the unit's usual hours (those of the weekday, else of
    the first working day of the week) and a half day keeps its first window. `reference` is the
    decree or announcement, `offset` the registry offset of the entry.
    """

    day: date
    kind: DayKind
    windows: Windows
    reference: str
    offset: int
    layer: Layer


class Day(msgspec.Struct, frozen=True, gc=False):
    """A day as compiled; `weight` is FULL_DAY, HALF_DAY or 0, `reference` "" if by the week."""

    windows: Windows
    weight: int
    reference: str


CLOSED_DAY: Final = Day((), 0, "")


def check_windows(field: str, windows: Windows) -> None:
    """Refuse windows that are empty, overlap, run backwards or leave the day.

    Raises:
        Invalid: naming `field`.
    """
    for window in windows:
        if not 0 <= window.start_minute < window.end_minute <= _MINUTES_IN_A_DAY:
            raise Invalid(field, "windows with a start before an end, within the day", str(window))
    for earlier, later in pairwise(windows):
        if later.start_minute < earlier.end_minute:
            raise Invalid(field, "windows in order and without overlap", f"{earlier}, {later}")


def ordinary_days(week: Week) -> tuple[Day, ...]:
    """The seven days of the weekly pattern, Monday first.

    Raises:
        Invalid: not seven days, or windows that `check_windows` refuses.
    """
    if len(week) != _DAYS_IN_A_WEEK:
        raise Invalid("week", "seven days", str(len(week)))
    for windows in week:
        check_windows("week", windows)
    return tuple(Day(windows, FULL_DAY, "") if windows else CLOSED_DAY for windows in week)


def special_day(override: Override, ordinary: Sequence[Day]) -> Day:
    """The day that an override makes, given the seven ordinary days.

    Raises:
        Invalid: windows on a closed day, or none to be found for a working one.
    """
    field = f"day {override.day}"
    check_windows(field, override.windows)
    if override.kind is DayKind.CLOSED:
        if override.windows:
            raise Invalid(field, "no windows on a closed day", str(override.windows))
        return Day((), 0, override.reference)
    windows = override.windows or _usual_windows(override, ordinary)
    if not windows:
        raise Invalid(field, "windows, as the week gives none to take over", "")
    weight = FULL_DAY if override.kind is DayKind.WORKING else HALF_DAY
    return Day(windows, weight, override.reference)


def _usual_windows(override: Override, ordinary: Sequence[Day]) -> Windows:
    weekday = ordinary[override.day.weekday()]
    usual = weekday.windows or next((day.windows for day in ordinary if day.windows), ())
    if override.kind is DayKind.WORKING:
        return usual
    return usual[:1] if len(usual) > 1 else ()


def in_force(overrides: Sequence[Override]) -> dict[int, Override]:
    """The override that holds on each day number: the most specific layer, then the latest."""
    chosen: dict[int, Override] = {}
    for override in overrides:
        number = override.day.toordinal()
        rival = chosen.get(number)
        if rival is None or (override.layer, override.offset) >= (rival.layer, rival.offset):
            chosen[number] = override
    return chosen
