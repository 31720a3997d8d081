"""Early, on time, overdue: one definition each (law L6), derived at the moment of asking (law L3).

Limits in days compare local dates: early before the due date, on time on it, overdue after it, so
an open dossier turns overdue when its due date has ended. Limits in hours compare moments. Without
a due date the verdict is *no deadline*, never "on time". Source: design section 4; Circular
01/2020/TT-VPCP, form 06.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum

from motcua_kernel.calendar import Calendar
from motcua_kernel.clock import Due
from motcua_kernel.instant import Instant, day_number


class Outcome(Enum):
    """The verdict on a resolved dossier."""

    EARLY = "early"
    ON_TIME = "on_time"
    OVERDUE = "overdue"
    NO_DEADLINE = "no_deadline"


class Timing(Enum):
    """The verdict on a dossier in progress."""

    WITHIN = "within"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    PAUSED = "paused"
    NO_DEADLINE = "no_deadline"


OUTCOME_NAMES: dict[Outcome, str] = {
    Outcome.EARLY: "Trước hạn",
    Outcome.ON_TIME: "Đúng hạn",
    Outcome.OVERDUE: "Quá hạn",
    Outcome.NO_DEADLINE: "Không có hạn",
}
TIMING_NAMES: dict[Timing, str] = {
    Timing.WITHIN: "Trong hạn",
    Timing.DUE_SOON: "Sắp đến hạn",
    Timing.OVERDUE: "Quá hạn",
    Timing.PAUSED: "Tạm dừng",
    Timing.NO_DEADLINE: "Không có hạn",
}


def outcome(due: Due | None, resolved_at: Instant) -> Outcome:
    """The verdict on a dossier resolved at a moment.

    A limit in hours knows no calendar day to be exactly on: before or at the moment but on an
    earlier day is early, on the same day on time.
    """
    if due is None:
        return Outcome.NO_DEADLINE
    day = day_number(resolved_at)
    late = day > due.day if due.by_day else resolved_at > due.moment
    if late:
        return Outcome.OVERDUE
    return Outcome.EARLY if day < due.day else Outcome.ON_TIME


def is_overdue(due: Due, now: Instant) -> bool:
    """Whether an open dossier with this due date is overdue at a moment."""
    return day_number(now) > due.day if due.by_day else now > due.moment


def is_resting(rests: tuple[int, ...], day: int) -> bool:
    """Whether a clock stands by itself on a day, by pairs of first and last days (ordinals).

    >>> is_resting((5, 7, 9, 9), 8), is_resting((5, 7, 9, 9), 9)
    (False, True)
    """
    return any(rests[place] <= day <= rests[place + 1] for place in range(0, len(rests), 2))


def due_soon_until(calendar: Calendar, now: Instant) -> int:
    """The last due day (ordinal) that counts as due soon: the next working day after today."""
    return calendar.next_working_day(day_number(now))


def timing(
    due: Due | None, *, paused: bool, now: Instant, soon_until: int, rests: tuple[int, ...] = ()
) -> Timing:
    """The verdict on a dossier in progress; `soon_until` is `due_soon_until` of its calendar.

    `rests` are first and last days (ordinals), in pairs, on which the clock stands by itself.
    Before a suspension without an end there may be no due date yet: that is within.
    """
    if paused or (rests and is_resting(rests, day_number(now))):
        return Timing.PAUSED
    if due is None:
        return Timing.WITHIN if rests else Timing.NO_DEADLINE
    if is_overdue(due, now):
        return Timing.OVERDUE
    return Timing.DUE_SOON if due.day <= soon_until else Timing.WITHIN


def on_time_percent(in_time: int, resolved: int) -> Decimal | None:
    """(early + on time) / resolved in percent, two decimals, half up; None for no dossiers.

    >>> on_time_percent(10_845, 10_870)
    Decimal('99.77')
    >>> on_time_percent(0, 0) is None
    True
    """
    if resolved == 0:
        return None
    return (Decimal(100 * in_time) / Decimal(resolved)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def index766_share(
    resolved: Mapping[Outcome, int], withdrawn: int, in_progress: Mapping[Timing, int]
) -> tuple[int, int]:
    """What the Decision 766 view counts as in time, and what it counts at all.

    In time: resolved early or on time, withdrawn, in progress and not overdue, the paused ones
    among them. Beside these: resolved overdue, and in progress overdue. Dossiers without a
    deadline are on neither side. Source: Decision 766/QĐ-TTg as provinces' software computes it;
    the official text of the formula was not read.

    >>> index766_share({Outcome.EARLY: 6, Outcome.OVERDUE: 1}, 1, {Timing.PAUSED: 2})
    (9, 10)
    """
    in_time = resolved.get(Outcome.EARLY, 0) + resolved.get(Outcome.ON_TIME, 0) + withdrawn
    in_time += sum(in_progress.get(one, 0) for one in _NOT_OVERDUE)
    overdue = resolved.get(Outcome.OVERDUE, 0) + in_progress.get(Timing.OVERDUE, 0)
    return in_time, in_time + overdue


_NOT_OVERDUE = (Timing.WITHIN, Timing.DUE_SOON, Timing.PAUSED)
