"""Laws of notices, over any due dates, calendars and sequences of looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st
from motcua_kernel.calendar import (
    OFFICE_WEEK,
    Calendar,
    DayKind,
    Layer,
    Measure,
    Override,
    build_calendar,
)
from motcua_kernel.clock import Due
from motcua_kernel.instant import DAY, HOUR, MINUTE, Instant, day_number, midnight
from motcua_kernel.verdict import is_overdue
from motcua_processing.domain.notices import (
    PASSED,
    Act,
    Notice,
    Subject,
    View,
    Watched,
    look,
    notice_id,
    stands,
)

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
START: Final = midnight(date(2026, 3, 1).toordinal())
DAYS: Final = 40
CODE: Final = "000.00.31.H16-260302-0001"


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """The office week with a few days closed, halved or worked."""
    days = draw(st.lists(st.integers(0, DAYS), max_size=8, unique=True))
    overrides = [
        Override(
            date.fromordinal(day_number(START) + day),
            draw(st.sampled_from(DayKind)),
            (),
            "an announcement",
            number,
            Layer.NATIONAL,
        )
        for number, day in enumerate(days)
    ]
    return build_calendar(OFFICE_WEEK, overrides, FIRST, LAST)


MOMENTS: Final = st.integers(0, DAYS * DAY // MINUTE).map(
    lambda minute: Instant(START + minute * MINUTE)
)


@st.composite
def dues(draw: st.DrawFn) -> Due:
    """A limit in days or in hours that ends at any moment."""
    moment = draw(MOMENTS)
    return Due(day_number(moment), moment, draw(st.booleans()))


RUNGS: Final = st.lists(st.integers(0, 6), max_size=4).map(tuple)


def view(calendar: Calendar, due: Due | None, rungs: tuple[int, ...], **changes: object) -> View:
    watched = Watched("x:dossier", Subject.DOSSIER, "", "", due)
    found = View(CODE, "24733", (watched,), runs=True, rests=(), calendar=calendar, rungs=rungs)
    return found._replace(**changes)


def told_over(moments: Iterable[tuple[Instant, View]]) -> list[Notice]:
    told: list[Notice] = []
    for now, seen in moments:
        told += look(seen, told, now).notices
    return told


@given(calendars(), st.data())
def test_each_rung_of_a_due_date_is_told_once_and_only_in_working_hours(
    calendar: Calendar, data: st.DataObject
) -> None:
    few = data.draw(st.lists(dues() | st.none(), min_size=1, max_size=3))
    rungs = data.draw(RUNGS)
    looks = [
        (now, view(calendar, data.draw(st.sampled_from(few)), rungs, runs=data.draw(st.booleans())))
        for now in sorted(data.draw(st.lists(MOMENTS, max_size=25)))
    ]
    told = told_over(looks)
    assert max(Counter(one.id for one in told).values(), default=1) == 1
    warned = Counter((one.rung, one.due_day, one.due_moment) for one in told if not one.withdraws)
    assert max(warned.values(), default=1) <= 2  # a limit in days and one in hours may coincide
    assert all(calendar.is_working(one.noticed_at) for one in told)


@given(calendars(), dues(), RUNGS, st.lists(MOMENTS, max_size=25))
def test_of_one_due_date_only_more_urgent_notices_follow_and_none_is_withdrawn(
    calendar: Calendar, due: Due, rungs: tuple[int, ...], moments: list[Instant]
) -> None:
    told = told_over((now, view(calendar, due, rungs)) for now in sorted(moments))
    order = [one.rung for one in told]
    assert order == sorted(order, reverse=True)
    assert len(set(order)) == len(order)
    assert set(order) <= {PASSED, *rungs}
    assert all(one.act is not Act.WITHDRAWN for one in told)


@settings(deadline=None)
@given(calendars(), dues(), RUNGS)
def test_looking_when_asked_to_tells_the_same_as_looking_every_half_hour(
    calendar: Calendar, due: Due, rungs: tuple[int, ...]
) -> None:
    seen = view(calendar, due, rungs)
    end = Instant(START + (DAYS + 15) * DAY)
    asked: list[Notice] = []
    now: Instant = START
    while now < end:
        asked += look(seen, asked, now).notices
        again = look(seen, asked, now).again
        assert again is not None
        assert again > now
        now = again
    half_hours = [Instant(at) for at in range(START, end, HOUR // 2)]
    often = told_over((at, seen) for at in half_hours)
    assert [one.id for one in asked] == [one.id for one in often]
    for one, other in zip(asked, often, strict=True):
        late = [calendar.position(it.noticed_at, Measure.TIME) for it in (one, other)]
        assert 0 <= late[1] - late[0] < HOUR // 2


@given(calendars(), dues(), RUNGS, MOMENTS)
def test_overdue_is_told_from_the_first_working_moment_after_the_due_date(
    calendar: Calendar, due: Due, rungs: tuple[int, ...], now: Instant
) -> None:
    acts = {one.act for one in look(view(calendar, due, rungs), [], now).notices}
    assert (Act.OVERDUE in acts) == (is_overdue(due, now) and calendar.is_working(now))


@given(calendars(), st.lists(st.tuples(MOMENTS, dues()), max_size=12), RUNGS)
def test_after_a_look_in_working_hours_what_stands_is_true_and_the_truth_stands(
    calendar: Calendar, course: list[tuple[Instant, Due]], rungs: tuple[int, ...]
) -> None:
    told: list[Notice] = []
    for now, due in sorted(course, key=lambda one: one[0]):
        seen = view(calendar, due, rungs)
        told += look(seen, told, now).notices
        if not calendar.is_working(now):
            continue
        standing = stands(told)
        overdue = notice_id("x:dossier", due, PASSED)
        assert standing.get(overdue, False) == is_overdue(due, now)
        if not is_overdue(due, now):
            assert not _stands_any(told, standing, PASSED)
        assert look(seen, told, now).notices == ()


def _stands_any(told: Iterable[Notice], standing: Mapping[str, bool], rung: int) -> bool:
    return any(one.rung == rung and standing.get(one.id, False) for one in told)
