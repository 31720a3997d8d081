"""Golden cases of the verdicts: one definition each (law L6)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from motcua_kernel.clock import Due
from motcua_kernel.instant import DAY, Instant, day_number, parse_rfc3339
from motcua_kernel.verdict import (
    OUTCOME_NAMES,
    TIMING_NAMES,
    Outcome,
    Timing,
    due_soon_until,
    is_overdue,
    on_time_percent,
    outcome,
    timing,
)
from vietnam_days import national_calendar

if TYPE_CHECKING:
    from motcua_kernel.calendar import Calendar

NATIONAL: Calendar = national_calendar()


def at(text: str) -> Instant:
    return parse_rfc3339(f"2026-{text.replace(' ', 'T')}+07:00")


def due(*, by_day: bool) -> Due:
    moment = at("03-05 10:00:00")
    return Due(day_number(moment), moment, by_day)


@pytest.mark.parametrize(
    ("resolved", "by_day", "by_moment"),
    [
        ("03-04 23:59:59", Outcome.EARLY, Outcome.EARLY),
        ("03-05 00:00:00", Outcome.ON_TIME, Outcome.ON_TIME),
        ("03-05 10:00:00", Outcome.ON_TIME, Outcome.ON_TIME),
        ("03-05 10:00:01", Outcome.ON_TIME, Outcome.OVERDUE),
        ("03-05 23:59:59", Outcome.ON_TIME, Outcome.OVERDUE),
        ("03-06 00:00:00", Outcome.OVERDUE, Outcome.OVERDUE),
    ],
)
def test_resolved_dossiers(resolved: str, by_day: Outcome, by_moment: Outcome) -> None:
    assert outcome(due(by_day=True), at(resolved)) is by_day
    assert outcome(due(by_day=False), at(resolved)) is by_moment


@pytest.mark.parametrize(
    ("now", "by_day", "by_moment"),
    [
        ("03-03 09:00:00", Timing.WITHIN, Timing.WITHIN),
        ("03-04 00:00:00", Timing.DUE_SOON, Timing.DUE_SOON),
        ("03-05 10:00:00", Timing.DUE_SOON, Timing.DUE_SOON),
        ("03-05 10:00:01", Timing.DUE_SOON, Timing.OVERDUE),
        ("03-05 23:59:59", Timing.DUE_SOON, Timing.OVERDUE),
        ("03-06 00:00:00", Timing.OVERDUE, Timing.OVERDUE),
    ],
)
def test_open_dossiers_turn_overdue_when_their_due_date_has_ended(
    now: str, by_day: Timing, by_moment: Timing
) -> None:
    moment = at(now)
    soon = due_soon_until(NATIONAL, moment)
    for one, expected in ((due(by_day=True), by_day), (due(by_day=False), by_moment)):
        assert timing(one, paused=False, now=moment, soon_until=soon) is expected
        assert is_overdue(one, moment) == (expected is Timing.OVERDUE)


def test_due_soon_reaches_over_the_weekend() -> None:
    friday = at("03-06 09:00:00")
    assert due_soon_until(NATIONAL, friday) == day_number(at("03-09 09:00:00"))


def test_a_paused_dossier_is_neither_within_nor_overdue() -> None:
    now = at("03-30 10:00:00")
    for one in (None, due(by_day=True)):
        assert timing(one, paused=True, now=now, soon_until=0) is Timing.PAUSED


@given(st.integers(0, 10**13).map(Instant), st.integers(0, 10**6))
def test_without_due_date_nothing_is_ever_on_time(moment: Instant, soon: int) -> None:
    assert outcome(None, moment) is Outcome.NO_DEADLINE
    assert timing(None, paused=False, now=moment, soon_until=soon) is Timing.NO_DEADLINE


@given(st.booleans(), st.integers(-5 * DAY, 5 * DAY))
def test_open_and_resolved_agree_on_what_is_overdue(by_day: bool, shift: int) -> None:
    one = due(by_day=by_day)
    moment = Instant(one.moment + shift)
    assert is_overdue(one, moment) == (outcome(one, moment) is Outcome.OVERDUE)


@pytest.mark.parametrize(
    ("in_time", "resolved", "percent"),
    [
        (10_845, 10_870, "99.77"),
        (25, 10_870, "0.23"),
        (1, 1, "100.00"),
        (0, 7, "0.00"),
        (2, 3, "66.67"),
        (1, 800, "0.13"),  # 0.125 half up, where half even gives 0.12
        (9_999_999, 10_000_000, "100.00"),
    ],
)
def test_the_rate_has_two_decimals_half_up(in_time: int, resolved: int, percent: str) -> None:
    assert on_time_percent(in_time, resolved) == Decimal(percent)
    assert str(on_time_percent(in_time, resolved)) == percent


def test_no_dossiers_have_no_rate() -> None:
    assert on_time_percent(0, 0) is None


def test_the_official_wording() -> None:
    assert OUTCOME_NAMES == {
        Outcome.EARLY: "Trước hạn",
        Outcome.ON_TIME: "Đúng hạn",
        Outcome.OVERDUE: "Quá hạn",
        Outcome.NO_DEADLINE: "Không có hạn",
    }
    assert TIMING_NAMES[Timing.WITHIN] == "Trong hạn"
    assert TIMING_NAMES[Timing.OVERDUE] == "Quá hạn"
    assert TIMING_NAMES[Timing.PAUSED] == "Tạm dừng"
    assert set(TIMING_NAMES) == set(Timing)
