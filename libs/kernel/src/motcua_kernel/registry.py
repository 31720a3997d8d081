"""What must be known before an event can be judged: units, procedures, calendars, publishers.

The registry is itself a fold over the entries of its topic: an entry with the identity of an
earlier one replaces it from its offset on. A `Registry` is immutable; `with_entries` makes the
next one. Each piece remembers the offset it came with, so that a state can name what it rests on.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

import msgspec

from motcua_kernel.calendar import Calendar, DayKind, Layer, Override, Week, Window, build_calendar
from motcua_kernel.days import ordinary_days, special_day
from motcua_kernel.decrees import (
    NO_RULES,
    DeadlineRules,
    PauseReason,
    Suspension,
    filled,
    reaching,
)
from motcua_kernel.domain_time import recorded_at
from motcua_kernel.errors import Invalid
from motcua_kernel.import_mapping import ImportMapping
from motcua_kernel.instant import Instant
from motcua_kernel.parties import Account, Publisher
from motcua_kernel.procedures import Procedure
from motcua_kernel.speakers import Speakers
from motcua_kernel.unit_map import UnitMap
from motcua_kernel.units import Unit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

_ALWAYS: Final = Instant(0)


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


class ClockMapping(msgspec.Struct, frozen=True):
    """Domain time as a function of real time (law L9); rate 0 freezes it."""

    real_anchor: Instant
    domain_anchor: Instant
    rate: float
    offset: int = -1
    recorded_at: Instant | None = None


Entry: TypeAlias = (
    Unit
    | Procedure
    | WorkingWeek
    | CalendarDay
    | Publisher
    | ClockMapping
    | PauseReason
    | Suspension
    | DeadlineRules
    | Account
    | ImportMapping
)


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
        pause_reasons: Mapping[str, PauseReason] | None = None,
        suspensions: Mapping[str, Suspension] | None = None,
        rules: Mapping[tuple[str, date], DeadlineRules] | None = None,
        accounts: Mapping[str, Account] | None = None,
        import_mappings: Mapping[tuple[str, str], ImportMapping] | None = None,
        speakers: Speakers | None = None,
    ) -> None:
        self.offset = offset
        self.units: Mapping[str, Unit] = units or {}
        self.procedures: Mapping[str, tuple[Procedure, ...]] = procedures or {}
        self.weeks: Mapping[str, WorkingWeek] = weeks or {}
        self.days: Mapping[tuple[Layer, str, date], CalendarDay] = days or {}
        self.publishers: Mapping[str, Publisher] = publishers or {}
        self.clock_mappings = clock_mappings
        self.pause_reasons: Mapping[str, PauseReason] = pause_reasons or {}
        self.suspensions: Mapping[str, Suspension] = suspensions or {}
        self.rules: Mapping[tuple[str, date], DeadlineRules] = rules or {}
        self.accounts: Mapping[str, Account] = accounts or {}
        self.import_mappings: Mapping[tuple[str, str], ImportMapping] = import_mappings or {}
        self._speakers = speakers or Speakers()
        self._is_within = lru_cache(maxsize=None)(self.is_within)
        self._days_in_order = sorted(self.days.values(), key=lambda entry: entry.offset)
        self._compiled: dict[tuple[object, ...], Calendar | None] = {}
        self._calendar = lru_cache(maxsize=None)(self._build_calendar)
        self._frame_offset = lru_cache(maxsize=None)(self._find_frame_offset)
        self._rules_on = lru_cache(maxsize=None)(self._find_rules)
        self.unit_map = UnitMap(self.units)
        self.catalogue_offset = max((one.offset for one in self.pause_reasons.values()), default=-1)
        """The newest ground of a pause: what a pause on none of them rests on."""

    def with_entries(  # noqa: C901 - a table of the kinds of entries
        self, entries: Iterable[tuple[int, Entry]]
    ) -> Registry:
        """The registry after these (offset, entry) pairs, in the order of their offsets."""
        units, weeks, days = dict(self.units), dict(self.weeks), dict(self.days)
        procedures, publishers = dict(self.procedures), dict(self.publishers)
        reasons, suspensions = dict(self.pause_reasons), dict(self.suspensions)
        rules, accounts = dict(self.rules), dict(self.accounts)
        import_mappings = dict(self.import_mappings)
        mappings, speakers = self.clock_mappings, self._speakers
        last = self.offset
        for offset, given in entries:
            last = max(last, offset)
            entry = msgspec.structs.replace(given, offset=offset)
            match entry:
                case Unit():
                    units[entry.id] = entry
                case Procedure():
                    versions = procedures.get(entry.code, ())
                    procedures[entry.code] = _with_version(versions, entry)
                case WorkingWeek():
                    weeks[entry.scope] = entry
                case CalendarDay():
                    days[(entry.layer, entry.scope, entry.day)] = entry
                case Publisher():
                    publishers[entry.id] = entry
                    speakers = speakers.with_publisher(entry, _known_at(mappings, entry))
                case ClockMapping():
                    mappings = (*mappings, entry)
                    speakers = speakers.known_by(recorded_at(mappings, entry.recorded_at or 0))
                case PauseReason():
                    reasons[entry.code] = entry
                case Suspension():
                    suspensions[entry.id] = reaching(entry, suspensions.get(entry.id))
                case DeadlineRules():
                    rules[(entry.scope, entry.valid_from)] = entry
                case Account():
                    accounts[entry.id] = entry
                case ImportMapping():
                    import_mappings[(entry.publisher, entry.name)] = entry
        return Registry(
            last,
            units=units,
            procedures=procedures,
            weeks=weeks,
            days=days,
            publishers=publishers,
            clock_mappings=mappings,
            pause_reasons=reasons,
            suspensions=suspensions,
            rules=rules,
            accounts=accounts,
            import_mappings=import_mappings,
            speakers=speakers,
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
        """Whether a publisher has authority over a unit: its own ones and those below them.

        The publishers of a successor speak for what the predecessor left behind.
        """
        known = self.publishers.get(publisher)
        if known is None or known.revoked:
            return False
        return self.is_within(unit, known.units)

    def spoke_for(self, publisher: str, recorded: Instant, units: Iterable[str]) -> bool:
        """Whether a publisher had authority over one of these units when it was recorded.

        A publisher that the registry did not know then is not judged: nothing enters the log
        without one, so the registry itself is younger than the event.
        """
        own = self._speakers.units_at(publisher, recorded)
        return own is None or any(self._is_within(unit, own) for unit in units if unit)

    def is_within(self, unit: str, units: Collection[str]) -> bool:
        """Whether a unit is one of these, below one, or was taken over by such a one."""
        return any(
            link in units for term in self.unit_map.line(unit) for link in self.chain(term.unit)
        )

    def calendar(self, unit: str) -> Calendar | None:
        """The calendar of a unit, all layers resolved; None where none can be made.

        After a unit has ended its dossiers follow the calendar of its successor.
        """
        return self._calendar(unit)

    def _build_calendar(self, unit: str) -> Calendar | None:
        terms = self.unit_map.line(unit)
        weeks = [(term.first, self._week_of(term.unit)) for term in terms]
        scopes = [(term.first, {*self.chain(term.unit), ""}) for term in reversed(terms)]
        entries = [
            entry
            for entry in self._days_in_order
            if entry.scope in next(named for first, named in scopes if first <= entry.day)
        ]
        made_of = (
            tuple((first, week.scope if week else None) for first, week in weeks),
            tuple(entry.offset for entry in entries),
        )
        if made_of not in self._compiled:
            self._compiled[made_of] = _compile(weeks, entries)
        return self._compiled[made_of]

    def _week_of(self, unit: str) -> WorkingWeek | None:
        scopes = (*self.chain(unit), "")
        return next((self.weeks[scope] for scope in scopes if scope in self.weeks), None)

    def frame_offset(self, unit: str) -> int:
        """The newest offset of what frames a calendar: units, those above, the working week."""
        return self._frame_offset(unit)

    def _find_frame_offset(self, unit: str) -> int:
        newest = -1
        for term in self.unit_map.line(unit):
            chain = [
                self.units[link].offset for link in self.chain(term.unit) if link in self.units
            ]
            week = self._week_of(term.unit)
            newest = max(newest, week.offset if week else -1, *chain, -1)
        return newest

    def rules_on(self, unit: str, day: date) -> DeadlineRules:
        """What is ruled for a unit on a day: each point by the nearest scope that states it.

        The offset is the newest one of the entries consulted.
        """
        return self._rules_on(unit, day) if self.rules else NO_RULES

    def _find_rules(self, unit: str, day: date) -> DeadlineRules:
        found = NO_RULES
        for scope in (*self.chain(unit), ""):
            versions = [
                rule
                for rule in self.rules.values()
                if rule.scope == scope and rule.valid_from <= day
            ]
            if versions:
                found = filled(found, max(versions, key=lambda rule: rule.valid_from))
        return found

    def suspensions_of(self, unit: str, procedure: str) -> Sequence[Suspension]:
        """The mass suspensions whose area and procedures take in a dossier, whatever their days."""
        if not self.suspensions:
            return ()
        links = self._links(unit)
        found = self.suspensions.values()
        return [one for one in found if one.coverage.takes_in(links, procedure)]

    def suspensions_ever_of(self, unit: str, procedure: str) -> Sequence[Suspension]:
        """Those of which any version takes in a dossier or took it in."""
        if not self.suspensions:
            return ()
        links = self._links(unit)
        return [
            one
            for one in self.suspensions.values()
            if any(each.takes_in(links, procedure) for each in (one.coverage, *one.former))
        ]

    def _links(self, unit: str) -> set[str]:
        return {link for term in self.unit_map.line(unit) for link in self.chain(term.unit)}


def _known_at(mappings: Sequence[ClockMapping], publisher: Publisher) -> Instant:
    if publisher.recorded_at is None:
        return _ALWAYS
    return recorded_at(mappings, publisher.recorded_at)


def _with_version(versions: tuple[Procedure, ...], new: Procedure) -> tuple[Procedure, ...]:
    others = [version for version in versions if version.valid_from != new.valid_from]
    ordered = tuple(sorted((*others, new), key=lambda version: version.valid_from))
    assert all(a.valid_from < b.valid_from for a, b in pairwise(ordered))  # noqa: S101
    return ordered


def _compile(
    weeks: Sequence[tuple[date, WorkingWeek | None]], entries: Sequence[CalendarDay]
) -> Calendar | None:
    """The calendar of these weeks, each from its date on, and entries in the order of the log."""
    known = [(first, week) for first, week in weeks if week is not None]
    if not known:
        return None
    first_week = known[0][1]
    overrides = [
        _override(entry, entry.kind)
        for entry in entries
        if entry.kind is not None and _makes_a_day(entry, entry.kind, known)
    ]
    undone = {entry.day.toordinal(): entry.offset for entry in entries if entry.kind is None}
    try:
        return build_calendar(
            first_week.days,
            overrides,
            first_week.first_day,
            max(week.last_day for _, week in known),
            undone,
            later_weeks=[(first, week.days) for first, week in known[1:]],
        )
    except Invalid:
        return None


def _makes_a_day(
    entry: CalendarDay, kind: DayKind, weeks: Sequence[tuple[date, WorkingWeek]]
) -> bool:
    """Whether hours can be found for a day; one for which they cannot is left as the week has it.

    `motcua registry check` refuses such an entry, but the log may have it.
    """
    week = next((week for first, week in reversed(weeks) if first <= entry.day), weeks[0][1])
    try:
        special_day(_override(entry, kind), ordinary_days(week.days))
    except Invalid:
        return False
    return True


def _override(entry: CalendarDay, kind: DayKind) -> Override:
    return Override(entry.day, kind, entry.windows, entry.reference, entry.offset, entry.layer)
