"""The families that carry the figures of the units, filled unit by unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motcua_kernel.events import Channel
from motcua_kernel.verdict import Outcome

from motcua_metrics import catalogue as c
from motcua_metrics.domain.day_marks import AHEAD_DAYS, BEHIND_DAYS
from motcua_metrics.domain.figures import add_up, on_time_ratio, sum_of_periods
from motcua_metrics.domain.labels import (
    CHANNEL_LABELS,
    CHANNELS,
    CLOSURES,
    OUTCOMES,
    TIMINGS,
    Closure,
    Definition,
    Fact,
    Period,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from motcua_platform.metric_catalogue import Metric

    from motcua_metrics.adapters.lines import Lines
    from motcua_metrics.application.reading import DepartmentFigures, UnitFigures
    from motcua_metrics.domain.figures import PeriodFigures
    from motcua_metrics.domain.movements import Movements

_CHANNELS = tuple(CHANNEL_LABELS[channel].value for channel in CHANNELS)
_OUTCOMES = tuple(outcome.value for outcome in OUTCOMES)
_CLOSURES = tuple(closure.value for closure in CLOSURES)
_TIMINGS = tuple(timing.value for timing in TIMINGS)
_WITHDRAWN = CLOSURES.index(Closure.WITHDRAWN)
_RARE = frozenset({"no_deadline", "unspecified"})
"""Labels that are served only where there is one, for the sake of the budget."""


class UnitFamilies:
    """One scrape's families; `add` each unit, then hand out `families`."""

    def __init__(self, movements: Movements, lines: Callable[[Metric], Lines]) -> None:
        self._movements = movements
        self._in_progress = lines(c.IN_PROGRESS)
        self._received = lines(c.RECEIVED)
        self._resolved = lines(c.RESOLVED)
        self._closed = lines(c.CLOSED)
        self._received_total = lines(c.RECEIVED_TOTAL)
        self._resolved_total = lines(c.RESOLVED_TOTAL)
        self._closed_total = lines(c.CLOSED_TOTAL)
        self._reversed_total = lines(c.REVERSED_TOTAL)
        self._ratio = lines(c.ON_TIME_RATIO)
        self._steps = lines(c.STEPS_IN_PROGRESS)
        self._receptions = lines(c.RECEPTIONS_PENDING)
        self._due_within = lines(c.DUE_WITHIN_DAYS)
        self._overdue_within = lines(c.OVERDUE_WITHIN_DAYS)
        self._oldest = lines(c.OLDEST_OVERDUE)
        self._anomalies = lines(c.ANOMALIES)
        self._working = lines(c.WORKING_TIME)

    def families(self) -> Iterable[Lines]:
        """All families, filled."""
        return (
            self._in_progress,
            self._received,
            self._resolved,
            self._closed,
            self._received_total,
            self._resolved_total,
            self._closed_total,
            self._reversed_total,
            self._ratio,
            self._steps,
            self._receptions,
            self._due_within,
            self._overdue_within,
            self._oldest,
            self._anomalies,
            self._working,
        )

    def add(self, figures: UnitFigures) -> None:
        """Add the samples of one unit."""
        unit = figures.unit
        for department, own in figures.departments.items():
            self._add_open(unit, department, own)
            self._add_period(unit, department, Period.MONTH, own.periods[Period.MONTH])
            self._add_moved(unit, department)
        self._add_whole(figures)
        self._add_moved_whole(unit)
        for department, by_timing in figures.steps.items():
            for timing, count in _shown(_TIMINGS, by_timing):
                self._steps.add((unit, department, timing), count)
        for timing, count in _shown(_TIMINGS, figures.receptions):
            self._receptions.add((unit, timing), count)
        for kind, count in figures.anomalies.items():
            self._anomalies.add((unit, kind), count)
        self._working.add((unit,), int(figures.is_working))

    def _add_whole(self, figures: UnitFigures) -> None:
        departments = figures.departments.values()
        in_progress = add_up([one.open.by_timing for one in departments], len(TIMINGS))
        for period in Period:
            whole = sum_of_periods([one.periods[period] for one in departments])
            if period is not Period.MONTH:
                self._add_period(figures.unit, None, period, whole)
            for definition in Definition:
                withdrawn = whole.closed[_WITHDRAWN]
                ratio = on_time_ratio(definition, whole.resolved, in_progress, withdrawn)
                if ratio is not None:
                    labels = (figures.unit, c.WHOLE_UNIT, period.value, definition.value)
                    self._ratio.add(labels, ratio)

    def _add_open(self, unit: str, department: str, own: DepartmentFigures) -> None:
        label = _label(department)
        for timing, count in _shown(_TIMINGS, own.open.by_timing):
            self._in_progress.add((unit, label, timing), count)
        for days, count in zip(AHEAD_DAYS, own.open.due_within, strict=False):
            self._due_within.add((unit, label, str(days)), count)
        for days, count in zip(BEHIND_DAYS, own.open.overdue_within, strict=False):
            if count:
                self._overdue_within.add((unit, label, str(days)), count)
        if own.oldest_overdue_working_days is not None:
            self._oldest.add((unit, label), own.oldest_overdue_working_days)

    def _add_period(
        self, unit: str, department: str | None, period: Period, done: PeriodFigures
    ) -> None:
        label = c.WHOLE_UNIT if department is None else _label(department)
        for channel, count in _shown(_CHANNELS, done.received):
            self._received.add((unit, label, channel, period.value), count)
        for outcome, count in _shown(_OUTCOMES, done.resolved):
            self._resolved.add((unit, label, outcome, period.value), count)
        for reason, count in _shown(_CLOSURES, done.closed):
            self._closed.add((unit, label, reason, period.value), count)

    def _add_moved(self, unit: str, department: str) -> None:
        totals, label = self._movements.totals, _label(department)
        for channel, name in CHANNEL_LABELS.items():
            count = totals.get((Fact.RECEIVED, unit, department, channel), 0)
            if count or channel is not Channel.UNSPECIFIED:
                self._received_total.add((unit, label, name.value), count)
        for outcome in Outcome:
            count = totals.get((Fact.RESOLVED, unit, department, outcome), 0)
            if count or outcome is not Outcome.NO_DEADLINE:
                self._resolved_total.add((unit, label, outcome.value), count)

    def _add_moved_whole(self, unit: str) -> None:
        for reason in Closure:
            count = self._movements.totals.get((Fact.CLOSED, unit, "", reason), 0)
            self._closed_total.add((unit, c.WHOLE_UNIT, reason.value), count)
        for fact in Fact:
            count = self._movements.reversals.get((unit, fact), 0)
            self._reversed_total.add((unit, c.WHOLE_UNIT, fact.value), count)


def _label(department: str) -> str:
    return department or c.NO_DEPARTMENT


def _shown(labels: Sequence[str], counts: Sequence[int]) -> Iterator[tuple[str, int]]:
    for label, count in zip(labels, counts, strict=True):
        if count or label not in _RARE:
            yield label, count
