from __future__ import annotations

from datetime import date, timedelta
from random import Random

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from motcua_kernel.calendar import (
    FULL_DAY,
    HALF_DAY,
    OFFICE_HOURS,
    OFFICE_WEEK,
    BeyondCalendar,
    Calendar,
    DayKind,
    Edge,
    Layer,
    Measure,
    Override,
    Week,
    Window,
    Windows,
    build_calendar,
)
from motcua_kernel.errors import Invalid
from motcua_kernel.instant import DAY, HOUR, Instant, at_local, midnight
from random_cases import FIRST, LAST, random_overrides, random_week
from vietnam_days import DAYS_OFF, MAKE_UP_SATURDAYS, days_off, national_calendar

MORNING = Window(450, 690)
SPAN = ((LAST - FIRST).days + 1) * DAY
measures = st.sampled_from(list(Measure))


def national(day: date, kind: DayKind, *windows: Window, offset: int = 0) -> Override:
    return Override(day, kind, windows, "", offset, Layer.NATIONAL)


def some_calendar(seed: int) -> Calendar:
    random = Random(seed)
    return build_calendar(random_week(random), random_overrides(random), FIRST, LAST)


CALENDARS = tuple(some_calendar(seed) for seed in range(20))
OFFICE = build_calendar(OFFICE_WEEK, [], FIRST, LAST)
calendars = st.sampled_from(CALENDARS)
START = midnight(FIRST.toordinal())
instants = st.integers(START, START + SPAN - 1).map(Instant)
early_instants = st.integers(START, START + SPAN - 60 * DAY).map(Instant)


@given(calendars, measures, instants, instants)
def test_position_is_monotone(
    calendar: Calendar, measure: Measure, one: Instant, other: Instant
) -> None:
    earlier, later = min(one, other), max(one, other)
    assert calendar.position(earlier, measure) <= calendar.position(later, measure)


@given(calendars, early_instants)
def test_instant_at_inverts_position_in_working_time(calendar: Calendar, instant: Instant) -> None:
    position = calendar.position(instant, Measure.TIME)
    late = calendar.instant_at(position, Measure.TIME, Edge.LATE)
    assert late == calendar.working_from(instant)
    if calendar.is_working(instant):
        assert late == instant


@given(early_instants)
def test_on_eight_hour_days_the_measure_of_days_is_inverted_exactly(instant: Instant) -> None:
    position = OFFICE.position(instant, Measure.DAYS)
    assert position == OFFICE.position(instant, Measure.TIME)
    assert OFFICE.instant_at(position, Measure.DAYS, Edge.LATE) == OFFICE.working_from(instant)


@given(calendars, measures, st.data())
def test_instant_at_is_the_first_instant_that_reaches_the_position(
    calendar: Calendar, measure: Measure, data: st.DataObject
) -> None:
    last = Instant(START + SPAN - 1)
    position = data.draw(st.integers(1, calendar.position(last, measure)))
    early = calendar.instant_at(position, measure, Edge.EARLY)
    assert calendar.position(early, measure) >= position
    assert calendar.position(Instant(early - 1), measure) < position


@given(calendars, measures, st.data())
def test_between_windows_early_ends_one_and_late_starts_the_next(
    calendar: Calendar, measure: Measure, data: st.DataObject
) -> None:
    day = data.draw(st.integers(FIRST.toordinal(), LAST.toordinal() - 60))
    day = calendar.roll_forward(day)
    closing = calendar.closing(day)
    position = calendar.position(closing, measure)
    if calendar.position(Instant(closing - 1), measure) < position:
        assert calendar.instant_at(position, measure, Edge.EARLY) == closing
    opening = calendar.opening(calendar.next_working_day(day))
    assert calendar.instant_at(position, measure, Edge.LATE) == opening


@pytest.mark.parametrize("year", sorted(DAYS_OFF))
def test_the_years_2020_to_2026_have_their_announced_days(year: int) -> None:
    calendar = national_calendar()
    closed = set(days_off(year))
    day = date(year, 1, 1)
    while day.year == year:
        expected = day in MAKE_UP_SATURDAYS or (day.weekday() < 5 and day not in closed)
        assert calendar.is_working_day(day) == expected, day
        day += timedelta(days=1)


def test_the_holidays_library_lacks_only_the_swap_of_2_january_2026() -> None:
    library = holidays.country_holidays("VN", years=range(2020, 2027))
    seed = {day for day in library if day.weekday() < 5}
    announced = {day for year in DAYS_OFF for day in days_off(year)}
    assert announced - seed == {date(2026, 1, 2)}
    assert seed <= announced


