"""What must be known before an event can be judged: units, procedures, calendars, publishers.

The registry is itself a fold over the entries of its topic: an entry with the identity of an
earlier one replaces it from its offset on. A `Registry` is immutable; `with_entries` makes the
next one. Each piece remembers the offset it came with, so that a state can name what it rests on.
"""

from __future__ import annotations

from datetime import date
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from motcua_kernel.calendar import Calendar, DayKind, Layer, Override, Week, Window, build_calendar
from motcua_kernel.clock import EndRule, Limit, LimitUnit, PauseMode
from motcua_kernel.errors import Invalid
from motcua_kernel.events import Channel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from motcua_kernel.instant import Instant


class UnitLevel(IntEnum):
    """The level of a unit (cấp hành chính)."""

    UNSPECIFIED = 0
    PROVINCE = 1
    DISTRICT = 2
    COMMUNE = 3
    PROVINCIAL_DEPARTMENT = 4


class PauseCause(IntEnum):
    """What rests the clock."""

    SUPPLEMENT = 1
    PAYMENT = 2
    STOP = 3


class Department(msgspec.Struct, frozen=True):
    """A department (phòng) inside a unit; its id is unique within the unit."""

    id: str
    name: str


class Unit(msgspec.Struct, frozen=True):
    """A province, district, commune or provincial department, under its stable id."""

    id: str
    code: str
    name: str
    level: UnitLevel
    parent: str = ""
    valid_from: str = ""
    valid_until: str = ""
    predecessors: tuple[str, ...] = ()
    departments: tuple[Department, ...] = ()
    offset: int = -1


class TimeLimit(msgspec.Struct, frozen=True):
    """A limit as the registry states it; the shorter of the two drives the clock."""

    channel: Channel
    unit: LimitUnit
    statutory_minutes: int
    committed_minutes: int | None = None
    end_of_day: bool = False
    cutoff_minute: int | None = None

    def effective(self) -> Limit:
        """The limit that the appointment is made with."""
        amount = self.statutory_minutes
        if self.committed_minutes is not None:
            amount = min(amount, self.committed_minutes)
        end = EndRule.END_OF_DAY if self.end_of_day else EndRule.SAME_MOMENT
        return Limit(self.unit, amount, end, self.cutoff_minute)


class ProcessStep(msgspec.Struct, frozen=True):
    """A step of the internal process (quy trình nội bộ) with its budget in working minutes."""

    id: str
    department: str
    budget_minutes: int


NO_LIMIT = Limit(LimitUnit.NONE, 0, EndRule.SAME_MOMENT, None)


class Procedure(msgspec.Struct, frozen=True):
    """One version of an administrative procedure (thủ tục hành chính)."""

    code: str
    name: str
    valid_from: date
    field: str = ""
    level: UnitLevel = UnitLevel.UNSPECIFIED
    limits: tuple[TimeLimit, ...] = ()
    pause_modes: tuple[tuple[PauseCause, PauseMode], ...] = ()
    steps: tuple[ProcessStep, ...] = ()
    iso_covered: bool = False
    offset: int = -1

    def limit(self, channel: Channel) -> Limit:
        """The limit for a channel: its own one, else the one for every channel, else none."""
        general = NO_LIMIT
        for limit in self.limits:
            if limit.channel == channel:
                return limit.effective()
            if limit.channel == Channel.UNSPECIFIED:
                general = limit.effective()
        return general

    def pause_mode(self, cause: PauseCause) -> PauseMode:
        """How the clock goes on after a pause; *continue* where the procedure says nothing."""
        return dict(self.pause_modes).get(cause, PauseMode.CONTINUE)


class WorkingWeek(msgspec.Struct, frozen=True):
    """Weekly working hours, Monday first, and the days that the calendar answers for."""

    scope: str
    days: Week
    first_day: date
    last_day: date
    reference: str = ""
    offset: int = -1


class CalendarDay(msgspec.Struct, frozen=True):
    """One day that differs from the working week; kind None takes an earlier entry back."""

    layer: Layer
    scope: str
    day: date
    kind: DayKind | None
    windows: tuple[Window, ...] = ()
    reference: str = ""
    offset: int = -1


class Publisher(msgspec.Struct, frozen=True):
    """A system that may publish for its units and those below them."""

    id: str
    name: str
    units: tuple[str, ...]
    key_sha256: tuple[str, ...] = ()
    revoked: bool = False
    offset: int = -1


class ClockMapping(msgspec.Struct, frozen=True):
    """Domain time as a function of real time (law L9); rate 0 freezes it."""

    real_anchor: Instant
    domain_anchor: Instant
    rate: float
    offset: int = -1
    recorded_at: Instant | None = None


Entry: TypeAlias = Unit | Procedure | WorkingWeek | CalendarDay | Publisher | ClockMapping


