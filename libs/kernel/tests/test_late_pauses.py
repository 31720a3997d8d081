"""Pauses at and after the end of a limit: lateness that has happened is not cured."""

from __future__ import annotations

import pytest
from motcua_kernel.clock import EndRule, Ledger, Limit, PauseMode, reappointed_due, remaining
from test_clock import (
    NATIONAL,
    RESTART,
    SAME_DAY,
    at,
    calendar_days,
    due_at,
    pause,
    shown,
    working_days,
    working_hours,
)


@pytest.mark.parametrize("mode", list(PauseMode))
@pytest.mark.parametrize("closed", ["2026-03-20 10:00", None])
@pytest.mark.parametrize(
    ("limit", "opened", "expected"),
    [
        (working_days(3), "2026-03-06 00:00", "2026-03-05 10:00"),  # the due day has just ended
        (working_days(3, EndRule.END_OF_DAY), "2026-03-06 00:00", "2026-03-05 17:30"),
        (SAME_DAY, "2026-03-03 07:30", "2026-03-02 17:30"),
        (calendar_days(3), "2026-03-06 08:00", "2026-03-05 17:30"),
        (calendar_days(5), "2026-03-10 00:00", "2026-03-09 17:30"),  # it had rolled to Monday
        (working_hours(8), "2026-03-03 10:01", "2026-03-03 10:00"),  # the moment has passed
    ],
)
def test_a_pause_that_opens_after_the_limit_has_run_out_moves_nothing(
    limit: Limit, opened: str, expected: str, closed: str | None, mode: PauseMode
) -> None:
    too_late = pause(opened, closed, mode)
    even_later = pause("2026-03-23 10:00", "2026-03-24 10:00", mode)
    assert due_at("2026-03-02 10:00", limit, too_late) == expected
    assert due_at("2026-03-02 10:00", limit, too_late, even_later) == expected
    ledger, unpaused = (Ledger(limit, at("2026-03-02 10:00"), p) for p in ((too_late,), ()))
    now = at("2026-03-16 10:00")
    assert remaining(ledger, NATIONAL, now) == remaining(unpaused, NATIONAL, now) < 0


@pytest.mark.parametrize(
    ("limit", "opened", "expected"),
    [
        (working_days(3), "2026-03-05 23:59", "2026-03-09 09:00"),
        (working_days(3, EndRule.END_OF_DAY), "2026-03-05 15:00", "2026-03-09 17:30"),
        (SAME_DAY, "2026-03-02 17:00", "2026-03-09 17:30"),
        (calendar_days(3), "2026-03-05 15:00", "2026-03-09 17:30"),
        (calendar_days(5), "2026-03-09 08:00", "2026-03-09 17:30"),
        (working_hours(8), "2026-03-03 10:00", "2026-03-09 09:00"),
    ],
)
def test_a_pause_that_opens_before_the_due_day_has_ended_is_not_overdue_when_it_closes(
    limit: Limit, opened: str, expected: str
) -> None:
    last_minute = pause(opened, "2026-03-09 09:00")
    assert due_at("2026-03-02 10:00", limit, last_minute) == expected


def test_what_a_last_minute_pause_leaves_over_a_weekend_is_due_on_the_next_working_day() -> None:
    last_minute = pause("2026-03-05 15:00", "2026-03-07 09:00")
    assert due_at("2026-03-02 10:00", working_days(3), last_minute) == "2026-03-09 07:30"
    assert due_at("2026-03-02 10:00", calendar_days(3), last_minute) == "2026-03-09 17:30"


def test_a_pause_is_judged_by_the_limit_with_the_pauses_and_extensions_before_it() -> None:
    first = pause("2026-03-03 10:00", "2026-03-05 10:00")  # due on the 9th
    second = pause("2026-03-09 11:00", "2026-03-11 10:00")
    third = pause("2026-03-12 08:00", "2026-03-30 10:00", RESTART)
    received, limit = "2026-03-02 10:00", working_days(3)
    assert due_at(received, limit, first, second, third) == "2026-03-11 10:00"
    assert due_at(received, limit, second) == "2026-03-05 10:00"
    assert due_at(received, limit, second, extension=960) == "2026-03-11 10:00"
    granted = Ledger(limit, at(received), (second,))
    told = reappointed_due(granted, NATIONAL, 960)
    assert told is not None
    assert shown(told.moment) == "2026-03-11 10:00"
