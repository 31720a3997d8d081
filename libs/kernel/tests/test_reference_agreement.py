"""The engine agrees with the slow walk of `reference_clock` on seeded random cases."""

from __future__ import annotations

import os
from random import Random

import reference_clock as reference
from motcua_kernel.calendar import BeyondCalendar, Calendar, build_calendar
from motcua_kernel.clock import Ledger, LimitUnit, due, remaining
from motcua_kernel.instant import DAY, Instant
from random_cases import FIRST, LAST, random_ledger, random_overrides, random_week

CASES = int(os.environ.get("MOTCUA_REFERENCE_CASES", "100000"))
LEDGERS_A_CALENDAR = 500
Answer = tuple[int, int, bool] | None | str


def engine_due(ledger: Ledger, calendar: Calendar) -> Answer:
    try:
        found = due(ledger, calendar)
    except BeyondCalendar:
        return "beyond"
    return found and (found.day, found.moment, found.by_day)


def reference_due(ledger: Ledger, calendar: reference.ReferenceCalendar) -> Answer:
    try:
        found = reference.due(ledger, calendar)
    except reference.OutOfRangeError:
        return "beyond"
    return found and (found[0].toordinal(), reference.instant(found[1]), found[2])


def engine_remaining(ledger: Ledger, calendar: Calendar, now: Instant) -> int | str:
    try:
        return remaining(ledger, calendar, now)
    except BeyondCalendar:
        return "beyond"


def reference_remaining(
    ledger: Ledger, calendar: reference.ReferenceCalendar, now: Instant
) -> int | str:
    try:
        return reference.remaining(ledger, calendar, reference.local(now))
    except reference.OutOfRangeError:
        return "beyond"


def test_engine_and_reference_give_the_same_due_dates_and_remainders() -> None:
    beyond = 0
    units: set[LimitUnit] = set()
    for seed in range(-(-CASES // LEDGERS_A_CALENDAR)):
        random = Random(seed)
        week, overrides = random_week(random), random_overrides(random)
        calendar = build_calendar(week, overrides, FIRST, LAST)
        slow = reference.ReferenceCalendar(week, overrides, FIRST, LAST)
        for case in range(min(LEDGERS_A_CALENDAR, CASES - seed * LEDGERS_A_CALENDAR)):
            ledger = random_ledger(random)
            answer = engine_due(ledger, calendar)
            assert answer == reference_due(ledger, slow), (seed, case, ledger)
            beyond += answer == "beyond"
            units.add(ledger.limit.unit)
            if ledger.limit.unit is not LimitUnit.NONE:
                now = Instant(ledger.started + random.randrange(-DAY, 40 * DAY))
                left = engine_remaining(ledger, calendar, now)
                expected = reference_remaining(ledger, slow, now)
                assert left == expected, (seed, case, ledger, now)
    assert beyond <= CASES // 50
    assert CASES < LEDGERS_A_CALENDAR or units == set(LimitUnit)
