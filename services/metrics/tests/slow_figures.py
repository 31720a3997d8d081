"""The figures again, computed the slow way: every state looked at anew, nothing kept."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from metrics_cases import MERGED_ON, NEW
from motcua_kernel.instant import Instant, local_date
from motcua_kernel.life_cycle import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from motcua_kernel.calendar import Calendar
    from motcua_kernel.clock import Due
    from motcua_kernel.registry import Registry
    from motcua_platform.state_codec import PublishedState

Samples = Counter[tuple[str, ...]]

_CHANNELS = ("unspecified", "counter", "online", "post")
_REASONS = {Status.WITHDRAWN: "withdrawn", Status.STOPPED: "stopped", Status.REFUSED: "refused"}


def slow_figures(states: Iterable[PublishedState], registry: Registry, now: Instant) -> Samples:
    """Counts by (family, *labels), without those that are 0."""
    samples: Samples = Counter()
    for one in states:
        told = one.reporting_unit if one.received_at else one.receiving_unit
        calendar = registry.calendar(told)
        assert calendar is not None
        merged = told in NEW.predecessors and local_date(now) >= MERGED_ON
        _add(samples, one, NEW.id if merged else told, calendar, now)
    return samples


def _add(
    samples: Samples, one: PublishedState, unit: str, calendar: Calendar, now: Instant
) -> None:
    for kind in one.anomalies:
        samples["anomalies", unit, kind] += 1
    if not one.received_at:
        if one.filed_at and not one.closed_at:
            timing = _timing(one.reception_due, calendar, now, paused=one.is_paused)
            samples["receptions", unit, timing] += 1
        return
    place = (unit, one.department or "unassigned")
    _in_periods(samples, ("received", *place, _CHANNELS[one.channel]), one.received_at, now)
    if one.resolved_at:
        _in_periods(samples, ("resolved", *place, _outcome(one)), one.resolved_at, now)
    elif one.closed_at:
        _in_periods(samples, ("closed", *place, _REASONS[one.status]), one.closed_at, now)
    else:
        _add_open(samples, one, place, calendar, now)


def _add_open(
    samples: Samples,
    one: PublishedState,
    place: tuple[str, str],
    calendar: Calendar,
    now: Instant,
) -> None:
    paused = one.is_paused or _rests(one, now)
    timing = _timing(one.due, calendar, now, paused=paused)
    if timing == "no_deadline" and one.rests:
        timing = "within"
    samples["in_progress", *place, timing] += 1
    if one.step_department:
        timing_of_step = _timing(one.step_due, calendar, now, paused=paused)
        samples["steps", place[0], one.step_department, timing_of_step] += 1
    if one.due is not None and timing == "overdue":
        for days in (5,):
            if one.due.day >= _before(days, calendar, now):
                samples["overdue_within", *place, str(days)] += 1
    if one.due is not None and timing in {"within", "due_soon"}:
        for days in (1, 3, 5, 10):
            if one.due.day <= _after(days, calendar, now):
                samples["due_within", *place, str(days)] += 1


def _rests(one: PublishedState, now: Instant) -> bool:
    today = local_date(now).toordinal()
    firsts, lasts = one.rests[::2], one.rests[1::2]
    return any(first <= today <= last for first, last in zip(firsts, lasts, strict=True))


def _timing(due: Due | None, calendar: Calendar, now: Instant, *, paused: bool) -> str:
    if paused:
        return "paused"
    if due is None:
        return "no_deadline"
    today = local_date(now).toordinal()
    if (today > due.day) if due.by_day else (now > due.moment):
        return "overdue"
    return "due_soon" if due.day <= _after(1, calendar, now) else "within"


def _after(working_days: int, calendar: Calendar, now: Instant) -> int:
    day = local_date(now)
    while working_days:
        day += timedelta(days=1)
        working_days -= calendar.is_working_day(day)
    return day.toordinal()


def _before(working_days: int, calendar: Calendar, now: Instant) -> int:
    day = local_date(now)
    while working_days:
        day -= timedelta(days=1)
        working_days -= calendar.is_working_day(day)
    return day.toordinal()


def _outcome(one: PublishedState) -> str:
    if one.due is None:
        return "no_deadline"
    day = local_date(one.resolved_at).toordinal()
    if (day > one.due.day) if one.due.by_day else (one.resolved_at > one.due.moment):
        return "overdue"
    return "early" if day < one.due.day else "on_time"


def _in_periods(
    samples: Samples, fact: tuple[str, str, str, str], at: Instant, now: Instant
) -> None:
    day, today = local_date(at), local_date(now)
    family, unit, department, label = fact
    if day.year != today.year:
        return
    samples[family, unit, "", label, "year"] += 1
    if (day.month - 1) // 3 == (today.month - 1) // 3:
        samples[family, unit, "", label, "quarter"] += 1
    if day.month == today.month:
        samples[family, unit, department, label, "month"] += 1
