"""The families that carry the figures of the units, filled unit by unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motcua_kernel.events import Channel
from motcua_kernel.verdict import Outcome, Timing

from motcua_metrics import catalogue as c
from motcua_metrics.application.reading import PeriodFigures
from motcua_metrics.domain.figures import on_time_ratio
from motcua_metrics.domain.labels import CHANNEL_LABELS, Closure, Definition, Fact, Period

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client.core import Metric as PrometheusMetric

    from motcua_metrics.application.reading import DepartmentFigures, UnitFigures
    from motcua_metrics.domain.movements import Movements

_CHANNELS = {channel: label.value for channel, label in CHANNEL_LABELS.items()}


class UnitFamilies:
    """One scrape's families; `add` each unit, then hand out `families`."""

    def __init__(self, movements: Movements) -> None:
        self._movements = movements
        self._in_progress = c.IN_PROGRESS.family()
        self._received = c.RECEIVED.family()
        self._resolved = c.RESOLVED.family()
        self._closed = c.CLOSED.family()
        self._received_total = c.RECEIVED_TOTAL.family()
        self._resolved_total = c.RESOLVED_TOTAL.family()
        self._closed_total = c.CLOSED_TOTAL.family()
        self._reversed_total = c.REVERSED_TOTAL.family()
        self._ratio = c.ON_TIME_RATIO.family()
        self._receptions = c.RECEPTIONS_PENDING.family()
        self._due_within = c.DUE_WITHIN_DAYS.family()
        self._oldest = c.OLDEST_OVERDUE.family()
        self._anomalies = c.ANOMALIES.family()
        self._working = c.WORKING_TIME.family()

    def families(self) -> Iterable[PrometheusMetric]:
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
            self._receptions,
            self._due_within,
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
            self._add_movements(unit, department)
            form06 = Definition.FORM06
            ratio = on_time_ratio(form06, own.periods[Period.MONTH].resolved, overdue_backlog=0)
            self._add_ratio(unit, _label(department), Period.MONTH, form06, ratio)
        self._add_whole(figures)
        for timing, count in figures.receptions.items():
            self._receptions.add_metric([unit, timing.value], count)
        for kind, count in figures.anomalies.items():
            self._anomalies.add_metric([unit, kind], count)
        self._working.add_metric([unit], int(figures.is_working))

    def _add_whole(self, figures: UnitFigures) -> None:
        departments = figures.departments.values()
        backlog = sum(one.open.by_timing[Timing.OVERDUE] for one in departments)
        for period in Period:
            whole = _sum([one.periods[period] for one in departments])
            if period is not Period.MONTH:
                self._add_period(figures.unit, None, period, whole)
            for definition in Definition:
                ratio = on_time_ratio(definition, whole.resolved, backlog)
                self._add_ratio(figures.unit, c.WHOLE_UNIT, period, definition, ratio)

    def _add_open(self, unit: str, department: str, own: DepartmentFigures) -> None:
        label = _label(department)
        for timing, count in own.open.by_timing.items():
            self._in_progress.add_metric([unit, label, timing.value], count)
        for days, count in own.open.due_within.items():
            self._due_within.add_metric([unit, label, str(days)], count)
        if own.oldest_overdue_working_days is not None:
            self._oldest.add_metric([unit, label], own.oldest_overdue_working_days)

    def _add_period(
        self, unit: str, department: str | None, period: Period, done: PeriodFigures
    ) -> None:
        label = c.WHOLE_UNIT if department is None else _label(department)
        for channel, count in done.received.items():
            if count or channel is not Channel.UNSPECIFIED:
                self._received.add_metric([unit, label, _CHANNELS[channel], period.value], count)
        for outcome, count in done.resolved.items():
            self._resolved.add_metric([unit, label, outcome.value, period.value], count)
        for reason, count in done.closed.items():
            self._closed.add_metric([unit, label, reason.value, period.value], count)

    def _add_ratio(
        self, unit: str, label: str, period: Period, definition: Definition, ratio: float | None
    ) -> None:
        if ratio is not None:
            self._ratio.add_metric([unit, label, period.value, definition.value], ratio)

    def _add_movements(self, unit: str, department: str) -> None:
        totals, label = self._movements.totals, _label(department)
        for channel, name in _CHANNELS.items():
            count = totals.get((Fact.RECEIVED, unit, department, channel), 0)
            if count or channel is not Channel.UNSPECIFIED:
                self._received_total.add_metric([unit, label, name], count)
        for outcome in Outcome:
            count = totals.get((Fact.RESOLVED, unit, department, outcome), 0)
            self._resolved_total.add_metric([unit, label, outcome.value], count)
        for reason in Closure:
            count = totals.get((Fact.CLOSED, unit, department, reason), 0)
            self._closed_total.add_metric([unit, label, reason.value], count)
        for fact in Fact:
            count = self._movements.reversals.get((unit, department, fact), 0)
            self._reversed_total.add_metric([unit, label, fact.value], count)


def _label(department: str) -> str:
    return department or c.NO_DEPARTMENT


def _sum(parts: list[PeriodFigures]) -> PeriodFigures:
    return PeriodFigures(
        {channel: sum(part.received[channel] for part in parts) for channel in Channel},
        {outcome: sum(part.resolved[outcome] for part in parts) for outcome in Outcome},
        {reason: sum(part.closed[reason] for part in parts) for reason in Closure},
    )