def test_2_january_2026_is_off_and_saturday_10_january_is_worked() -> None:
    calendar = national_calendar()
    new_year_eve = date(2025, 12, 31).toordinal()
    assert calendar.next_working_day(new_year_eve) == date(2026, 1, 5).toordinal()
    assert not calendar.is_working_day(date(2026, 1, 2))
    assert calendar.is_working_day(date(2026, 1, 10))
    friday = date(2026, 1, 9).toordinal()
    assert calendar.next_working_day(friday) == date(2026, 1, 10).toordinal()


def test_a_make_up_saturday_without_windows_keeps_the_hours_of_the_unit() -> None:
    own = (Window(420, 690), Window(810, 1020))
    week: Week = (own, own, own, own, own, (), ())
    assert national_calendar(week).day(date(2026, 8, 22).toordinal()).windows == own


def test_the_more_specific_layer_wins_and_then_the_later_offset() -> None:
    day = date(2024, 5, 6)
    entries = [
        Override(day, DayKind.WORKING, (MORNING,), "unit", 1, Layer.UNIT),
        Override(day, DayKind.CLOSED, (), "commune", 9, Layer.COMMUNE),
        Override(day, DayKind.CLOSED, (), "province", 99, Layer.PROVINCE),
    ]

    def reference(*entries: Override) -> str:
        return build_calendar(OFFICE_WEEK, entries, FIRST, LAST).day(day.toordinal()).reference

    assert reference(*entries) == reference(*reversed(entries)) == "unit"
    assert reference(*entries[1:]) == reference(*entries[:0:-1]) == "commune"
    older = Override(day, DayKind.HALF, (MORNING,), "older", 5, Layer.COMMUNE)
    assert reference(*entries[1:], older) == "commune"


@pytest.mark.parametrize("measure", list(Measure))
def test_position_zero_lies_at_the_start_or_at_the_first_opening(measure: Measure) -> None:
    sunday = date(2026, 3, 1)
    calendar = build_calendar(OFFICE_WEEK, [], sunday, LAST)
    assert calendar.instant_at(0, measure, Edge.EARLY) == at_local(sunday, 0)
    assert calendar.instant_at(0, measure, Edge.LATE) == at_local(date(2026, 3, 2), 450)


def test_a_half_day_weighs_half_whatever_its_hours() -> None:
    day = date(2024, 5, 6)
    calendar = build_calendar(OFFICE_WEEK, [national(day, DayKind.HALF)], FIRST, LAST)
    assert calendar.day(day.toordinal()).windows == (MORNING,)
    tuesday = calendar.opening(day.toordinal() + 1)
    monday = calendar.opening(day.toordinal())
    gained = calendar.position(tuesday, Measure.DAYS) - calendar.position(monday, Measure.DAYS)
    assert gained == HALF_DAY
    assert calendar.closing(day.toordinal()) == at_local(day, 690)


def test_a_long_day_weighs_no_more_than_a_full_one() -> None:
    day = date(2024, 5, 6)
    long = national(day, DayKind.WORKING, Window(360, 1080))
    calendar = build_calendar(OFFICE_WEEK, [long], FIRST, LAST)
    start, end = calendar.opening(day.toordinal()), calendar.closing(day.toordinal())
    days = calendar.position(end, Measure.DAYS) - calendar.position(start, Measure.DAYS)
    time = calendar.position(end, Measure.TIME) - calendar.position(start, Measure.TIME)
    assert (days, time) == (FULL_DAY, 12 * HOUR)


def test_the_latest_offset_of_a_span_counts_only_what_is_in_force() -> None:
    day = date(2024, 5, 6)
    entries = [
        Override(day, DayKind.CLOSED, (), "", 3, Layer.UNIT),
        Override(day, DayKind.CLOSED, (), "", 8, Layer.NATIONAL),
        national(day + timedelta(days=2), DayKind.CLOSED, offset=5),
    ]
    calendar = build_calendar(OFFICE_WEEK, entries, FIRST, LAST)
    monday = day.toordinal()
    assert calendar.latest_offset(monday - 9, monday - 1) == -1
    assert calendar.latest_offset(monday, monday + 1) == 3
    assert calendar.latest_offset(monday, monday + 2) == 5
    assert calendar.latest_offset(monday + 3, monday + 30) == -1


