"""Golden cases of deadlines, and the laws of the clock."""

from __future__ import annotations

from datetime import date
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from motcua_kernel.calendar import (
    FULL_DAY,
    OFFICE_WEEK,
    BeyondCalendar,
    Calendar,
    DayKind,
    Layer,
    Override,
    Window,
    build_calendar,
)
from motcua_kernel.clock import (
    Due,
    EndRule,
    Holder,
    Ledger,
    Limit,
    LimitUnit,
    Pause,
    PauseMode,
    due,
    reappointed_due,
    remaining,
    start_of_clock,
    used,
)
from motcua_kernel.errors import Invalid
from motcua_kernel.instant import (
    DAY,
    HOUR,
    Instant,
    day_number,
    format_local,
    local_date,
    parse_rfc3339,
)
from random_cases import FIRST, LAST, random_ledger, random_limit, random_overrides, random_week
from vietnam_days import national_calendar

NATIONAL = national_calendar()
SAME_DAY = Limit(LimitUnit.WORKING_DAYS, 0, EndRule.END_OF_DAY, cutoff_minute=15 * 60)
CONTINUE, RESTART = PauseMode.CONTINUE, PauseMode.RESTART


def at(text: str) -> Instant:
    return parse_rfc3339(text.replace(" ", "T") + ":00+07:00")


def shown(instant: Instant) -> str:
    return format_local(instant)[:16].replace("T", " ")


def working_days(amount: float, end_rule: EndRule = EndRule.SAME_MOMENT) -> Limit:
    return Limit(LimitUnit.WORKING_DAYS, round(amount * 480), end_rule)


def working_hours(amount: int) -> Limit:
    return Limit(LimitUnit.WORKING_HOURS, amount * 60)


def calendar_days(amount: int) -> Limit:
    return Limit(LimitUnit.CALENDAR_DAYS, amount * 1440)


def pause(opened: str, closed: str | None, mode: PauseMode = CONTINUE) -> Pause:
    end = None if closed is None else at(closed)
    return Pause(at(opened), end, mode, "supplement", Holder.APPLICANT)


def found(ledger: Ledger, calendar: Calendar = NATIONAL) -> Due:
    answer = due(ledger, calendar)
    assert answer is not None
    return answer


def due_at(
    received: str, limit: Limit, *pauses: Pause, extension: int = 0, calendar: Calendar = NATIONAL
) -> str:
    answer = found(Ledger(limit, at(received), pauses, extension), calendar)
    assert local_date(answer.moment) == date.fromordinal(answer.day)
    return shown(answer.moment)


@pytest.mark.parametrize(
    ("received", "days", "expected"),
    [
        ("2026-04-24 10:00", 3, "2026-05-04 10:00"),  # Hùng Kings, 30/4 and 1/5 between
        ("2026-08-21 10:00", 1, "2026-08-22 10:00"),  # make-up Saturday
        ("2026-11-23 10:00", 1, "2026-11-25 10:00"),  # Vietnam Culture Day
        ("2025-12-31 10:00", 1, "2026-01-05 10:00"),  # 2/1/2026 off by a late announcement
        ("2026-01-09 10:00", 1, "2026-01-10 10:00"),  # and made up
        ("2026-02-13 10:00", 1, "2026-02-23 10:00"),  # Tết
        ("2026-03-31 16:00", 1, "2026-04-01 16:00"),  # month end
        ("2026-03-02 06:00", 1, "2026-03-03 07:30"),  # before opening
        ("2026-03-02 12:15", 1, "2026-03-03 13:30"),  # lunch break
        ("2026-03-02 17:30", 1, "2026-03-04 07:30"),  # at closing
        ("2026-03-02 20:00", 1, "2026-03-04 07:30"),  # after closing
        ("2026-03-07 09:00", 1, "2026-03-10 07:30"),  # Saturday counter: received, not counted
        ("2026-03-02 08:00", 0.5, "2026-03-02 14:00"),  # half a day is four hours
        ("2026-03-06 15:30", 0.5, "2026-03-09 09:30"),
        ("2026-03-02 10:00", 0, "2026-03-02 10:00"),
    ],
)
def test_limits_in_working_days(received: str, days: float, expected: str) -> None:
    assert due_at(received, working_days(days)) == expected
    ending = found(Ledger(working_days(days, EndRule.END_OF_DAY), at(received)))
    assert shown(ending.moment) == expected[:10] + " 17:30"
    assert ending.by_day


