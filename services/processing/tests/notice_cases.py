"""A small commune in March 2026 with round deadlines, and its dossiers, for tests of notices.

2 March 2026 is a Monday. A dossier received on it at 08:00 under the limit of five working days
is due on Monday 9 March: rung 3 is Wednesday 4, rung 1 Friday 6, rung 0 Monday 9, overdue from
Tuesday 10. Work is from 07:30 to 11:30 and from 13:30 to 17:30.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from motcua_kernel.calendar import OFFICE_WEEK, DayKind, Layer
from motcua_kernel.clock import LimitUnit
from motcua_kernel.events import CHANGE_OF_KIND, Change, Channel, Event, Received
from motcua_kernel.fold import fold
from motcua_kernel.instant import Instant, at_local
from motcua_kernel.procedures import Procedure, ProcessStep, TimeLimit
from motcua_kernel.registry import CalendarDay, Entry, Registry, WorkingWeek
from motcua_kernel.units import Unit, UnitLevel
from motcua_processing.application.notice_deadlines import Seen, look_at
from motcua_processing.domain.notices import Act, Look, Notice
from motcua_processing.domain.projection import project

UNIT: Final = "24733"
CODE: Final = "000.00.31.H16-260302-0001"
IN_DAYS: Final = "1.000001"
IN_HOURS: Final = "1.000002"
WITH_STEPS: Final = "1.000003"
_KINDS: Final = {change: kind for kind, change in CHANGE_OF_KIND.items()}


def _procedure(
    code: str, unit: LimitUnit, minutes: int, steps: tuple[ProcessStep, ...] = ()
) -> Procedure:
    limit = TimeLimit(Channel.UNSPECIFIED, unit, minutes)
    return Procedure(code, code, date(2020, 1, 1), limits=(limit,), steps=steps)


ENTRIES: Final[tuple[Entry, ...]] = (
    WorkingWeek("", OFFICE_WEEK, date(2026, 1, 1), date(2026, 12, 31)),
    Unit(id=UNIT, code=UNIT, name="Xã Kiến Đức", level=UnitLevel.COMMUNE),
    _procedure(IN_DAYS, LimitUnit.WORKING_DAYS, 5 * 480),
    _procedure(IN_HOURS, LimitUnit.WORKING_HOURS, 4 * 60),
    _procedure(
        WITH_STEPS,
        LimitUnit.WORKING_DAYS,
        5 * 480,
        (ProcessStep("tham-dinh", "tu-phap", 960), ProcessStep("ky", "lanh-dao", 480)),
    ),
)


def registry_with(*further: Entry) -> Registry:
    """The registry of the commune, and what comes after."""
    return Registry().with_entries(enumerate((*ENTRIES, *further)))


def closed(day: int, month: int = 3) -> CalendarDay:
    """A day off that the nation announces."""
    return _day(date(2026, month, day), DayKind.CLOSED)


def worked(day: int, month: int = 3) -> CalendarDay:
    """A make-up working day, at the usual hours."""
    return _day(date(2026, month, day), DayKind.WORKING)


def half(day: int, month: int = 3) -> CalendarDay:
    """A half day, the morning."""
    return _day(date(2026, month, day), DayKind.HALF)


def _day(day: date, kind: DayKind) -> CalendarDay:
    return CalendarDay(Layer.NATIONAL, "", day, kind, (), "an announcement")


def on(day: int, clock: str = "08:00", month: int = 3) -> Instant:
    """A moment of 2026, local time."""
    hour, minute = clock.split(":")
    return at_local(date(2026, month, day), 60 * int(hour) + int(minute))


def event(change: Change, at: Instant, code: str = CODE) -> Event:
    """An event of a dossier; its moment and kind are its identity."""
    kind = _KINDS[type(change)]
    name = f"{code} {kind.name} {at}"
    return Event("kien-duc", name, code, kind, at, "/kien-duc/mot-cua", 0, change, Instant(at))


def received(at: Instant, procedure: str = IN_DAYS, code: str = CODE) -> Event:
    """A receipt at the counter."""
    change = Received(procedure, Channel.COUNTER, UNIT, UNIT, UNIT, "mot-cua")
    return event(change, at, code)


class Story:
    """One dossier, told of as the watcher tells: looked at again and again, all is kept."""

    def __init__(self, *events: Event, registry: Registry | None = None) -> None:
        self.registry = registry or registry_with()
        self.events = list(events)
        self.told: list[Notice] = []

    def look(self, now: Instant) -> Look:
        """Look without telling."""
        row = project(fold(CODE, self.events, self.registry), self.registry)
        return look_at(Seen(CODE, "1", row.snapshot, self.told), self.registry, now)

    def tell(self, now: Instant) -> list[Notice]:
        """Look at a moment, and tell what is to be told."""
        found = list(self.look(now).notices)
        self.told += found
        return found

    def through(self, moments: Iterable[Instant]) -> list[Notice]:
        """Everything told at these moments."""
        return [notice for now in moments for notice in self.tell(now)]

    def lives(self, until: Instant, start: Instant) -> list[Notice]:
        """Everything told when each look comes when the last one asked for it."""
        told: list[Notice] = []
        now: Instant | None = start
        while now is not None and now <= until:
            told += self.tell(now)
            again = self.look(now).again
            assert again is None or again > now, "it would look for ever"
            now = again
        return told


def rungs(notices: Iterable[Notice]) -> list[tuple[Act, int]]:
    """Act and rung of each notice."""
    return [(one.act, one.rung) for one in notices]
