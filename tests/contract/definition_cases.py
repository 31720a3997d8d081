"""What the examples of docs/definitions.md are told in: one small registry, and short words.

The calendar is October 2020, Monday to Friday at office hours, without a holiday. Moments are
written "day hour:minute" in local time. Every figure comes from the code that serves it.
"""

from __future__ import annotations

from datetime import date

from motcua_kernel.calendar import OFFICE_WEEK, Calendar
from motcua_kernel.clock import LimitUnit, PauseMode
from motcua_kernel.derive import derive
from motcua_kernel.events import KIND_OF_CHANGE, Change, Channel, Event, Received
from motcua_kernel.fold import fold
from motcua_kernel.instant import Instant, at_local, local_date
from motcua_kernel.procedures import PauseCause, Procedure, TimeLimit
from motcua_kernel.registry import Registry, WorkingWeek
from motcua_kernel.snapshot import Snapshot, encode
from motcua_kernel.units import Department, Unit, UnitLevel
from motcua_kernel.verdict import Timing
from motcua_metrics.domain.aggregates import Aggregates
from motcua_metrics.domain.contribution import Contribution, contribution_of
from motcua_metrics.domain.day_marks import day_marks
from motcua_metrics.domain.figures import Judge, period_figures, sum_of_periods
from motcua_metrics.domain.labels import CLOSURES, OUTCOMES, TIMINGS, Period
from motcua_platform.state_codec import PublishedState, state_from_value, state_to_value
from motcua_processing.entrypoints.answers import verdict_of

THREE_DAYS = "1.000001"
EIGHT_HOURS = "1.000002"
WITHOUT_LIMIT = "1.000003"
RESTARTING = "1.000004"

_DAY = 480


def _limit(unit: LimitUnit, minutes: int) -> tuple[TimeLimit, ...]:
    return (TimeLimit(Channel.UNSPECIFIED, unit, minutes),)


def _procedure(
    code: str,
    limits: tuple[TimeLimit, ...],
    pause_modes: tuple[tuple[PauseCause, PauseMode], ...] = (),
) -> Procedure:
    return Procedure(code, code, date(2020, 1, 1), limits=limits, pause_modes=pause_modes)


REGISTRY = Registry().with_entries(
    enumerate(
        [
            Unit(
                "666", "666", "Huyện", UnitLevel.DISTRICT, departments=(Department("dat", "Đất"),)
            ),
            Unit("24733", "24733", "Xã", UnitLevel.COMMUNE, parent="666"),
            WorkingWeek("", OFFICE_WEEK, date(2020, 9, 1), date(2020, 12, 31)),
            _procedure(THREE_DAYS, _limit(LimitUnit.WORKING_DAYS, 3 * _DAY)),
            _procedure(EIGHT_HOURS, _limit(LimitUnit.WORKING_HOURS, _DAY)),
            _procedure(WITHOUT_LIMIT, ()),
            _procedure(
                RESTARTING,
                _limit(LimitUnit.WORKING_DAYS, 3 * _DAY),
                ((PauseCause.SUPPLEMENT, PauseMode.RESTART),),
            ),
        ]
    )
)


def calendar() -> Calendar:
    """The commune's calendar."""
    found = REGISTRY.calendar("24733")
    assert found is not None
    return found


def at(text: str) -> Instant:
    """`"05 09:30"`: the 5th of October 2020 at half past nine."""
    day, moment = text.split()
    hour, minute = moment.split(":")
    return at_local(date(2020, 10, int(day)), 60 * int(hour) + int(minute))


def received(
    when: str,
    procedure: str = THREE_DAYS,
    resolving_unit: str = "24733",
    reporting_unit: str = "",
    department: str = "dat",
) -> tuple[str, Change]:
    """A receipt at the commune's counter."""
    change = Received(
        procedure, Channel.COUNTER, "24733", resolving_unit, reporting_unit, department
    )
    return (when, change)


def dossier(*story: tuple[str, Change]) -> Snapshot:
    """What processing makes of a story."""
    events = [
        Event(
            publisher="xa",
            event_id=f"e{number}",
            dossier="000.00.31.H16-201005-0001",
            kind=KIND_OF_CHANGE[type(change)],
            occurred_at=at(when),
            source="/xa",
            sequence=number,
            change=change,
        )
        for number, (when, change) in enumerate(story)
    ]
    state = fold(events[0].dossier, events, REGISTRY)
    return Snapshot(state, derive(state, REGISTRY))


def due(one: Snapshot) -> str:
    """The due date as a day of October."""
    end = one.derived.due
    return "no deadline" if end is None else local_date(end.moment).strftime("%d/%m")


def verdict(one: Snapshot, now: str) -> str | None:
    """The verdict that the API gives at a moment."""
    return verdict_of(one, REGISTRY, at(now))


def published(one: Snapshot) -> PublishedState:
    """The dossier's record in the states topic."""
    assert encode(one)
    return state_from_value(state_to_value(one))


def contribution(one: Snapshot) -> Contribution:
    """What a dossier adds to the gauges."""
    return contribution_of(published(one))


def gauges(now: str, *dossiers: Snapshot) -> dict[str, int]:
    """The gauges of the month of some dossiers at a moment, all units together, zeros left out."""
    sums = Aggregates()
    for one in dossiers:
        sums.add(contribution(one))
    parts = [part for unit in sums.units.values() for part in unit.departments.values()]
    moment = at(now)
    marks = day_marks(calendar(), moment)
    judge = Judge(marks, moment)
    opened = [judge.open_figures(part.waiting).by_timing for part in parts]
    done = sum_of_periods([period_figures(part, Period.MONTH, marks.today) for part in parts])
    timings = [sum(column) for column in zip(*opened, strict=True)] or [0] * len(Timing)
    named = {"received": sum(done.received)}
    named |= {f"resolved.{o.value}": n for o, n in zip(OUTCOMES, done.resolved, strict=True)}
    named |= {f"in_progress.{t.value}": n for t, n in zip(TIMINGS, timings, strict=True)}
    named |= {f"closed.{c.value}": n for c, n in zip(CLOSURES, done.closed, strict=True)}
    return {name: count for name, count in named.items() if count}


def newly_overdue(now: str, *dossiers: Snapshot) -> int:
    """The gauge of dossiers that went overdue within five working days, all units together."""
    sums = Aggregates()
    for one in dossiers:
        sums.add(contribution(one))
    moment = at(now)
    judge = Judge(day_marks(calendar(), moment), moment)
    parts = [part for unit in sums.units.values() for part in unit.departments.values()]
    return sum(sum(judge.open_figures(part.waiting).overdue_within) for part in parts)
