"""Events of every kind, from several publishers and sources, with a liking for collisions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from motcua_kernel.calendar import OFFICE_WEEK
from motcua_kernel.clock import LimitUnit, PauseMode
from motcua_kernel.events import (
    KIND_OF_CHANGE,
    Change,
    Channel,
    Consulted,
    Event,
    Extended,
    Filed,
    Forwarded,
    OpinionGiven,
    PaymentPaid,
    PaymentRequested,
    Received,
    Refused,
    Resolved,
    Resumed,
    Returned,
    Stopped,
    SupplementRequested,
    SupplementSupplied,
    Voided,
    Withdrawn,
)
from motcua_kernel.instant import DAY, HOUR, Instant, at_local
from motcua_kernel.procedures import PauseCause, Procedure, TimeLimit
from motcua_kernel.registry import Entry, Registry, WorkingWeek
from motcua_kernel.units import Unit, UnitLevel

if TYPE_CHECKING:
    from collections.abc import Sequence

DOSSIER = "000.00.31.H16-260302-0001"
PROVINCE, COMMUNE = "67", "24733"
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
MONDAY = at_local(date(2026, 3, 2), 10 * 60)

CONTINUES, RESTARTS, HOURS, ENDLESS = "1.000001", "1.000002", "1.000003", "1.000004"
PROCEDURES = (CONTINUES, RESTARTS, HOURS, ENDLESS, "9.999999")
"""Three working days, the same with restarts, eight hours, no limit, and one nobody knows."""


def procedure(
    code: str,
    *limits: TimeLimit,
    mode: PauseMode = PauseMode.CONTINUE,
    valid_from: date = FIRST,
) -> Procedure:
    modes = tuple((cause, mode) for cause in PauseCause)
    return Procedure(code, code, valid_from, limits=limits, pause_modes=modes)


def three_days(days: int = 3) -> TimeLimit:
    return TimeLimit(Channel.UNSPECIFIED, LimitUnit.WORKING_DAYS, days * 480)


def entries() -> list[Entry]:
    hours = TimeLimit(Channel.UNSPECIFIED, LimitUnit.WORKING_HOURS, 8 * 60)
    return [
        Unit(PROVINCE, PROVINCE, "Đắk Nông", UnitLevel.PROVINCE),
        Unit(COMMUNE, COMMUNE, "Kiến Đức", UnitLevel.COMMUNE, PROVINCE),
        WorkingWeek("", OFFICE_WEEK, FIRST, LAST),
        procedure(CONTINUES, three_days()),
        procedure(RESTARTS, three_days(), mode=PauseMode.RESTART),
        procedure(HOURS, hours),
        procedure(ENDLESS),
    ]


def registry_of(given: Sequence[Entry]) -> Registry:
    return Registry().with_entries(enumerate(given))


REGISTRY = registry_of(entries())


def event(  # noqa: PLR0917 the order in which an event is told
    change: Change,
    at: Instant = MONDAY,
    event_id: str = "",
    publisher: str = "p1",
    source: str = "s1",
    sequence: int = 0,
) -> Event:
    kind = KIND_OF_CHANGE[type(change)]
    return Event(
        publisher=publisher,
        event_id=event_id or f"{kind.name}-{at}",
        dossier=DOSSIER,
        kind=kind,
        occurred_at=at,
        source=source,
        sequence=sequence,
        change=change,
        recorded_at=Instant(at + HOUR),
    )


_channels = st.sampled_from(Channel)
_units = st.sampled_from((COMMUNE, PROVINCE, "unknown"))
_departments = st.sampled_from(("", "tu-phap", "dia-chinh"))
_reasons = st.sampled_from(("", "R1", "R2"))
_agencies = st.sampled_from(("cong-an", "thue"))
_ids = st.integers(0, 11).map("e{}".format)
_procedures = st.sampled_from(PROCEDURES)

_changes_by_kind: dict[type[Change], st.SearchStrategy[Change]] = {
    Filed: st.builds(Filed, _procedures, _units, _channels),
    Received: st.builds(Received, _procedures, _channels, _units, _units, _units, _departments),
    Refused: st.builds(Refused, _reasons, _reasons),
    Forwarded: st.builds(Forwarded, _departments, _departments),
    SupplementRequested: st.builds(SupplementRequested, _reasons),
    SupplementSupplied: st.just(SupplementSupplied()),
    PaymentRequested: st.builds(PaymentRequested, _reasons),
    PaymentPaid: st.just(PaymentPaid()),
    Extended: st.builds(Extended, st.integers(0, 5000), _reasons, _reasons, st.booleans()),
    Stopped: st.builds(Stopped, _reasons, _reasons, st.booleans()),
    Resumed: st.builds(Resumed, _reasons),
    Withdrawn: st.builds(Withdrawn, _reasons),
    Resolved: st.builds(Resolved, st.sampled_from(("", "KQ.G15.000031"))),
    Returned: st.builds(Returned, _channels),
    Voided: st.builds(Voided, _ids, _reasons),
    Consulted: st.builds(Consulted, _agencies),
    OpinionGiven: st.builds(OpinionGiven, _agencies),
}
changes = st.sampled_from(sorted(_changes_by_kind, key=lambda change: change.__name__)).flatmap(
    _changes_by_kind.__getitem__
)
"""Every kind of change, each as likely as the others."""

_moments = st.one_of(
    st.integers(0, 3).map(lambda hours: Instant(MONDAY + hours * HOUR)),
    st.integers(0, 30).map(lambda days: Instant(MONDAY + days * DAY)),
    st.integers(-DAY, 30 * DAY).map(lambda shift: Instant(MONDAY + shift)),
)

events = st.builds(
    event,
    changes,
    _moments,
    _ids,
    st.sampled_from(("p1", "p2")),
    st.sampled_from(("s1", "s2", "")),
    st.integers(0, 2),
)
_free_sets = st.lists(events, max_size=12, unique_by=lambda one: one.identity)

STORY: tuple[Change, ...] = (
    Filed(CONTINUES, COMMUNE),
    Received(CONTINUES, Channel.ONLINE, COMMUNE, COMMUNE, department="tu-phap"),
    Forwarded("tu-phap", "appraise"),
    Consulted("thue"),
    SupplementRequested("R1"),
    SupplementSupplied(),
    PaymentRequested(),
    PaymentPaid(),
    Stopped(),
    OpinionGiven("thue"),
    Resumed(),
    Forwarded("dia-chinh", "sign"),
    Extended(480),
    Resolved(),
    Returned(),
)


def _told(gaps: list[int], kept: set[int], more: list[Event]) -> list[Event]:
    """A plausible story with holes in it, and other events in between."""
    moment, told = MONDAY, dict[tuple[str, str], Event]()
    for number, (change, gap) in enumerate(zip(STORY, gaps, strict=True)):
        moment = Instant(moment + gap)
        if number in kept:
            one = event(change, moment, f"e{number}")
            told[one.identity] = one
    for one in more:
        told.setdefault(one.identity, one)
    return list(told.values())


_stories = st.builds(
    _told,
    st.lists(st.integers(0, 2 * DAY), min_size=len(STORY), max_size=len(STORY)),
    st.sets(st.integers(0, len(STORY) - 1), min_size=4),
    st.lists(events, max_size=4),
)

event_sets = st.one_of(_free_sets, _stories)
"""Distinct events of one dossier: stories with holes, and events that make no sense at all."""


def days_after(start: date, days: int, minute: int = 10 * 60) -> Instant:
    return at_local(start + timedelta(days=days), minute)
