"""What the examples of docs/architecture/clock.md are told in: one commune, and short words.

The calendar is that of 2026, Monday to Friday at office hours, with the real days off. Moments are
written "month-day hour:minute" in local time, answers with their weekday.
"""

from __future__ import annotations

from datetime import date

from motcua_kernel.calendar import OFFICE_HOURS, OFFICE_WEEK, DayKind, Layer, Week, Window
from motcua_kernel.clock import (
    Due,
    EndRule,
    Holder,
    Ledger,
    Limit,
    LimitUnit,
    Pause,
    PauseMode,
    start_of_clock,
)
from motcua_kernel.clock import due as due_of
from motcua_kernel.clock import remaining as remaining_of
from motcua_kernel.decrees import DeadlineRules, PauseReason, Suspension
from motcua_kernel.derive import Derived, derive
from motcua_kernel.events import (
    KIND_OF_CHANGE,
    Change,
    Channel,
    Consulted,
    Event,
    Extended,
    Filed,
    OpinionGiven,
    Received,
    SupplementRequested,
    SupplementSupplied,
)
from motcua_kernel.fold import fold
from motcua_kernel.instant import HOUR, MINUTE, Instant, at_local, local_date, parse_rfc3339
from motcua_kernel.procedures import (
    ConsultationRule,
    ExtensionRule,
    PauseCause,
    Procedure,
    TimeLimit,
    TimePhase,
)
from motcua_kernel.registry import CalendarDay, Entry, Registry, WorkingWeek
from motcua_kernel.units import Unit, UnitLevel

__all__ = [
    "OFFICE_HOURS",
    "OFFICE_WEEK",
    "CalendarDay",
    "Channel",
    "ConsultationRule",
    "Consulted",
    "DayKind",
    "DeadlineRules",
    "Extended",
    "ExtensionRule",
    "Filed",
    "Holder",
    "Layer",
    "LimitUnit",
    "OpinionGiven",
    "PauseCause",
    "PauseMode",
    "PauseReason",
    "Procedure",
    "SupplementRequested",
    "SupplementSupplied",
    "Suspension",
    "TimeLimit",
    "TimePhase",
    "Unit",
    "UnitLevel",
    "Week",
    "Window",
    "WorkingWeek",
    "date",
]

COMMUNE, NEIGHBOUR = "24733", "24736"
PROCEDURE = "1.000001"
_DAYS_OFF = "01-01 01-02 02-16 02-17 02-18 02-19 02-20 04-27 04-30 05-01 08-31 09-01 09-02 11-24"
_MADE_UP = "01-10 08-22"
_WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def day(text: str) -> date:
    """`"03-02"`: Monday the 2nd of March 2026."""
    return date.fromisoformat(f"2026-{text}")


def at(text: str) -> Instant:
    """`"03-02 10:00"`: that Monday at ten."""
    return parse_rfc3339(f"2026-{text.replace(' ', 'T')}:00+07:00")


def _shown(moment: Instant) -> str:
    minute = (moment - at_local(local_date(moment), 0)) // MINUTE
    return f"{_date(local_date(moment))} {minute // 60:02}:{minute % 60:02}"


def _date(on: date) -> str:
    return f"{_WEEKDAYS[on.weekday()]} {on:%m-%d}"


def _entries() -> list[Entry]:
    days = [(one, DayKind.CLOSED) for one in _DAYS_OFF.split()]
    days += [(one, DayKind.WORKING) for one in _MADE_UP.split()]
    three_days = TimeLimit(Channel.UNSPECIFIED, LimitUnit.WORKING_DAYS, 3 * 480)
    return [
        Unit("67", "67", "Tỉnh", UnitLevel.PROVINCE),
        Unit(COMMUNE, COMMUNE, "Xã", UnitLevel.COMMUNE, "67"),
        Unit(NEIGHBOUR, NEIGHBOUR, "Xã bên", UnitLevel.COMMUNE, "67"),
        WorkingWeek("", OFFICE_WEEK, date(2026, 1, 1), date(2026, 12, 31)),
        *(CalendarDay(Layer.NATIONAL, "", day(text), kind) for text, kind in days),
        Procedure(PROCEDURE, "Thủ tục", date(2026, 1, 1), limits=(three_days,)),
    ]


REGISTRY = Registry().with_entries(enumerate(_entries()))


def with_rules(*rules: Entry) -> Registry:
    """The commune's registry, and what is ruled beside it."""
    return REGISTRY.with_entries(enumerate(rules, REGISTRY.offset + 1))


def working_days(count: float, *, end_of_day: bool = False, then: Limit | None = None) -> Limit:
    """A limit in working days."""
    end_rule = EndRule.END_OF_DAY if end_of_day else EndRule.SAME_MOMENT
    return Limit(LimitUnit.WORKING_DAYS, round(480 * count), end_rule, None, then)


def working_hours(count: float, *, then: Limit | None = None) -> Limit:
    """A limit in working hours."""
    return Limit(LimitUnit.WORKING_HOURS, round(60 * count), then=then)


def calendar_days(count: int, *, then: Limit | None = None) -> Limit:
    """A limit in calendar days."""
    return Limit(LimitUnit.CALENDAR_DAYS, 1440 * count, then=then)


SAME_DAY = Limit(LimitUnit.WORKING_DAYS, 0, EndRule.END_OF_DAY, cutoff_minute=15 * 60)
NO_LIMIT = Limit(LimitUnit.NONE)


def pause(opened: str, closed: str | None, *, restart: bool = False) -> Pause:
    """A pause for a supplement."""
    mode = PauseMode.RESTART if restart else PauseMode.CONTINUE
    return Pause(at(opened), at(closed) if closed else None, mode, "", Holder.APPLICANT)


def starts(received: str, limit: Limit, registry: Registry = REGISTRY) -> str:
    """When the clock starts."""
    calendar = registry.calendar(COMMUNE)
    assert calendar is not None
    return _shown(start_of_clock(at(received), limit, calendar))


def ends(
    received: str,
    limit: Limit,
    *pauses: Pause,
    extension: int = 0,
    registry: Registry = REGISTRY,
    unit: str = COMMUNE,
) -> str:
    """When the limit ends."""
    calendar = registry.calendar(unit)
    assert calendar is not None
    return shown(due_of(Ledger(limit, at(received), pauses, extension), calendar))


def left(now: str, received: str, limit: Limit, *pauses: Pause) -> str:
    """What remains of the phase in force, in hours of the limit's own kind."""
    calendar = REGISTRY.calendar(COMMUNE)
    assert calendar is not None
    return f"{remaining_of(Ledger(limit, at(received), pauses), calendar, at(now)) / HOUR:g} h"


def shown(one: Due | None) -> str:
    """A due date: its moment, with its day in front."""
    return "no date" if one is None else _shown(one.moment)


def told(*story: tuple[str, Change], registry: Registry = REGISTRY) -> Derived:
    """What the rules make of a story; a receipt at the counter is told by `received`."""
    events = [
        Event("xa", f"e{n}", "dossier", KIND_OF_CHANGE[type(change)], at(when), "/xa", n, change)
        for n, (when, change) in enumerate(story)
    ]
    return derive(fold("dossier", events, registry), registry)


def received(
    when: str, unit: str = COMMUNE, channel: Channel = Channel.COUNTER
) -> tuple[str, Change]:
    """A receipt."""
    return (when, Received(PROCEDURE, channel, unit, unit))


def anomalies(one: Derived) -> list[str]:
    """What makes no sense yet."""
    return [anomaly.kind for anomaly in one.anomalies]
