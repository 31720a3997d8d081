"""The figures of a department or unit at a moment, from its counts (laws L3, L6).

Every verdict comes from the kernel; here is only counting.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from motcua_kernel.verdict import Outcome, Timing, index766_share, is_resting, timing

from motcua_metrics.domain.labels import CHANNELS, CLOSURES, OUTCOMES, TIMINGS, Definition
from motcua_metrics.domain.periods import months_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from motcua_kernel.instant import Instant

    from motcua_metrics.domain.aggregates import DepartmentAggregate, Monthly
    from motcua_metrics.domain.clock_counts import ClockCounts
    from motcua_metrics.domain.contribution import StepClock, Waiting
    from motcua_metrics.domain.day_marks import DayMarks
    from motcua_metrics.domain.labels import Period

_TIMING_PLACES = {verdict: place for place, verdict in enumerate(TIMINGS)}
_OVERDUE: Final = _TIMING_PLACES[Timing.OVERDUE]


@dataclass(frozen=True, slots=True)
class OpenFigures:
    """What open dossiers amount to at a moment.

    `by_timing` is in the order of `TIMINGS`. `due_within` has a count for each stretch ahead: of
    dossiers neither paused nor overdue whose due day is not after the stretch. `overdue_within` has
    one for each stretch behind: of overdue dossiers whose due day is not before it. They are empty
    where a calendar does not answer.
    """

    by_timing: list[int]
    due_within: list[int]
    overdue_within: list[int]
    oldest_overdue_day: int | None


class Judge:
    """Verdicts at one moment under one calendar's marks; equal clocks are judged once."""

    __slots__ = ("_known", "_marks", "_now")

    def __init__(self, marks: DayMarks, now: Instant) -> None:
        self._marks = marks
        self._now = now
        self._known: dict[Waiting, tuple[int, int, int]] = {}

    def open_figures(self, waiting: ClockCounts[Waiting]) -> OpenFigures:
        """What these open dossiers amount to."""
        by_timing = [0] * len(TIMINGS)
        due_first_in = [0] * (len(self._marks.ahead) + 1)
        overdue_first_in = [0] * (len(self._marks.behind) + 1)
        oldest: int | None = None
        known = self._known
        for clock, count in waiting.on(self._now):
            judged = known.get(clock)
            if judged is None:
                judged = known[clock] = self._judge(clock)
            verdict, stretch_ahead, stretch_behind = judged
            by_timing[verdict] += count
            due_first_in[stretch_ahead] += count
            overdue_first_in[stretch_behind] += count
            if verdict == _OVERDUE and clock.due is not None:
                oldest = clock.due.day if oldest is None else min(oldest, clock.due.day)
        due_within = list(accumulate(due_first_in[:-1]))
        overdue_within = list(accumulate(overdue_first_in[:-1]))
        return OpenFigures(by_timing, due_within, overdue_within, oldest)

    def add_steps(self, steps: ClockCounts[StepClock], sums: dict[str, list[int]]) -> None:
        """Add these steps to the sums by department, each in the order of `TIMINGS`.

        A step without a budget has no due date even where rests are ahead of its dossier.
        """
        soon_until, now, today = self._marks.soon_until, self._now, self._marks.today
        for step, count in steps.on(now):
            by_timing = sums.get(step.department)
            if by_timing is None:
                by_timing = sums[step.department] = [0] * len(TIMINGS)
            paused = step.paused or is_resting(step.rests, today)
            verdict = timing(step.due, paused=paused, now=now, soon_until=soon_until)
            by_timing[_TIMING_PLACES[verdict]] += count

    def _judge(self, clock: Waiting) -> tuple[int, int, int]:
        """The place of the verdict, and of the first stretches that hold the due day.

        Those are one ahead and one behind; a place past the last one stands for none.
        """
        marks, due = self._marks, clock.due
        verdict = timing(
            due,
            paused=clock.paused,
            now=self._now,
            soon_until=marks.soon_until,
            rests=clock.rests,
        )
        place, ahead, behind = _TIMING_PLACES[verdict], len(marks.ahead), len(marks.behind)
        if due is not None and place == _OVERDUE:
            behind = sum(due.day < first for first in marks.behind)
        elif due is not None and verdict is not Timing.PAUSED:
            ahead = sum(due.day > last for last in marks.ahead)
        return place, ahead, behind


def sum_of_open(parts: Sequence[OpenFigures]) -> OpenFigures:
    """What the open dossiers of several units amount to, each judged by its own calendar."""
    return OpenFigures(
        add_up([part.by_timing for part in parts], len(TIMINGS)),
        [sum(counts) for counts in zip(*(part.due_within for part in parts), strict=False)],
        [sum(counts) for counts in zip(*(part.overdue_within for part in parts), strict=False)],
        min(
            (part.oldest_overdue_day for part in parts if part.oldest_overdue_day is not None),
            default=None,
        ),
    )


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """What was done within a period, in the order of `CHANNELS`, `OUTCOMES` and `CLOSURES`."""

    received: list[int]
    resolved: list[int]
    closed: list[int]


def period_figures(counts: DepartmentAggregate, period: Period, today: int) -> PeriodFigures:
    """What a department did in the calendar period around a day."""
    months = months_of(period, today)
    return PeriodFigures(
        _in_months(counts.received, months, len(CHANNELS)),
        _in_months(counts.resolved, months, len(OUTCOMES)),
        _in_months(counts.closed, months, len(CLOSURES)),
    )


def sum_of_periods(parts: Sequence[PeriodFigures]) -> PeriodFigures:
    """What several departments did together."""
    return PeriodFigures(
        add_up([part.received for part in parts], len(CHANNELS)),
        add_up([part.resolved for part in parts], len(OUTCOMES)),
        add_up([part.closed for part in parts], len(CLOSURES)),
    )


def add_up(counts: Sequence[list[int]], places: int) -> list[int]:
    """The sum at each place; zeros without counts.

    >>> add_up([[1, 2], [3, 4]], 2)
    [4, 6]
    """
    return list(map(sum, zip(*counts, strict=True))) if counts else [0] * places


def _in_months(counts: Monthly, months: range, places: int) -> list[int]:
    return add_up([counts[month] for month in months if month in counts], places)


def on_time_ratio(
    definition: Definition,
    resolved: Sequence[int],
    by_timing: Sequence[int] = (),
    withdrawn: int = 0,
) -> float | None:
    """The on-time rate (tỷ lệ giải quyết đúng hạn) as a ratio; None without dossiers.

    form06: (early + on time) / (early + on time + overdue). A dossier without a due date is
    neither on time nor late, so it counts on neither side. backlog: the open overdue dossiers of
    now stand in the denominator too. index766: the kernel's `index766_share`, of those withdrawn
    in the period and those in progress now.
    """
    by_outcome = dict(zip(OUTCOMES, resolved, strict=True))
    in_progress = dict(zip(TIMINGS, by_timing, strict=False))
    if definition is Definition.INDEX766:
        in_time, judged = index766_share(by_outcome, withdrawn, in_progress)
    else:
        in_time = by_outcome[Outcome.EARLY] + by_outcome[Outcome.ON_TIME]
        judged = in_time + by_outcome[Outcome.OVERDUE]
    if definition is Definition.BACKLOG:
        judged += in_progress.get(Timing.OVERDUE, 0)
    return in_time / judged if judged else None
