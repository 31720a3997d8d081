from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from motcua_kernel.errors import Invalid
from motcua_kernel.instant import (
    MINUTE,
    Instant,
    at_local,
    day_number,
    format_local,
    local_date,
    parse_rfc3339,
)

instants = st.integers(0, 4_102_444_800_000).map(Instant)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-04-30T16:59:59.999Z", date(2026, 4, 30)),
        ("2026-04-30T17:00:00Z", date(2026, 5, 1)),
        ("2020-12-31T17:00:00Z", date(2021, 1, 1)),
        ("2024-02-28T17:00:00Z", date(2024, 2, 29)),
        ("1969-12-31T16:59:59Z", date(1969, 12, 31)),
    ],
)
def test_the_local_day_changes_at_local_midnight(text: str, day: date) -> None:
    assert local_date(parse_rfc3339(text)) == day


@given(instants)
def test_day_number_agrees_with_datetime(instant: Instant) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant)
    here = moment.astimezone(timezone(timedelta(hours=7)))
    assert day_number(instant) == here.date().toordinal()


@given(instants)
def test_parsing_inverts_formatting(instant: Instant) -> None:
    assert parse_rfc3339(format_local(instant)) == instant


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-24T10:00:00+07:00",
        "2026-04-24T03:00:00Z",
        "2026-04-24t03:00:00z",
        "2026-04-24T03:00:00.0009Z",
        "2026-04-23T22:30:00-04:30",
    ],
)
def test_every_offset_is_understood(text: str) -> None:
    assert parse_rfc3339(text) == at_local(date(2026, 4, 24), 600)


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-24T10:00:00",
        "2026-04-24",
        "2026-04-31T10:00:00Z",
        "2025-02-29T10:00:00Z",
        "2026-04-24T24:00:00Z",
        "2026-04-24T10:00:60Z",
        "20260424T100000Z",
        "2026-W17-5T10:00:00Z",
        "2026-04-24T10:00:00Z\n",
        "٢٠٢٦-04-24T10:00:00Z",
        "",
    ],
)
def test_other_texts_are_invalid(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_rfc3339(text)
    assert (caught.value.field, caught.value.value) == ("time", text)


def test_milliseconds_are_shown_only_where_there_are_any() -> None:
    ten = at_local(date(2026, 4, 24), 600)
    assert format_local(ten) == "2026-04-24T10:00:00+07:00"
    assert format_local(Instant(ten + MINUTE + 5)) == "2026-04-24T10:01:00.005+07:00"