class Registry:
    """The registry up to an offset: an immutable value, compared by identity."""

    def __init__(
        self,
        offset: int = -1,
        *,
        units: Mapping[str, Unit] | None = None,
        procedures: Mapping[str, tuple[Procedure, ...]] | None = None,
        weeks: Mapping[str, WorkingWeek] | None = None,
        days: Mapping[tuple[Layer, str, date], CalendarDay] | None = None,
        publishers: Mapping[str, Publisher] | None = None,
        clock_mappings: tuple[ClockMapping, ...] = (),
    ) -> None:
        self.offset = offset
        self.units: Mapping[str, Unit] = units or {}
        self.procedures: Mapping[str, tuple[Procedure, ...]] = procedures or {}
        self.weeks: Mapping[str, WorkingWeek] = weeks or {}
        self.days: Mapping[tuple[Layer, str, date], CalendarDay] = days or {}
        self.publishers: Mapping[str, Publisher] = publishers or {}
        self.clock_mappings = clock_mappings
        self._calendar = lru_cache(maxsize=None)(self._build_calendar)

    def with_entries(self, entries: Iterable[tuple[int, Entry]]) -> Registry:
        """The registry after these (offset, entry) pairs, in the order of their offsets."""
        units, weeks, days = dict(self.units), dict(self.weeks), dict(self.days)
        procedures, publishers = dict(self.procedures), dict(self.publishers)
        mappings = self.clock_mappings
        last = self.offset
        for offset, entry in entries:
            last = max(last, offset)
            match entry:
                case Unit():
                    units[entry.id] = msgspec.structs.replace(entry, offset=offset)
                case Procedure():
                    procedures[entry.code] = _with_version(
                        procedures.get(entry.code, ()),
                        msgspec.structs.replace(entry, offset=offset),
                    )
                case WorkingWeek():
                    weeks[entry.scope] = msgspec.structs.replace(entry, offset=offset)
                case CalendarDay():
                    key = (entry.layer, entry.scope, entry.day)
                    days[key] = msgspec.structs.replace(entry, offset=offset)
                case Publisher():
                    publishers[entry.id] = msgspec.structs.replace(entry, offset=offset)
                case ClockMapping():
                    mappings = (*mappings, msgspec.structs.replace(entry, offset=offset))
        return Registry(
            last,
            units=units,
            procedures=procedures,
            weeks=weeks,
            days=days,
            publishers=publishers,
            clock_mappings=mappings,
        )

    def procedure_on(self, code: str, day: date) -> Procedure | None:
        """The version of a procedure (base code, or with its publisher's suffix) valid on a day."""
        versions = self.procedures.get(code) or self.procedures.get(code[:8], ())
        valid = [version for version in versions if version.valid_from <= day]
        return valid[-1] if valid else None

    def chain(self, unit: str) -> Iterator[str]:
        """The unit and those above it, the unit first."""
        seen: set[str] = set()
        while unit and unit not in seen:
            seen.add(unit)
            yield unit
            known = self.units.get(unit)
            unit = known.parent if known else ""

    def may_speak_for(self, publisher: str, unit: str) -> bool:
        """Whether a publisher has authority over a unit: its own ones and those below them."""
        known = self.publishers.get(publisher)
        if known is None or known.revoked:
            return False
        return any(link in known.units for link in self.chain(unit))

    def calendar(self, unit: str) -> Calendar | None:
        """The calendar of a unit, all layers resolved; None where none can be made."""
        return self._calendar(unit)

    def _build_calendar(self, unit: str) -> Calendar | None:
        scopes = (*self.chain(unit), "")
        week = next((self.weeks[scope] for scope in scopes if scope in self.weeks), None)
        if week is None:
            return None
        overrides = [
            Override(
                day=entry.day,
                kind=entry.kind,
                windows=entry.windows,
                reference=entry.reference,
                offset=entry.offset,
                layer=entry.layer,
            )
            for entry in self.days.values()
            if entry.scope in scopes and entry.kind is not None
        ]
        undone = {
            entry.day.toordinal(): entry.offset
            for entry in sorted(self.days.values(), key=lambda entry: entry.offset)
            if entry.scope in scopes and entry.kind is None
        }
        try:
            return build_calendar(week.days, overrides, week.first_day, week.last_day, undone)
        except Invalid:
            return None

    def frame_offset(self, unit: str) -> int:
        """The newest offset among a unit, those above it, and the working week of its calendar."""
        chain = tuple(self.chain(unit))
        newest = max((self.units[link].offset for link in chain if link in self.units), default=-1)
        for scope in (*chain, ""):
            if scope in self.weeks:
                return max(newest, self.weeks[scope].offset)
        return newest


def _with_version(versions: tuple[Procedure, ...], new: Procedure) -> tuple[Procedure, ...]:
    others = [version for version in versions if version.valid_from != new.valid_from]
    ordered = tuple(sorted((*others, new), key=lambda version: version.valid_from))
    assert all(a.valid_from < b.valid_from for a, b in pairwise(ordered))  # noqa: S101
    return ordered
