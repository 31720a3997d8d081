"""What the board draws, as values: days in weeks, small bars, deadlines ahead, lines in order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from motcua_kernel.calendar import Calendar
from motcua_kernel.clock import Due
from motcua_kernel.explain import Line, Mark
from motcua_kernel.explain_reasons import Reason, message
from motcua_kernel.instant import Instant, at_local
from motcua_processing.domain.board.ahead import coming_days, deadlines_ahead, working_days_between
from motcua_processing.domain.board.days import (
    DayPicture,
    Flag,
    Look,
    Skipped,
    Week,
    calendar_of,
    notes_of,
    pictures,
)
from motcua_processing.domain.board.lines import TableLine, in_order
from motcua_processing.domain.board.trends import (
    HEIGHT,
    WEEKS,
    WeekResolved,
    mondays,
    spark_of,
    together,
    trends_of,
)
from motcua_processing.domain.verdicts import Figures, ResolvedGroup
from sample_registry import sample_registry

FRIDAY = date(2020, 10, 30).toordinal()
WHOLE = 480 * 60_000


def line(day: int, *reasons: Reason, counted: int = 0, used: int = 0, mark: Mark) -> Line:
    return Line(day, 0, mark, counted, used, WHOLE, tuple(message(one) for one in reasons))


@st.composite
def lives(draw: st.DrawFn) -> list[DayPicture]:
    """Days in a row, often alike for long."""
    first = draw(st.integers(FRIDAY, FRIDAY + 6))
    looks: list[Look] = []
    for _ in range(draw(st.integers(1, 5))):
        looks += [draw(st.sampled_from(Look))] * draw(st.integers(1, 90))
    flagged = draw(st.sets(st.integers(0, len(looks) - 1), max_size=3))
    return [
        DayPicture(first + place, look, flags=(Flag.DUE,) if place in flagged else ())
        for place, look in enumerate(looks)
    ]


@settings(deadline=None)
@given(lives())
def test_every_day_is_drawn_once_or_told_among_weeks_alike(days: list[DayPicture]) -> None:
    found: list[int] = []
    drawn: list[DayPicture] = []
    for row in calendar_of(days):
        if isinstance(row, Skipped):
            found += range(row.monday, row.monday + 7 * row.weeks)
            continue
        for place, one in enumerate(row.days):
            if one is not None:
                assert (one.day, date.fromordinal(one.day).weekday()) == (row.monday + place, place)
                found.append(one.day)
                drawn.append(one)
    assert found == [one.day for one in days]
    assert {one for one in days if one.flags} <= set(drawn)


@settings(deadline=None)
@given(lives())
def test_weeks_that_are_not_drawn_lie_between_two_that_look_the_same(
    days: list[DayPicture],
) -> None:
    rows = calendar_of(days)
    for before, row, after in zip(rows, rows[1:], rows[2:], strict=False):
        if isinstance(row, Skipped):
            assert isinstance(before, Week)
            assert isinstance(after, Week)
            shown = [one.look for one in before.days if one is not None]
            assert shown == [one.look for one in after.days if one is not None]
            assert row.look is shown[0]


def test_a_day_looks_like_the_first_reason_that_applies() -> None:
    told = [
        line(1, Reason.RECEIVED, counted=WHOLE // 2, mark=Mark.PARTLY),
        line(2, Reason.WEEKLY_REST, Reason.PAUSED, mark=Mark.SKIPPED),
        line(3, Reason.CLOSED, mark=Mark.SKIPPED),
        line(4, Reason.PAUSED, mark=Mark.SKIPPED),
        line(5, Reason.MAKE_UP, counted=WHOLE, mark=Mark.COUNTED),
        line(6, Reason.DUE_ON_DAY, Reason.NOW, counted=WHOLE, mark=Mark.COUNTED),
        line(7, Reason.OVERDUE, used=1, mark=Mark.OVER),
        line(8, Reason.WIPED, mark=Mark.SKIPPED),
    ]
    drawn = pictures(told, today=6)
    assert [one.look for one in drawn] == [
        Look.PARTLY,
        Look.REST,
        Look.HOLIDAY,
        Look.PAUSED,
        Look.COUNTED,
        Look.COUNTED,
        Look.OVER,
        Look.LEFT_OUT,
    ]
    assert [one.eighths for one in drawn] == [4, 0, 0, 0, 8, 8, 1, 0]
    assert drawn[4].make_up
    assert drawn[5].flags == (Flag.DUE, Flag.NOW)
    assert [one.ahead for one in drawn] == [False] * 6 + [True] * 2
    assert drawn[6].late


def test_a_day_of_two_phases_is_one_picture() -> None:
    half = WHOLE // 2
    told = [
        Line(1, phase, Mark.PARTLY, half, half, WHOLE, (message(reason, number=1, at=0),))
        for phase, reason in enumerate((Reason.PHASE_ENDS, Reason.PHASE_BEGINS))
    ]
    assert pictures(told, today=1) == [DayPicture(1, Look.PARTLY, 8)]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 40), st.sampled_from("abc"))))
def test_a_note_names_exactly_the_days_of_its_sentence(said: list[tuple[int, str]]) -> None:
    told = sorted(set(said))
    found = {
        (day, note.text)
        for note in notes_of(told)
        for first, last in note.runs
        for day in range(first, last + 1)
    }
    assert found == set(told)


def weeks_of(*counts: tuple[int, int]) -> tuple[WeekResolved, ...]:
    return tuple(WeekResolved(7 * place + 1, *one) for place, one in enumerate(counts))


@settings(deadline=None)
@given(st.lists(st.integers(0, 500).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))))
def test_a_bar_is_drawn_for_each_week_with_a_dossier_and_a_red_one_for_each_overdue(
    counts: list[tuple[int, int]],
) -> None:
    spark = spark_of(weeks_of(*counts))
    assert spark.overdue.count("M") == sum(late > 0 for _, late in counts)
    bars = spark.in_time.count("M") + spark.overdue.count("M")
    assert bars >= sum(total > 0 for total, _ in counts)
    for path in (spark.in_time, spark.overdue):
        for bar in path.split("M")[1:]:
            left, bottom = bar.partition("v")[0].split()
            height = int(bar.split("v-")[1].partition("h")[0])
            assert 0 <= int(left) < spark.width
            assert 0 <= int(bottom) - height < int(bottom) <= HEIGHT


def test_weeks_begin_on_mondays_and_the_last_one_is_the_present_one() -> None:
    drawn = mondays(FRIDAY)
    assert len(drawn) == WEEKS
    assert {date.fromordinal(one).weekday() for one in drawn} == {0}
    assert drawn[-1] <= FRIDAY < drawn[-1] + 7


def test_overdue_in_a_trend_is_the_kernels_overdue() -> None:
    due = Due(FRIDAY, at_local(date(2020, 10, 30), 1020), by_day=True)
    evening = at_local(date(2020, 10, 30), 1439)
    groups = [ResolvedGroup(3, due, evening), ResolvedGroup(2, due, Instant(evening + 60_000))]
    trends = trends_of([(("u", "d"), mondays(FRIDAY)[-1], groups)], FRIDAY)
    assert trends["u", "d"][-1] == WeekResolved(mondays(FRIDAY)[-1], 5, 2)
    assert sum(one.total for one in trends["u", "d"]) == 5
    assert together([*trends.values(), *trends.values()])[-1].total == 10


def district_calendar() -> Calendar:
    found = sample_registry().calendar("666")
    assert found is not None
    return found


@settings(deadline=None)
@given(st.lists(st.integers(FRIDAY, FRIDAY + 30)))
def test_deadlines_within_the_coming_days_are_counted_once_each(due_days: list[int]) -> None:
    days = coming_days(district_calendar(), FRIDAY)
    found = deadlines_ahead(days, due_days)
    assert len(days) == 11
    assert sum(one.dossiers for one in found) == sum(day <= days[-1] for day in due_days)


def test_working_days_over_leave_out_the_weekend() -> None:
    calendar = district_calendar()
    assert working_days_between(calendar, FRIDAY, FRIDAY) == 0
    assert working_days_between(calendar, FRIDAY, FRIDAY + 3) == 1
    assert working_days_between(calendar, FRIDAY, FRIDAY - 1) == 0


def test_lines_without_a_rate_come_last_in_either_direction() -> None:
    lines = [TableLine("1", "Xã A", Figures()), TableLine("2", "Xã B"), TableLine("3", "Xã C")]
    evening = at_local(date(2020, 10, 30), 1439)
    due = Due(FRIDAY, evening, by_day=True)
    lines[1].figures.add_resolved([ResolvedGroup(1, due, evening)])
    lines[2].figures.add_resolved([ResolvedGroup(1, due, Instant(evening + 86_400_000))])
    assert lines[1].figures.on_time_percent == Decimal("100.00")
    up = in_order(lines, "on_time_percent", descending=False)
    down = in_order(lines, "on_time_percent", descending=True)
    assert [one.id for one in up] == ["3", "2", "1"]
    assert [one.id for one in down] == ["2", "3", "1"]
