"""The two days that broke others: a holiday announced a week before, and a holiday that is new."""

from __future__ import annotations

from datetime import date

import pytest
from event_strategies import DOSSIER, event, registry_of
from motcua_kernel.calendar import OFFICE_HOURS, DayKind, Layer
from motcua_kernel.derive import derive
from motcua_kernel.fold import fold
from motcua_kernel.instant import parse_rfc3339
from motcua_kernel.registry import CalendarDay, Entry
from test_defects_of_others import (
    COMMUNE,
    EIGHT_HOURS,
    ENTRIES,
    REGISTRY,
    TEN_CALENDAR_DAYS,
    THREE_DAYS,
    derived,
    received,
    shown,
)

SWAP: list[Entry] = [
    CalendarDay(Layer.NATIONAL, "", date(2026, 1, 2), DayKind.CLOSED, (), "12729/VPCP-KGVX"),
    CalendarDay(Layer.NATIONAL, "", date(2026, 1, 10), DayKind.WORKING, (), "12729/VPCP-KGVX"),
]
SWAPPED = {date(2026, 1, 2), date(2026, 1, 10)}
BEFORE_THE_SWAP = registry_of(
    [one for one in ENTRIES if not (isinstance(one, CalendarDay) and one.day in SWAPPED)]
)
AFTER_THE_SWAP = BEFORE_THE_SWAP.with_entries(enumerate(SWAP, BEFORE_THE_SWAP.offset + 1))


@pytest.mark.parametrize(
    ("received_at", "code", "before", "after"),
    [
        ("2025-12-31 10:00", THREE_DAYS, "2026-01-06 10:00", "2026-01-07 10:00"),
        ("2025-12-26 10:00", THREE_DAYS, "2025-12-31 10:00", "2025-12-31 10:00"),
        ("2025-12-29 10:00", THREE_DAYS, "2026-01-02 10:00", "2026-01-05 10:00"),
        ("2026-01-08 10:00", THREE_DAYS, "2026-01-13 10:00", "2026-01-12 10:00"),
        ("2025-12-31 10:00", EIGHT_HOURS, "2026-01-02 10:00", "2026-01-05 10:00"),
        ("2026-01-09 17:00", EIGHT_HOURS, "2026-01-12 17:00", "2026-01-10 17:00"),
        ("2025-12-23 10:00", TEN_CALENDAR_DAYS, "2026-01-02 17:30", "2026-01-05 17:30"),
        ("2025-12-31 10:00", TEN_CALENDAR_DAYS, "2026-01-12 17:30", "2026-01-10 17:30"),
    ],
)
def test_2_january_2026_announced_a_week_before_moves_the_dossiers_of_december(
    received_at: str, code: str, before: str, after: str
) -> None:
    moment = parse_rfc3339(received_at.replace(" ", "T") + ":00+07:00")
    story = [event(received(code), moment)]
    dates = [
        shown(derive(fold(DOSSIER, story, registry), registry).due)
        for registry in (BEFORE_THE_SWAP, AFTER_THE_SWAP)
    ]
    assert dates == [before, after]
    assert fold(DOSSIER, story, BEFORE_THE_SWAP) == fold(DOSSIER, story, AFTER_THE_SWAP)


def test_a_dossier_says_that_it_rests_on_the_announcement_only_if_it_crosses_the_day() -> None:
    crossing = [event(received(), parse_rfc3339("2025-12-31T10:00:00+07:00"))]
    ended = [event(received(), parse_rfc3339("2025-12-24T10:00:00+07:00"))]
    offsets = [
        derive(fold(DOSSIER, story, AFTER_THE_SWAP), AFTER_THE_SWAP).registry_offset
        for story in (crossing, ended)
    ]
    assert offsets[0] == BEFORE_THE_SWAP.offset + 1
    assert offsets[1] <= BEFORE_THE_SWAP.offset


def test_24_november_is_vietnam_culture_day_from_2026_on() -> None:
    assert shown(derived(("11-23 10:00", received(EIGHT_HOURS))).due) == "2026-11-25 10:00"
    assert shown(derived(("11-23 10:00", received())).due) == "2026-11-27 10:00"
    assert shown(derived(("11-14 10:00", received(TEN_CALENDAR_DAYS))).due) == "2026-11-25 17:30"
    a_year_before = [event(received(EIGHT_HOURS), parse_rfc3339("2025-11-21T10:00:00+07:00"))]
    assert shown(derive(fold(DOSSIER, a_year_before, REGISTRY), REGISTRY).due) == "2025-11-24 10:00"
    calendar = REGISTRY.calendar(COMMUNE)
    assert calendar is not None
    assert calendar.is_working_day(date(2025, 11, 24))
    assert not calendar.is_working_day(date(2026, 11, 24))
    assert calendar.day(date(2026, 11, 23).toordinal()).windows == OFFICE_HOURS
