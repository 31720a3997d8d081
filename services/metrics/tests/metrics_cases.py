"""Builders of registries and published states for the tests of metrics."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from motcua_kernel.calendar import OFFICE_WEEK
from motcua_kernel.clock import Due
from motcua_kernel.days import DayKind, Layer
from motcua_kernel.events import Channel
from motcua_kernel.instant import DAY, HOUR, Instant, at_local, day_number, midnight
from motcua_kernel.life_cycle import Status
from motcua_kernel.registry import CalendarDay, Registry, WorkingWeek
from motcua_kernel.ruled import FOR_EVER
from motcua_kernel.state import NEVER
from motcua_kernel.units import Department, Unit, UnitLevel
from motcua_platform.state_codec import PublishedState

if TYPE_CHECKING:
    from motcua_kernel.registry import Entry

PROVINCE = Unit("68", "68", "Lâm Đồng", UnitLevel.PROVINCE)
DEPARTMENTS = (Department("vh-xh", "Văn hóa - Xã hội"), Department("kt", "Kinh tế"))
UNITS = tuple(
    Unit(f"2473{n}", f"2473{n}", f"Xã {n}", UnitLevel.COMMUNE, "68", departments=DEPARTMENTS)
    for n in range(2)
)
WEEK = WorkingWeek("", OFFICE_WEEK, date(2019, 1, 1), date(2021, 12, 31))
COMMUNE = UNITS[0].id

LAST_DAY, MERGED_ON = date(2020, 10, 31), date(2020, 11, 1)
OLD = tuple(
    Unit(
        f"2474{n}",
        f"2474{n}",
        f"Xã cũ {n}",
        UnitLevel.COMMUNE,
        "68",
        valid_until=LAST_DAY.isoformat(),
        departments=DEPARTMENTS,
    )
    for n in range(2)
)
NEW = Unit(
    "24740-2020",
    "24740",
    "Xã mới",
    UnitLevel.COMMUNE,
    "68",
    valid_from=MERGED_ON.isoformat(),
    predecessors=tuple(unit.id for unit in OLD),
    departments=DEPARTMENTS,
)
"""Two communes of 2020 and the one that follows them."""
CLOSED_DAYS = tuple(
    CalendarDay(Layer.UNIT, scope, day, DayKind.CLOSED)
    for scope, day in (
        (OLD[0].id, date(2020, 10, 29)),
        (OLD[0].id, date(2020, 11, 4)),
        (NEW.id, date(2020, 11, 5)),
    )
)
ENTRIES: tuple[Entry, ...] = (WEEK, PROVINCE, *UNITS, *OLD, NEW, *CLOSED_DAYS)
PLACES = tuple(unit.id for unit in (*UNITS, *OLD, NEW))
NOON = at_local(date(2020, 10, 28), 12 * 60)
"""A Wednesday."""


@lru_cache
def registry(*, entries: tuple[Entry, ...] = ENTRIES) -> Registry:
    """A registry of these entries; the same value for the same entries, with its calendars."""
    return Registry().with_entries(enumerate(entries))


def state(dossier: str = "d-1", **changes: Any) -> PublishedState:
    """A dossier received on 26/10/2020 and in process, due on 30/10/2020 by the day."""
    fields: dict[str, Any] = {
        "dossier": dossier,
        "fold_revision": 1,
        "registry_offset": 0,
        "events": 1,
        "status": Status.IN_PROCESS,
        "channel": Channel.COUNTER,
        "receiving_unit": COMMUNE,
        "resolving_unit": COMMUNE,
        "reporting_unit": COMMUNE,
        "department": "kt",
        "filed_at": NEVER,
        "received_at": at_local(date(2020, 10, 26), 9 * 60),
        "resolved_at": NEVER,
        "closed_at": NEVER,
        "is_paused": False,
        "rests": (),
        "due": due_on(date(2020, 10, 30)),
        "reception_due": None,
        "step_due": None,
        "step_department": "",
        "anomalies": (),
        "recorded_at": at_local(date(2020, 10, 26), 9 * 60),
    }
    return PublishedState(**fields | changes)


def resolved(dossier: str = "d-1", on: date = date(2020, 10, 28), **changes: Any) -> PublishedState:
    """The same dossier, resolved on a day at 10:00."""
    fields: dict[str, Any] = {"status": Status.RESOLVED, "events": 2}
    return state(dossier, resolved_at=at_local(on, 600), **fields | changes)


def due_on(day: date) -> Due:
    return Due(day.toordinal(), at_local(day, 17 * 60 + 30), by_day=True)


_FIRST_DAY = date(2020, 8, 1).toordinal()
_FIRST = midnight(_FIRST_DAY)
_moments = st.integers(0, 120 * 24).map(lambda hours: Instant(_FIRST + hours * HOUR))


@st.composite
def dues(draw: st.DrawFn) -> Due | None:
    kind = draw(st.sampled_from(("none", "day", "hours")))
    if kind == "none":
        return None
    moment = Instant(draw(_moments) + 30 * 60_000)
    return Due(day_number(moment), moment, by_day=kind == "day")


_days = st.integers(_FIRST_DAY, _FIRST_DAY + 120)
rests = st.one_of(
    st.just(()),
    st.tuples(_days, st.integers(0, 20)).map(lambda stretch: (stretch[0], sum(stretch))),
    _days.map(lambda day: (day, FOR_EVER)),
)
"""Days on which a clock stands by itself: none, a stretch, or from a day on."""


@st.composite
def states(draw: st.DrawFn, dossier: str) -> PublishedState:
    """Any state a dossier may be published in, at the coarse grain of hours."""
    status = draw(st.sampled_from(list(Status)))
    is_received = status in _RECEIVED or (status in _MAYBE_RECEIVED and draw(st.booleans()))
    ended_at = draw(_moments)
    is_resolved = status in {Status.RESOLVED, Status.RETURNED}
    is_closed = status in {Status.WITHDRAWN, Status.REFUSED} or (
        status is Status.STOPPED and draw(st.booleans())
    )
    is_open = not is_resolved and not is_closed
    pauses = status in {Status.SUPPLEMENT_REQUESTED, Status.PAYMENT_DUE, Status.STOPPED}
    is_paused = is_open and pauses
    return state(
        dossier,
        registry_offset=draw(st.integers(0, len(ENTRIES) - 1)),
        events=draw(st.integers(1, 9)),
        status=status,
        channel=draw(st.sampled_from(list(Channel))),
        receiving_unit=draw(st.sampled_from(PLACES)),
        reporting_unit=draw(st.sampled_from(PLACES)) if is_received else "",
        resolving_unit="",
        department=draw(st.sampled_from(("kt", "vh-xh", ""))) if is_received else "",
        filed_at=NEVER if status is Status.NONE else draw(_moments),
        received_at=draw(_moments) if is_received else NEVER,
        resolved_at=ended_at if is_resolved else NEVER,
        closed_at=ended_at if is_closed else NEVER,
        is_paused=is_paused,
        rests=draw(rests) if is_received and is_open else (),
        step_due=None if is_paused or not is_received else draw(dues()),
        step_department=draw(st.sampled_from(("kt", "mot-cua", ""))) if is_received else "",
        due=None if is_paused or not is_received else draw(dues()),
        reception_due=draw(dues()) if status is Status.FILED else None,
        anomalies=draw(st.sampled_from(((), ("out_of_place",), ("out_of_place",) * 2))),
    )


_RECEIVED = {
    Status.RECEIVED,
    Status.IN_PROCESS,
    Status.PAYMENT_DUE,
    Status.STOPPED,
    Status.RESOLVED,
    Status.RETURNED,
}
_MAYBE_RECEIVED = {Status.SUPPLEMENT_REQUESTED, Status.WITHDRAWN, Status.REFUSED}

nows = st.integers(0, 150).map(lambda days: Instant(_FIRST + days * DAY + 10 * HOUR))