def test_windows_hold_their_start_and_not_their_end() -> None:
    calendar = national_calendar()
    day = date(2026, 3, 2)
    assert calendar.is_working(at_local(day, 450))
    assert not calendar.is_working(at_local(day, 690))
    assert not calendar.is_working(at_local(day, 449))
    assert not calendar.is_working(at_local(date(2026, 3, 1), 600))


@pytest.mark.parametrize(
    "windows",
    [
        (Window(450, 690), Window(689, 1050)),
        (Window(810, 1050), Window(450, 690)),
        (Window(450, 450),),
        (Window(690, 450),),
        (Window(-1, 450),),
        (Window(450, 1441),),
    ],
)
def test_overlapping_and_empty_windows_are_refused(windows: Windows) -> None:
    with pytest.raises(Invalid, match="windows"):
        build_calendar((windows, (), (), (), (), (), ()), [], FIRST, LAST)
    day = national(FIRST, DayKind.WORKING, *windows)
    with pytest.raises(Invalid, match="windows"):
        build_calendar(OFFICE_WEEK, [day], FIRST, LAST)


def test_a_calendar_without_a_working_day_is_refused() -> None:
    nothing: Week = ((), (), (), (), (), (), ())
    with pytest.raises(Invalid, match="working day"):
        build_calendar(nothing, [], FIRST, LAST)
    weekend = date(2026, 8, 1)
    with pytest.raises(Invalid, match="working day"):
        build_calendar(OFFICE_WEEK, [], weekend, weekend + timedelta(days=1))
    with pytest.raises(Invalid, match="working day"):
        build_calendar(OFFICE_WEEK, [], LAST, FIRST)


def test_a_closed_day_has_no_windows_and_a_working_day_needs_some() -> None:
    with pytest.raises(Invalid, match="closed"):
        build_calendar(OFFICE_WEEK, [national(FIRST, DayKind.CLOSED, MORNING)], FIRST, LAST)
    nothing: Week = ((), (), (), (), (), (), ())
    with pytest.raises(Invalid, match="windows"):
        build_calendar(nothing, [national(FIRST, DayKind.WORKING)], FIRST, LAST)


def test_a_question_outside_the_range_names_the_day_and_the_horizon() -> None:
    calendar = build_calendar(OFFICE_WEEK, [], FIRST, LAST)
    after, before = LAST + timedelta(days=1), FIRST - timedelta(days=1)
    for day in (after, before):
        with pytest.raises(BeyondCalendar) as caught:
            calendar.position(at_local(day, 600), Measure.DAYS)
        assert (caught.value.day, caught.value.horizon) == (day, LAST)
        with pytest.raises(BeyondCalendar):
            calendar.is_working_day(day)
        with pytest.raises(BeyondCalendar):
            calendar.is_working(at_local(day, 600))
    end = calendar.position(Instant(at_local(after, 0) - 1), Measure.DAYS)
    for position in (-1, end, end + 1):
        with pytest.raises(BeyondCalendar):
            calendar.instant_at(position, Measure.DAYS, Edge.LATE)
    last_closing = calendar.closing(LAST.toordinal())
    assert calendar.instant_at(end, Measure.TIME, Edge.EARLY) == last_closing
    with pytest.raises(BeyondCalendar):
        calendar.next_working_day(LAST.toordinal())
    with pytest.raises(BeyondCalendar):
        calendar.instant_at(end + 1, Measure.TIME, Edge.EARLY)


def test_a_day_off_neither_opens_nor_closes() -> None:
    sunday = date(2026, 3, 1).toordinal()
    with pytest.raises(Invalid, match="working day"):
        national_calendar().closing(sunday)


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_the_order_of_entries_does_not_matter(seed: int) -> None:
    random = Random(seed)
    week, entries = random_week(random), random_overrides(random)
    one = build_calendar(week, entries, FIRST, LAST)
    random.shuffle(entries)
    other = build_calendar(week, entries, FIRST, LAST)
    days = range(FIRST.toordinal(), LAST.toordinal() + 1)
    assert [one.day(day) for day in days] == [other.day(day) for day in days]


def test_two_calendars_side_by_side_do_not_influence_each_other() -> None:
    day = date(2026, 3, 2)
    closed = Override(day, DayKind.CLOSED, (), "flood", 900, Layer.COMMUNE)
    here, there = national_calendar(OFFICE_WEEK, closed), national_calendar()
    assert not here.is_working_day(day)
    assert there.is_working_day(day)
    assert there.day(day.toordinal()).windows == OFFICE_HOURS
