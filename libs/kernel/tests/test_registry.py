"""The registry as a fold over its entries: versions, authority, calendars, clock mappings."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from event_strategies import (
    COMMUNE,
    CONTINUES,
    DOSSIER,
    FIRST,
    LAST,
    MONDAY,
    PROVINCE,
    REGISTRY,
    entries,
    event,
    procedure,
    registry_of,
    three_days,
)
from hypothesis import given
from hypothesis import strategies as st
from motcua_kernel.calendar import OFFICE_WEEK, DayKind, Layer, Week, Window
from motcua_kernel.clock import LimitUnit, PauseMode
from motcua_kernel.events import Channel, Received
from motcua_kernel.fold import fold
from motcua_kernel.instant import Instant
from motcua_kernel.parties import Publisher
from motcua_kernel.procedures import NO_LIMIT, PauseCause, TimeLimit
from motcua_kernel.registry import (
    CalendarDay,
    ClockMapping,
    Entry,
    Registry,
    WorkingWeek,
)
from motcua_kernel.units import Unit, UnitLevel

NEXT_OFFSET = len(entries())
TUESDAY = date(2026, 3, 3)
OTHER_COMMUNE = "24736"


def with_more(*more: Entry) -> Registry:
    return registry_of([*entries(), *more])


@given(st.lists(st.integers(0, 40), max_size=6))
def test_entries_may_come_in_any_portions(cuts: list[int]) -> None:
    numbered = list(
        enumerate([*entries(), Publisher("p1", "", (COMMUNE,)), ClockMapping(*_ANCHORS, rate=1.0)])
    )
    bounds = [0, *sorted(cuts), len(numbered)]
    registry = Registry()
    for start, end in pairwise(bounds):
        registry = registry.with_entries(numbered[start:end])
    whole = Registry().with_entries(numbered)
    for known in ("offset", "units", "procedures", "weeks", "days", "publishers"):
        assert getattr(registry, known) == getattr(whole, known)
    assert registry.clock_mappings == whole.clock_mappings


_ANCHORS = (Instant(0), MONDAY)


def test_a_dossier_keeps_the_version_of_its_receipt_day() -> None:
    later = procedure(CONTINUES, three_days(1), valid_from=TUESDAY)
    registry = with_more(later)
    received = Received(CONTINUES, Channel.COUNTER, COMMUNE, COMMUNE)
    before = fold(DOSSIER, [event(received)], registry)
    assert before == fold(DOSSIER, [event(received)], REGISTRY)
    assert before.limit is not None
    assert before.limit.amount == 3 * 480
    after = fold(DOSSIER, [event(received, Instant(MONDAY + 86_400_000))], registry)
    assert after.limit is not None
    assert (after.limit.amount, after.procedure_offset) == (480, NEXT_OFFSET)


def test_a_correction_of_a_version_replaces_it() -> None:
    registry = with_more(procedure(CONTINUES, three_days(5)))
    state = fold(DOSSIER, [event(Received(CONTINUES, Channel.COUNTER, COMMUNE, COMMUNE))], registry)
    assert state.limit is not None
    assert (state.limit.amount, state.procedure_offset) == (5 * 480, NEXT_OFFSET)
    assert len(registry.procedures[CONTINUES]) == 1


def test_versions_are_found_by_day_and_by_base_code() -> None:
    registry = with_more(procedure(CONTINUES, valid_from=TUESDAY))
    known = registry.procedure_on(CONTINUES + ".000.00.00.H16", FIRST)
    assert known is not None
    assert known.valid_from == FIRST
    assert registry.procedure_on(CONTINUES, date(2025, 12, 31)) is None
    assert registry.procedure_on("9.999999", TUESDAY) is None
    newest = registry.procedure_on(CONTINUES, TUESDAY)
    assert newest is not None
    assert newest.valid_from == TUESDAY


def test_the_limit_of_a_channel_wins_over_the_general_one_and_the_shorter_promise_counts() -> None:
    online = TimeLimit(Channel.ONLINE, LimitUnit.WORKING_HOURS, 600, committed_minutes=240)
    for limits in ((three_days(), online), (online, three_days())):
        known = procedure(CONTINUES, *limits)
        assert known.limit(Channel.ONLINE).amount == 240
        assert known.limit(Channel.POST).amount == 3 * 480
    assert procedure(CONTINUES, online).limit(Channel.COUNTER) == NO_LIMIT
    longer = TimeLimit(Channel.ONLINE, LimitUnit.WORKING_HOURS, 600, committed_minutes=900)
    assert longer.effective().amount == 600


def test_a_pause_goes_on_where_the_procedure_says_nothing() -> None:
    silent = procedure(CONTINUES)
    assert silent.pause_mode(PauseCause.STOP) is PauseMode.CONTINUE
    strict = procedure(CONTINUES, mode=PauseMode.RESTART)
    assert strict.pause_mode(PauseCause.STOP) is PauseMode.RESTART


def test_authority_goes_down_the_chain_and_never_up_or_aside() -> None:
    aside = Unit(OTHER_COMMUNE, OTHER_COMMUNE, "Nhân Cơ", UnitLevel.COMMUNE, PROVINCE)
    registry = with_more(
        aside, Publisher("commune", "", (COMMUNE,)), Publisher("province", "", (PROVINCE,))
    )
    assert registry.may_speak_for("commune", COMMUNE)
    assert not registry.may_speak_for("commune", PROVINCE)
    assert not registry.may_speak_for("commune", OTHER_COMMUNE)
    assert registry.may_speak_for("province", COMMUNE)
    assert not registry.may_speak_for("province", "unknown")
    assert not registry.may_speak_for("province", "")
    assert not registry.may_speak_for("nobody", COMMUNE)
    revoked = registry.with_entries([(99, Publisher("province", "", (PROVINCE,), revoked=True))])
    assert not revoked.may_speak_for("province", COMMUNE)


def test_a_circle_of_parents_ends() -> None:
    circle = registry_of(
        [Unit("a", "a", "", UnitLevel.COMMUNE, "b"), Unit("b", "b", "", UnitLevel.DISTRICT, "a")]
    )
    assert list(circle.chain("a")) == ["a", "b"]


def closed(layer: Layer, scope: str, kind: DayKind | None = DayKind.CLOSED) -> CalendarDay:
    return CalendarDay(layer, scope, TUESDAY, kind)


def is_working(registry: Registry, unit: str) -> bool:
    calendar = registry.calendar(unit)
    assert calendar is not None
    return calendar.is_working_day(TUESDAY)


@pytest.mark.parametrize(
    ("days", "in_commune", "elsewhere"),
    [
        ([], True, True),
        ([closed(Layer.NATIONAL, "")], False, False),
        ([closed(Layer.PROVINCE, PROVINCE)], False, True),
        ([closed(Layer.COMMUNE, COMMUNE)], False, True),
        ([closed(Layer.NATIONAL, ""), closed(Layer.UNIT, COMMUNE, DayKind.WORKING)], True, False),
        ([closed(Layer.NATIONAL, ""), closed(Layer.NATIONAL, "", None)], True, True),
        ([closed(Layer.NATIONAL, ""), closed(Layer.UNIT, COMMUNE, None)], False, False),
    ],
)
def test_a_calendar_resolves_its_layers(
    days: list[CalendarDay], *, in_commune: bool, elsewhere: bool
) -> None:
    registry = with_more(*days)
    assert is_working(registry, COMMUNE) == in_commune
    assert is_working(registry, "unknown") == elsewhere


def test_the_week_of_the_nearest_unit_holds() -> None:
    morning = (Window(420, 660),)
    mornings: Week = (morning, morning, morning, morning, morning, (), ())
    registry = with_more(WorkingWeek(PROVINCE, mornings, FIRST, LAST))
    calendar = registry.calendar(COMMUNE)
    assert calendar is not None
    assert calendar.day(TUESDAY.toordinal()).windows == (Window(420, 660),)
    elsewhere = registry.calendar("unknown")
    assert elsewhere is not None
    assert elsewhere.day(TUESDAY.toordinal()).windows == OFFICE_WEEK[1]


def test_no_week_or_one_without_work_makes_no_calendar() -> None:
    assert Registry().calendar(COMMUNE) is None
    assert (
        with_more(WorkingWeek(COMMUNE, ((), (), (), (), (), (), ()), FIRST, LAST)).calendar(COMMUNE)
        is None
    )


def test_clock_mappings_are_kept_in_the_order_of_the_log() -> None:
    first, second = ClockMapping(*_ANCHORS, rate=0.0), ClockMapping(*_ANCHORS, rate=2.0)
    mappings = registry_of([first, second]).clock_mappings
    assert [(one.rate, one.offset) for one in mappings] == [(0.0, 0), (2.0, 1)]
