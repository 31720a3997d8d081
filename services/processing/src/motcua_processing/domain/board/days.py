"""The days of a dossier as a picture: what became of each, and a calendar of weeks to put them in.

The days and their reasons are those of `motcua_kernel.explain`; nothing is judged anew here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from itertools import groupby
from typing import Final, NamedTuple, TypeAlias

from motcua_kernel.explain import Line, Mark
from motcua_kernel.explain_reasons import Reason

WEEK: Final = 7
_FEW_WEEKS: Final = 4
"""So many weeks alike in a row are still drawn one by one."""


class Look(Enum):
    """What a day looks like; the first reason that applies decides."""

    COUNTED = "counted"
    PARTLY = "partly"
    OVER = "over"
    PAUSED = "paused"
    HOLIDAY = "holiday"
    REST = "rest"
    LEFT_OUT = "left_out"
    """A working day that counts nothing: before the clock starts, or wiped by a restart."""


class Flag(Enum):
    """What happened on a day."""

    RECEIVED = "received"
    DUE = "due"
    ENDED = "ended"
    NOW = "now"


_FLAGS: Final[dict[Reason, Flag]] = {
    Reason.RECEIVED: Flag.RECEIVED,
    Reason.DUE_ON_DAY: Flag.DUE,
    Reason.DUE_AT: Flag.DUE,
    Reason.RESOLVED: Flag.ENDED,
    Reason.CLOSED_OTHERWISE: Flag.ENDED,
    Reason.NOW: Flag.NOW,
}
_RESTING: Final = frozenset({Reason.PAUSED, Reason.SUSPENDED, Reason.CONSULTED_RESTING})
_EIGHTHS: Final = 8


class DayPicture(NamedTuple):
    """One day. `eighths` of it count towards the limit or, once that has run out, went over it."""

    day: int
    look: Look
    eighths: int = 0
    flags: tuple[Flag, ...] = ()
    make_up: bool = False
    """A day off by the week that was made a working day (ngày làm bù)."""
    late: bool = False
    """After the due day of a dossier that is not done."""
    ahead: bool = False
    """Still to come."""


class Week(NamedTuple):
    """Monday to Sunday; None before the first and after the last day."""

    monday: int
    days: tuple[DayPicture | None, ...]


class Skipped(NamedTuple):
    """Whole weeks that look alike and are not drawn one by one."""

    monday: int
    weeks: int
    look: Look


CalendarRow: TypeAlias = Week | Skipped


def pictures(lines: Sequence[Line], today: int) -> list[DayPicture]:
    """The days of an explanation; a day with a line for each of two phases is one picture."""
    return [
        _picture(day, list(together), today)
        for day, together in groupby(lines, key=lambda line: line.day)
    ]


def _picture(day: int, lines: Sequence[Line], today: int) -> DayPicture:
    said = [one.reason for line in lines for one in line.reasons]
    flags = {_FLAGS[reason]: None for reason in said if reason in _FLAGS}
    took = sum(line.counted or line.used for line in lines)
    whole = max(line.whole for line in lines)
    return DayPicture(
        day,
        _look(lines, said),
        _of_eight(took, whole),
        tuple(flags),
        make_up=Reason.MAKE_UP in said,
        late=Reason.OVERDUE in said,
        ahead=day > today,
    )


def _look(lines: Sequence[Line], said: Sequence[Reason]) -> Look:
    marks = {line.mark for line in lines}
    if Mark.OVER in marks and not any(line.counted for line in lines):
        return Look.OVER
    if marks == {Mark.COUNTED}:
        return Look.COUNTED
    if any(line.counted for line in lines):
        return Look.PARTLY
    if Reason.CLOSED in said:
        return Look.HOLIDAY
    if Reason.WEEKLY_REST in said:
        return Look.REST
    if not _RESTING.isdisjoint(said):
        return Look.PAUSED
    return Look.LEFT_OUT


def _of_eight(took: int, whole: int) -> int:
    """A share in eighths, rounded, but never nothing of something.

    >>> _of_eight(0, 480), _of_eight(1, 480), _of_eight(240, 480), _of_eight(480, 480)
    (0, 1, 4, 8)
    """
    if not took or not whole:
        return 0
    return min(_EIGHTHS, max(1, round(_EIGHTHS * took / whole)))


def calendar_of(days: Sequence[DayPicture]) -> list[CalendarRow]:
    """The days in weeks, Monday first; long runs of weeks alike are told, not drawn."""
    rows: list[CalendarRow] = []
    for _, run in groupby(_weeks(days), key=_pattern):
        alike = list(run)
        if len(alike) <= _FEW_WEEKS or _pattern(alike[0]) is None:
            rows += alike
            continue
        first, *between, last = alike
        rows += [first, Skipped(between[0].monday, len(between), _main_look(first)), last]
    return rows


def _weeks(days: Sequence[DayPicture]) -> Iterable[Week]:
    for monday, together in groupby(days, key=lambda one: monday_of(one.day)):
        slots: list[DayPicture | None] = [None] * WEEK
        for one in together:
            slots[one.day - monday] = one
        yield Week(monday, tuple(slots))


def monday_of(day: int) -> int:
    """The Monday of a day's week.

    >>> from datetime import date
    >>> date.fromordinal(monday_of(date(2020, 10, 30).toordinal()))
    datetime.date(2020, 10, 26)
    """
    return day - (day - 1) % WEEK


def _pattern(week: Week) -> tuple[object, ...] | None:
    """What makes a week alike to another; None for one with something of its own."""
    days = [one for one in week.days if one is not None]
    if len(days) < WEEK or any(one.flags or one.make_up for one in days):
        return None
    if any(one.look is Look.HOLIDAY for one in days):
        return None
    return tuple((one.look, one.eighths, one.late, one.ahead) for one in days)


def _main_look(week: Week) -> Look:
    monday = week.days[0]
    assert monday is not None  # noqa: S101 - only whole weeks are skipped
    return monday.look


class Note(NamedTuple):
    """A sentence that is true of some days, as runs of first and last days."""

    text: str
    runs: tuple[tuple[int, int], ...]


def notes_of(said: Iterable[tuple[int, str]]) -> list[Note]:
    """Sentences with the days that they were said of, in the order in which they first appear.

    >>> notes_of([(1, "rest"), (2, "rest"), (4, "held"), (8, "rest")])
    [Note(text='rest', runs=((1, 2), (8, 8))), Note(text='held', runs=((4, 4),))]
    """
    days: dict[str, list[int]] = {}
    for day, text in said:
        days.setdefault(text, []).append(day)
    return [Note(text, _runs(found)) for text, found in days.items()]


def _runs(days: Iterable[int]) -> tuple[tuple[int, int], ...]:
    runs: list[tuple[int, int]] = []
    for day in days:
        if runs and day <= runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return tuple(runs)
