"""Defects seen in other systems that keep deadlines; each test is named after what it prevents.

The registry is a province with real hours and the true days off of 2025 and 2026.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from event_strategies import DOSSIER, event, registry_of
from hypothesis import given
from hypothesis import strategies as st
from motcua_kernel.calendar import (
    OFFICE_WEEK,
    DayKind,
    Layer,
    Week,
    Window,
    build_calendar,
)
from motcua_kernel.clock import Due, EndRule, Ledger, Limit, LimitUnit, due
from motcua_kernel.derive import Derived, derive
from motcua_kernel.errors import Invalid
from motcua_kernel.events import (
    Change,
    Channel,
    Event,
    Forwarded,
    Received,
    Resolved,
    SupplementRequested,
    SupplementSupplied,
)
from motcua_kernel.fold import advance, fold
from motcua_kernel.instant import MINUTE, Instant, at_local, format_local, parse_rfc3339
from motcua_kernel.procedures import Procedure, TimeLimit
from motcua_kernel.registry import CalendarDay, Entry, Registry, WorkingWeek
from motcua_kernel.snapshot import Snapshot, decode, encode
from motcua_kernel.units import Unit, UnitLevel
from motcua_kernel.verdict import Outcome, Timing, is_overdue, outcome, timing
from vietnam_days import overrides

THREE_DAYS, EIGHT_HOURS, TEN_CALENDAR_DAYS, ENDLESS = "1.000001", "1.000002", "1.000003", "1.000004"
COMMUNE, EARLY_COMMUNE = "24733", "24736"
FIRST, LAST = date(2025, 1, 1), date(2026, 12, 31)
EARLY_HOURS = (Window(420, 690), Window(780, 990))
EARLY_WEEK: Week = (EARLY_HOURS, EARLY_HOURS, EARLY_HOURS, EARLY_HOURS, EARLY_HOURS, (), ())


def procedure(code: str, *limits: TimeLimit, valid_from: date = FIRST) -> Procedure:
    return Procedure(code, code, valid_from, limits=limits)


def limit(unit: LimitUnit, minutes: int) -> TimeLimit:
    return TimeLimit(Channel.UNSPECIFIED, unit, minutes)


DAYS_OFF: list[Entry] = [
    CalendarDay(one.layer, "", one.day, one.kind, one.windows, one.reference)
    for one in overrides()
    if FIRST <= one.day <= LAST
]
PROCEDURES: list[Entry] = [
    procedure(THREE_DAYS, limit(LimitUnit.WORKING_DAYS, 3 * 480)),
    procedure(EIGHT_HOURS, limit(LimitUnit.WORKING_HOURS, 480)),
    procedure(TEN_CALENDAR_DAYS, limit(LimitUnit.CALENDAR_DAYS, 10 * 1440)),
    procedure(ENDLESS),
]
ENTRIES: list[Entry] = [
    Unit("67", "67", "Đắk Nông", UnitLevel.PROVINCE),
    Unit(COMMUNE, COMMUNE, "Kiến Đức", UnitLevel.COMMUNE, "67"),
    Unit(EARLY_COMMUNE, EARLY_COMMUNE, "Nhân Cơ", UnitLevel.COMMUNE, "67"),
    WorkingWeek("", OFFICE_WEEK, FIRST, LAST),
    WorkingWeek(EARLY_COMMUNE, EARLY_WEEK, FIRST, LAST),
    *PROCEDURES,
    *DAYS_OFF,
]
REGISTRY = registry_of(ENTRIES)
ASKED, SUPPLIED = SupplementRequested(), SupplementSupplied()


def at(text: str) -> Instant:
    return parse_rfc3339(f"2026-{text.replace(' ', 'T')}:00+07:00")


def received(code: str = THREE_DAYS, unit: str = COMMUNE, department: str = "dat") -> Received:
    return Received(code, Channel.COUNTER, unit, unit, department=department)


def told(*story: tuple[str, Change]) -> list[Event]:
    return [event(change, at(moment), f"e{n}") for n, (moment, change) in enumerate(story)]


def derived(*story: tuple[str, Change], registry: Registry = REGISTRY) -> Derived:
    return derive(fold(DOSSIER, told(*story), registry), registry)


def shown(one: Due | None) -> str | None:
    return one and format_local(one.moment)[:16].replace("T", " ")


# 1: OpenCPS counted a dossier without a due date as on time.


@pytest.mark.parametrize("resolved", ["03-02 10:00", "12-30 10:00"])
def test_no_due_date_is_never_on_time(resolved: str) -> None:
    state = fold(
        DOSSIER,
        told(("03-02 08:00", received(ENDLESS)), (resolved, Resolved())),
        REGISTRY,
    )
    found = derive(state, REGISTRY)
    assert outcome(found.due, state.resolved_at) is Outcome.NO_DEADLINE
    waiting = derived(("03-02 08:00", received(ENDLESS)))
    verdict = timing(waiting.due, paused=False, now=at("12-30 10:00"), soon_until=0)
    assert verdict is Timing.NO_DEADLINE


def test_a_result_on_a_saturday_is_judged_by_its_own_day_and_not_by_the_receipt() -> None:
    found = derived(("03-03 10:00", received()))
    assert shown(found.due) == "2026-03-06 10:00"
    assert outcome(found.due, at("03-07 09:00")) is Outcome.OVERDUE
    assert outcome(found.due, at("03-06 23:00")) is Outcome.ON_TIME


# 2: OpenCPS shared the working hours of all agencies in one static variable.


def test_two_units_with_different_hours_do_not_influence_each_other_in_parallel() -> None:
    expected = {COMMUNE: "2026-03-03 17:15", EARLY_COMMUNE: "2026-03-03 16:30"}

    def ask(number: int) -> tuple[str, str | None]:
        unit = (COMMUNE, EARLY_COMMUNE)[number % 2]
        registry = REGISTRY if number % 3 else registry_of(ENTRIES)
        found = derived(("03-02 17:15", received(EIGHT_HOURS, unit)), registry=registry)
        return unit, shown(found.due)

    with ThreadPoolExecutor(8) as pool:
        for unit, answer in pool.map(ask, range(60)):
            assert answer == expected[unit]


# 3: OpenCPS moved the stored due date with each pause, so a second run moved it again.

STORY: tuple[tuple[str, Change], ...] = (
    ("03-02 10:00", received()),
    ("03-03 10:00", ASKED),
    ("03-10 15:00", SUPPLIED),
    ("03-11 10:00", ASKED),
    ("03-12 10:00", SUPPLIED),
)


def test_a_replay_with_pauses_gives_the_same_due_date_however_often() -> None:
    events = told(*STORY)
    once = derived(*STORY)
    assert shown(once.due) == "2026-03-13 15:00"
    state = fold(DOSSIER, [*events, *events, *reversed(events)], REGISTRY)
    for _ in range(3):
        assert derive(state, REGISTRY) == once
        kept = decode(encode(Snapshot(state, once)))
        assert kept is not None
        state = kept.state
    step_by_step = fold(DOSSIER, events[:1], REGISTRY)
    for one in events[1:]:
        following = advance(step_by_step, [one], REGISTRY)
        assert following is not None
        step_by_step = following
    assert derive(step_by_step, REGISTRY) == once


# 4: Frappe looped for ever on a calendar without a working day.


def test_a_calendar_without_a_working_day_is_refused_and_its_dossiers_are_anomalies() -> None:
    never: Week = ((), (), (), (), (), (), ())
    with pytest.raises(Invalid, match="working day"):
        build_calendar(never, [], FIRST, LAST)
    registry = REGISTRY.with_entries([(900, WorkingWeek(COMMUNE, never, FIRST, date(2025, 1, 9)))])
    closed = [
        (901 + n, CalendarDay(Layer.UNIT, COMMUNE, date(2025, 1, 1 + n), DayKind.CLOSED))
        for n in range(9)
    ]
    found = derived(STORY[0], registry=registry.with_entries(closed))
    assert found.due is None
    assert [one.kind for one in found.anomalies] == ["calendar_unknown"]


# 6: in Zammad a change of group restarted the clock, or left it behind.


@given(st.lists(st.sampled_from(("dat", "tu-phap", "van-hoa", "")), max_size=6))
def test_a_transfer_between_departments_leaves_the_clock_as_it_is(departments: list[str]) -> None:
    hops: list[tuple[str, Change]] = [
        (f"03-02 {11 + n}:00", Forwarded(department)) for n, department in enumerate(departments)
    ]
    plain, moved = derived(*STORY), derived(STORY[0], *hops, *STORY[1:])
    assert (moved.due, moved.paused) == (plain.due, plain.paused)


# 8: in GLPI a new service level forgot the pauses that lay before it.


def test_a_new_version_of_a_procedure_mid_flight_forgets_no_pause() -> None:
    shorter = procedure(
        THREE_DAYS, limit(LimitUnit.WORKING_DAYS, 480), valid_from=date(2026, 3, 11)
    )
    changed = REGISTRY.with_entries([(900, shorter)])
    assert derived(*STORY, registry=changed).due == derived(*STORY).due
    corrected = REGISTRY.with_entries(
        [(900, procedure(THREE_DAYS, limit(LimitUnit.WORKING_DAYS, 4 * 480)))]
    )
    assert shown(derived(*STORY, registry=corrected).due) == "2026-03-16 15:00"


# 9: in OpenCPS "waiting for more than n days" came true after minutes.


def test_a_wait_of_days_is_over_after_days_and_not_after_minutes() -> None:
    found = derived(("03-02 10:00", received())).due
    assert found is not None
    assert not is_overdue(found, at("03-02 10:05"))
    assert not is_overdue(found, at("03-05 23:59"))
    assert is_overdue(found, at("03-06 00:00"))
    ten = derived(("03-02 10:00", received(TEN_CALENDAR_DAYS))).due
    assert shown(ten) == "2026-03-12 17:30"


# 11: in CCRS a tenant without configuration had no target, and so was never late.


def test_a_unit_without_configuration_is_an_anomaly_and_never_silently_in_time() -> None:
    without_week = registry_of(
        [one for one in ENTRIES if not (isinstance(one, WorkingWeek) and one.scope == "")]
    )
    found = derived(("03-02 10:00", received()), registry=without_week)
    assert [one.kind for one in found.anomalies] == ["calendar_unknown"]
    verdict = timing(found.due, paused=found.paused, now=at("12-01 10:00"), soon_until=0)
    assert verdict is Timing.NO_DEADLINE
    stranger = derived(("03-02 10:00", received(unit="99999")))
    assert [one.kind for one in stranger.anomalies] == ["unit_unknown"]
    assert shown(stranger.due) == "2026-03-05 10:00"
    unknown = derived(("03-02 10:00", received("9.999999")))
    assert [one.kind for one in unknown.anomalies] == ["procedure_unknown"]
    assert unknown.due is None


# 12: CCRS read the level of a unit from its place in a path.


@pytest.mark.parametrize("depth", [0, 1, 2, 5])
def test_a_tree_of_units_may_have_any_depth(depth: int) -> None:
    names = [f"level-{n}" for n in range(depth + 1)]
    parents = ["", *names]
    flood = CalendarDay(Layer.PROVINCE, names[0], date(2026, 3, 3), DayKind.CLOSED, (), "flood")
    tree = [
        Unit(name, name, name, UnitLevel.UNSPECIFIED, parent)
        for name, parent in zip(names, parents, strict=False)
    ]
    registry = registry_of([*ENTRIES, *tree, flood])
    assert list(registry.chain(names[-1])) == names[::-1]
    here = derived(("03-02 10:00", received(EIGHT_HOURS, names[-1])), registry=registry)
    there = derived(("03-02 10:00", received(EIGHT_HOURS)), registry=registry)
    assert (shown(here.due), shown(there.due)) == ("2026-03-04 10:00", "2026-03-03 10:00")


def test_a_tree_of_units_that_bites_its_tail_does_not_hang() -> None:
    ring = registry_of(
        [
            *ENTRIES,
            Unit("a", "a", "a", UnitLevel.COMMUNE, "b"),
            Unit("b", "b", "b", UnitLevel.COMMUNE, "a"),
        ]
    )
    assert shown(derived(("03-02 10:00", received(unit="a")), registry=ring).due) is not None


# 13: in Camunda a timer on an impossible date never fired.


@pytest.mark.parametrize(
    "text",
    ["2026-04-31T10:00:00+07:00", "2026-02-29T10:00:00+07:00", "2026-03-02T24:01:00+07:00"],
)
def test_31_april_and_29_february_are_refused(text: str) -> None:
    with pytest.raises(Invalid, match="existing date"):
        parse_rfc3339(text)


def test_a_limit_over_29_february_and_over_30_april_ends_on_a_day_that_exists() -> None:
    calendar = build_calendar(OFFICE_WEEK, [], date(2024, 1, 1), date(2024, 12, 31))
    one_day = Limit(LimitUnit.CALENDAR_DAYS, 1440)
    for start, expected in (("2024-02-28", "2024-02-29"), ("2024-04-30", "2024-05-01")):
        ledger = Ledger(one_day, at_local(date.fromisoformat(start), 600))
        assert shown(due(ledger, calendar)) == f"{expected} 17:30"


# 17: in Signalen a deadline moved off the weekend lost its time zone.


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("02-25 23:59", 3, "2026-03-02 17:30"),  # the 28th is a Saturday and the month's last day
        ("01-28 00:00", 3, "2026-02-02 17:30"),  # the 31st is a Saturday
        ("05-28 10:00", 3, "2026-06-01 17:30"),  # the 31st is a Sunday
        ("10-28 06:59", 3, "2026-11-02 17:30"),  # still the 27th in UTC
    ],
)
def test_a_deadline_moved_off_a_weekend_ends_at_local_hours_over_the_end_of_a_month(
    start: str, days: int, expected: str
) -> None:
    calendar = REGISTRY.calendar(COMMUNE)
    assert calendar is not None
    ledger = Ledger(Limit(LimitUnit.CALENDAR_DAYS, days * 1440), at(start))
    found = due(ledger, calendar)
    assert shown(found) == expected
    assert found is not None
    midnight_after = at_local(date.fromordinal(found.day + 1), 0)
    assert not is_overdue(found, Instant(midnight_after - 1))
    assert is_overdue(found, midnight_after)


def test_the_due_day_ends_at_local_midnight_and_not_at_that_of_utc() -> None:
    calendar = REGISTRY.calendar(COMMUNE)
    assert calendar is not None
    limit = Limit(LimitUnit.WORKING_DAYS, 480, EndRule.END_OF_DAY)
    found = due(Ledger(limit, at("03-30 10:00")), calendar)
    assert found is not None
    assert shown(found) == "2026-03-31 17:30"
    utc_midnight = parse_rfc3339("2026-04-01T00:00:00Z")
    local_midnight = parse_rfc3339("2026-03-31T17:00:00Z")
    assert is_overdue(found, local_midnight)
    assert is_overdue(found, utc_midnight)
    assert not is_overdue(found, Instant(local_midnight - MINUTE))
