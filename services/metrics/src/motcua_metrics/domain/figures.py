"""The figures of a department or unit at a moment, from its counts (laws L3, L6).

Every verdict comes from the kernel; here is only counting.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from motcua_kernel.verdict import Outcome, Timing, timing

from motcua_metrics.domain.labels import Definition

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from motcua_kernel.instant import Instant

    from motcua_metrics.domain.aggregates import Monthly
    from motcua_metrics.domain.contribution import Waiting
    from motcua_metrics.domain.day_marks import DayMarks

LabelT = TypeVar("LabelT", bound=Enum)


@dataclass(slots=True)
class OpenFigures:
    """What the open dossiers of a department amount to at a moment."""

    by_timing: dict[Timing, int]
    due_within: dict[int, int]
    oldest_overdue_day: int | None


def open_figures(waiting: Mapping[Waiting, int], marks: DayMarks, now: Instant) -> OpenFigures:
    """Open dossiers by timing, the due dates ahead, and the day of the oldest overdue one.

    `due_within` counts, for each stretch ahead, dossiers that are neither paused nor overdue and
    whose due day is not after the stretch.
    """
    by_timing = dict.fromkeys(Timing, 0)
    due_within = dict.fromkeys(marks.ahead, 0)
    oldest: int | None = None
    for clock, count in waiting.items():
        verdict = timing(clock.due, paused=clock.paused, now=now, soon_until=marks.soon_until)
        by_timing[verdict] += count
        due = clock.due
        if due is None or verdict is Timing.PAUSED:
            continue
        if verdict is Timing.OVERDUE:
            oldest = due.day if oldest is None else min(oldest, due.day)
            continue
        for days, last in marks.ahead.items():
            if due.day <= last:
                due_within[days] += count
    return OpenFigures(by_timing, due_within, oldest)


def in_months(
    counts: Monthly[LabelT], labels: Iterable[LabelT], months: range
) -> dict[LabelT, int]:
    """The counts of each label over the months."""
    return {label: sum(counts.get((label, month), 0) for month in months) for label in labels}


def on_time_ratio(
    definition: Definition, resolved: Mapping[Outcome, int], overdue_backlog: int
) -> float | None:
    """The on-time rate (tỷ lệ giải quyết đúng hạn) as a ratio; None without dossiers.

    form06: (early + on time) / (early + on time + overdue). A dossier without a due date is
    neither on time nor late, so it counts on neither side. backlog: the open overdue dossiers of
    now stand in the denominator too.
    """
    in_time = resolved[Outcome.EARLY] + resolved[Outcome.ON_TIME]
    judged = in_time + resolved[Outcome.OVERDUE]
    if definition is Definition.BACKLOG:
        judged += overdue_backlog
    return in_time / judged if judged else None