@pytest.mark.parametrize(
    ("received", "hours", "expected"),
    [
        ("2026-03-02 07:30", 8, "2026-03-02 17:30"),  # the end of the day, not the next opening
        ("2026-03-02 07:30", 4, "2026-03-02 11:30"),
        ("2026-03-02 10:00", 8, "2026-03-03 10:00"),
        ("2026-03-06 17:00", 8, "2026-03-09 17:00"),
        ("2026-03-07 21:00", 8, "2026-03-09 17:30"),  # filed online on a Saturday night
        ("2026-03-02 12:00", 1, "2026-03-02 14:30"),
        ("2026-03-02 07:30", 0, "2026-03-02 07:30"),
    ],
)
def test_limits_in_working_hours_end_at_their_moment(
    received: str, hours: int, expected: str
) -> None:
    assert due_at(received, working_hours(hours)) == expected
    assert not found(Ledger(working_hours(hours), at(received))).by_day


@pytest.mark.parametrize(
    ("received", "days", "expected"),
    [
        ("2026-03-02 10:00", 3, "2026-03-05 17:30"),
        ("2026-03-02 10:00", 5, "2026-03-09 17:30"),  # Saturday rolls off to Monday
        ("2026-08-17 10:00", 5, "2026-08-22 17:30"),  # a make-up Saturday is no day off
        ("2026-04-23 10:00", 7, "2026-05-04 17:30"),  # 30/4, 1/5 and the weekend
        ("2026-03-02 23:59", 1, "2026-03-03 17:30"),  # the day counts, not the hour
        ("2024-02-28 10:00", 1, "2024-02-29 17:30"),
        ("2026-03-07 09:00", 1, "2026-03-09 17:30"),  # received on a Saturday: day 0
    ],
)
def test_limits_in_calendar_days_count_days_off_and_roll_the_end(
    received: str, days: int, expected: str
) -> None:
    assert due_at(received, calendar_days(days)) == expected
    assert found(Ledger(calendar_days(days), at(received))).by_day


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2026-03-02 08:00", "2026-03-02 17:30"),
        ("2026-03-02 15:00", "2026-03-02 17:30"),
        ("2026-03-02 15:01", "2026-03-03 17:30"),
        ("2026-03-06 16:00", "2026-03-09 17:30"),
        ("2026-03-02 18:00", "2026-03-03 17:30"),
        ("2026-08-21 15:30", "2026-08-22 17:30"),
    ],
)
def test_same_day_procedures_after_15_00_are_due_the_next_working_day(
    received: str, expected: str
) -> None:
    assert due_at(received, SAME_DAY) == expected


def test_a_late_receipt_starts_its_clock_at_the_next_opening() -> None:
    started = start_of_clock(at("2026-03-06 15:01"), SAME_DAY, NATIONAL)
    assert shown(started) == "2026-03-09 07:30"
    assert start_of_clock(at("2026-03-06 15:01"), working_days(1), NATIONAL) == at(
        "2026-03-06 15:01"
    )


def test_a_half_day_counts_half() -> None:
    half = Override(date(2026, 3, 3), DayKind.HALF, (), "", 900, Layer.COMMUNE)
    calendar = national_calendar(OFFICE_WEEK, half)
    assert due_at("2026-03-02 07:30", working_days(1.5), calendar=calendar) == "2026-03-04 07:30"
    assert due_at("2026-03-02 10:00", working_days(1), calendar=calendar) == "2026-03-03 10:00"
    assert due_at("2026-03-02 14:30", working_days(1), calendar=calendar) == "2026-03-04 08:30"


def test_a_short_make_up_day_is_a_whole_working_day() -> None:
    short = Override(date(2026, 8, 22), DayKind.WORKING, (Window(450, 690),), "", 900, Layer.UNIT)
    calendar = national_calendar(OFFICE_WEEK, short)
    assert due_at("2026-08-20 07:30", working_days(3), calendar=calendar) == "2026-08-24 07:30"
    assert due_at("2026-08-21 13:30", working_days(1), calendar=calendar) == "2026-08-22 09:30"
    assert due_at("2026-08-21 13:30", working_hours(8), calendar=calendar) == "2026-08-22 11:30"


def test_a_due_moment_never_lies_before_the_start_where_a_day_is_longer_than_its_weight() -> None:
    long = Override(date(2026, 3, 3), DayKind.WORKING, (Window(360, 1080),), "", 900, Layer.UNIT)
    calendar = national_calendar(OFFICE_WEEK, long)
    started = Instant(at("2026-03-03 10:00") + 1)
    assert found(Ledger(working_days(0), started), calendar).moment == started


def test_zero_hours_end_where_they_start_even_on_the_first_day_of_a_calendar() -> None:
    calendar = build_calendar(OFFICE_WEEK, [], date(2026, 3, 2), date(2026, 3, 6))
    assert due_at("2026-03-02 07:30", working_hours(0), calendar=calendar) == "2026-03-02 07:30"


