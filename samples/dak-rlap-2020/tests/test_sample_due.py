"""The finger counting, against dates counted on a wall calendar."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from motcua_sample_dak_rlap.catalogue import Limit
from motcua_sample_dak_rlap.due import Due, Pause, due, firm_due
from motcua_sample_dak_rlap.instants import instant_of, local, parse_rfc3339, rfc3339

THREE_DAYS = Limit("working_days", 1440)
SAME_DAY = Limit("working_days", 0, 900)


def at(text: str) -> int:
    return parse_rfc3339(f"2020-{text}+07:00")


@pytest.mark.parametrize(
    ("limit", "received", "expected"),
    [
        (THREE_DAYS, "01-06T09:00:00", date(2020, 1, 9)),
        (THREE_DAYS, "01-21T10:00:00", date(2020, 1, 31)),  # Tết: 23 to 29 off
        (THREE_DAYS, "04-29T10:00:00", date(2020, 5, 6)),
        (THREE_DAYS, "01-10T18:00:00", date(2020, 1, 16)),  # after closing: Monday is day 0
        (THREE_DAYS, "01-11T09:00:00", date(2020, 1, 16)),  # on a Saturday likewise
        (SAME_DAY, "01-06T09:00:00", date(2020, 1, 6)),
        (SAME_DAY, "01-10T15:01:00", date(2020, 1, 13)),
        (Limit("working_days", 240), "01-06T09:00:00", date(2020, 1, 6)),
        (Limit("working_days", 240), "01-10T14:00:00", date(2020, 1, 13)),
        (Limit("calendar_days", 20 * 1440), "01-06T09:00:00", date(2020, 1, 30)),  # 26/01 is off
        (Limit("calendar_days", 20 * 1440), "06-01T09:00:00", date(2020, 6, 22)),
    ],
)
def test_limits_in_days_end_on_the_expected_date(
    limit: Limit, received: str, expected: date
) -> None:
    assert due(limit, at(received)) == Due(expected)


def test_limits_in_hours_end_at_a_moment() -> None:
    eight = Limit("working_hours", 480)
    assert due(eight, at("01-10T10:00:00")) == Due(
        date(2020, 1, 13),
        datetime(2020, 1, 13, 10, 0),  # noqa: DTZ001
    )


def test_the_rest_goes_on_after_a_pause() -> None:
    pause = Pause(at("01-07T09:00:00"), at("01-09T10:00:00"), restarts=False)
    # Three days from Monday 09:00; two days and an hour of rest: Monday 13/01 10:00.
    assert due(THREE_DAYS, at("01-06T09:00:00"), [pause]) == Due(date(2020, 1, 13))


def test_the_full_limit_runs_again_after_a_restart() -> None:
    pause = Pause(at("01-07T09:00:00"), at("01-09T10:00:00"), restarts=True)
    assert due(THREE_DAYS, at("01-06T09:00:00"), [pause]) == Due(date(2020, 1, 14))


def test_a_doubtful_pause_has_no_firm_due_date() -> None:
    # 09:00 to 10:00 two days later: in whole days two, from the end of the due day three.
    pause = Pause(at("01-07T09:00:00"), at("01-09T10:00:00"), restarts=False)
    assert firm_due(THREE_DAYS, at("01-06T09:00:00"), [pause]) is None
    clear = Pause(at("01-07T15:00:00"), at("01-09T09:00:00"), restarts=False)
    assert firm_due(THREE_DAYS, at("01-06T15:00:00"), [clear]) == Due(date(2020, 1, 13))


def test_no_limit_has_no_due_date_and_extensions_add() -> None:
    assert due(Limit("none"), at("01-06T09:00:00")) is None
    assert due(THREE_DAYS, at("01-06T09:00:00"), (), 960) == Due(date(2020, 1, 13))


def test_calendar_days_know_no_pause_here() -> None:
    pause = Pause(at("01-07T09:00:00"), at("01-09T10:00:00"), restarts=False)
    with pytest.raises(ValueError, match="no pause"):
        due(Limit("calendar_days", 1440), at("01-06T09:00:00"), [pause])


def test_local_time_is_seven_hours_ahead() -> None:
    instant = at("10-30T17:00:00.125")
    assert rfc3339(instant) == "2020-10-30T17:00:00.125+07:00"
    assert instant_of(local(instant)) == instant