def test_after_a_pause_the_rest_goes_on() -> None:
    supplement = pause("2026-03-03 10:00", "2026-03-10 15:00")
    assert due_at("2026-03-02 10:00", working_days(3), supplement) == "2026-03-12 15:00"
    weekend = pause("2026-03-06 17:30", "2026-03-09 07:30")
    assert due_at("2026-03-05 10:00", working_days(3), weekend) == "2026-03-10 10:00"
    assert due_at("2026-03-02 10:00", calendar_days(10), supplement) == "2026-03-19 17:30"
    assert due_at("2026-03-02 10:00", working_hours(16), supplement) == "2026-03-11 15:00"


def test_after_a_restart_the_full_limit_runs_again() -> None:
    first = pause("2026-03-03 10:00", "2026-03-05 10:00")
    again = pause("2026-03-05 10:00", "2026-03-10 15:00", RESTART)
    assert due_at("2026-03-02 10:00", working_days(3), first, again) == "2026-03-13 15:00"
    later = pause("2026-03-11 15:00", "2026-03-12 15:00")
    assert due_at("2026-03-02 10:00", working_days(3), again, later) == "2026-03-16 15:00"
    assert due_at("2026-03-02 10:00", calendar_days(3), again) == "2026-03-13 17:30"
    evening = pause("2026-03-02 16:00", "2026-03-10 19:00", RESTART)
    assert due_at("2026-03-02 10:00", SAME_DAY, evening) == "2026-03-11 17:30"


def test_a_pause_before_the_receipt_takes_nothing() -> None:
    before = pause("2026-02-24 10:00", "2026-03-02 09:00")
    across = pause("2026-02-24 10:00", "2026-03-02 14:00")
    assert due_at("2026-03-02 10:00", working_days(1), before) == "2026-03-03 10:00"
    assert due_at("2026-03-02 10:00", working_days(1), across) == "2026-03-03 14:00"


def test_overlapping_pauses_count_once() -> None:
    one = pause("2026-03-03 10:00", "2026-03-05 10:00")
    other = pause("2026-03-04 10:00", "2026-03-06 10:00")
    assert due_at("2026-03-02 10:00", working_days(3), one, other) == "2026-03-10 10:00"


@pytest.mark.parametrize("mode", list(PauseMode))
def test_while_paused_and_without_limit_nothing_is_due(mode: PauseMode) -> None:
    open_pause = pause("2026-03-03 10:00", None, mode)
    ledger = Ledger(working_days(3), at("2026-03-02 10:00"), (open_pause,))
    assert due(ledger, NATIONAL) is None
    assert remaining(ledger, NATIONAL, at("2026-04-01 10:00")) == 2 * FULL_DAY
    endless = Ledger(Limit(LimitUnit.NONE), at("2026-03-02 10:00"))
    assert due(endless, NATIONAL) is None
    assert used(endless, NATIONAL, at("2026-03-03 10:00")) == FULL_DAY
    with pytest.raises(Invalid):
        remaining(endless, NATIONAL, at("2026-03-03 10:00"))


def test_an_extension_moves_the_due_date_and_a_reappointment_is_a_second_figure() -> None:
    assert due_at("2026-03-02 10:00", working_days(3), extension=960) == "2026-03-09 10:00"
    ledger = Ledger(working_days(3), at("2026-03-02 10:00"))
    told = reappointed_due(ledger, NATIONAL, 960)
    assert told is not None
    assert shown(told.moment) == "2026-03-09 10:00"
    assert shown(found(ledger).moment) == "2026-03-05 10:00"


def test_remaining_falls_below_zero_once_the_limit_has_run_out() -> None:
    ledger = Ledger(working_hours(8), at("2026-03-02 07:30"))
    assert remaining(ledger, NATIONAL, at("2026-03-01 10:00")) == 8 * HOUR
    assert remaining(ledger, NATIONAL, at("2026-03-02 14:30")) == 3 * HOUR
    assert remaining(ledger, NATIONAL, at("2026-03-02 20:00")) == 0
    assert remaining(ledger, NATIONAL, at("2026-03-03 08:30")) == -HOUR


def test_what_happens_after_now_is_not_seen() -> None:
    later = pause("2026-03-03 10:00", "2026-03-05 10:00", RESTART)
    ledger = Ledger(working_days(3), at("2026-03-02 10:00"), (later,))
    assert used(ledger, NATIONAL, at("2026-03-03 09:00")) == FULL_DAY - HOUR
    assert used(ledger, NATIONAL, at("2026-03-04 09:00")) == FULL_DAY
    assert used(ledger, NATIONAL, at("2026-03-05 10:00")) == 0


def test_an_end_behind_the_horizon_is_no_due_date() -> None:
    with pytest.raises(BeyondCalendar):
        due(Ledger(working_days(3), at("2026-12-30 10:00")), NATIONAL)


def test_two_calendars_side_by_side_give_their_own_due_dates() -> None:
    flood = Override(date(2026, 3, 3), DayKind.CLOSED, (), "flood", 900, Layer.COMMUNE)
    flooded = national_calendar(OFFICE_WEEK, flood)
    ledger = Ledger(working_days(1), at("2026-03-02 10:00"))
    for _ in range(2):
        assert shown(found(ledger, flooded).moment) == "2026-03-04 10:00"
        assert shown(found(ledger, NATIONAL).moment) == "2026-03-03 10:00"


@pytest.mark.parametrize(
    ("unit", "amount", "cutoff"),
    [
        (LimitUnit.WORKING_DAYS, -1, None),
        (LimitUnit.WORKING_DAYS, 0, 1440),
        (LimitUnit.WORKING_HOURS, 60, 900),
        (LimitUnit.CALENDAR_DAYS, 1440, 900),
    ],
)
def test_impossible_limits_are_refused(unit: LimitUnit, amount: int, cutoff: int | None) -> None:
    with pytest.raises(Invalid, match="limit"):
        Limit(unit, amount, EndRule.SAME_MOMENT, cutoff)


def random_calendar(random: Random) -> Calendar:
    return build_calendar(random_week(random), random_overrides(random), FIRST, LAST)


CALENDARS = tuple(random_calendar(Random(seed)) for seed in range(20))
calendars = st.sampled_from(CALENDARS)
randoms = st.integers(0, 10**9).map(Random)


def settled(ledger: Ledger) -> Ledger:
    """The ledger without its open pause."""
    return msgspec.structs.replace(
        ledger, pauses=tuple(p for p in ledger.pauses if p.closed is not None)
    )


@given(calendars, randoms, st.integers(0, 5 * DAY), st.integers(0, 20 * DAY))
def test_pausing_and_resuming_never_changes_the_remaining_time(
    calendar: Calendar, random: Random, run: int, stand: int
) -> None:
    ledger = settled(random_ledger(random))
    if ledger.limit.unit is LimitUnit.NONE or ledger.limit.then is not None:
        return
    last = max([ledger.started, *(p.closed or 0 for p in ledger.pauses)])
    end = due(ledger, calendar)
    assert end is not None
    opened = Instant(min(last + run, max(last, end.moment)))
    if (day_number(opened) > end.day) if end.by_day else (opened > end.moment):
        return
    closed = Instant(opened + stand)
    before = remaining(ledger, calendar, opened)
    if before < 0:  # a pause after the limit ran out moves nothing, also on the day it ends
        return

    def paused(end: Instant | None) -> Ledger:
        stop = Pause(opened, end, CONTINUE, "fee", Holder.APPLICANT)
        return msgspec.structs.replace(ledger, pauses=(*ledger.pauses, stop))

    assert remaining(paused(None), calendar, closed) == before
    assert remaining(paused(closed), calendar, closed) == before


@given(calendars, randoms, st.integers(0, 30 * DAY))
def test_due_is_monotone_in_the_receipt(calendar: Calendar, random: Random, delay: int) -> None:
    limit = random_limit(random)
    started = random_ledger(random).started
    earlier = due(Ledger(limit, started), calendar)
    later = due(Ledger(limit, Instant(started + delay)), calendar)
    if earlier is None or later is None:
        assert earlier is later is None
        return
    assert earlier.day <= later.day
    assert earlier.moment <= later.moment


@given(calendars, randoms, st.integers(0, 20 * 480))
def test_a_longer_limit_is_never_due_earlier(
    calendar: Calendar, random: Random, granted: int
) -> None:
    ledger = settled(random_ledger(random))
    original, told = due(ledger, calendar), reappointed_due(ledger, calendar, granted)
    if original is None or told is None:
        assert original is told is None
        return
    assert original.moment <= told.moment
    assert original.day <= told.day


@given(randoms, st.integers(1, 30))
def test_whole_days_end_on_the_nth_working_day_after_the_start(random: Random, days: int) -> None:
    no_half_days = [o for o in random_overrides(random) if o.kind is not DayKind.HALF]
    calendar = build_calendar(random_week(random), no_half_days, FIRST, LAST)
    started = random_ledger(random).started
    limit = working_days(days)
    expected = local_date(start_of_clock(started, limit, calendar)).toordinal()
    for _ in range(days):
        expected = calendar.next_working_day(expected)
    assert found(Ledger(limit, started), calendar).day == expected


@given(randoms)
def test_nothing_remains_at_the_due_moment_of_a_limit_in_hours(random: Random) -> None:
    calendar = CALENDARS[random.randrange(len(CALENDARS))]
    limit = Limit(LimitUnit.WORKING_HOURS, random.randrange(20 * 480))
    ledger = Ledger(limit, random_ledger(random).started)
    moment = found(ledger, calendar).moment
    assert remaining(ledger, calendar, moment) == 0
    if limit.amount:
        assert remaining(ledger, calendar, Instant(moment - 1)) == 1
