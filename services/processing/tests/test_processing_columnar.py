"""The columnar clock comes to the same due dates as the readable one, whatever the calendar."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from motcua_kernel.calendar import BeyondCalendar, build_calendar
from motcua_kernel.clock import Ledger, LimitUnit, due
from motcua_processing.domain.columnar import due_columns
from random_cases import (
    FIRST,
    LAST,
    random_instant,
    random_limit,
    random_overrides,
    random_week,
)

CALENDARS = 120
RECEIPTS = 60


@pytest.mark.parametrize("seed", range(CALENDARS))
def test_columns_of_due_dates_equal_those_counted_one_by_one(seed: int) -> None:
    random = Random(seed)
    calendar = build_calendar(random_week(random), random_overrides(random), FIRST, LAST)
    for _ in range(8):
        limit = random_limit(random)
        if limit.unit is LimitUnit.NONE or limit.then is not None:
            continue
        received = [random_instant(random) for _ in range(RECEIPTS)]
        try:
            expected = [due(Ledger(limit, one), calendar) for one in received]
        except BeyondCalendar:
            with pytest.raises(BeyondCalendar):
                due_columns(calendar, limit, np.array(received, np.int64))
            continue
        days, moments = due_columns(calendar, limit, np.array(received, np.int64))
        assert list(zip(days.tolist(), moments.tolist(), strict=True)) == [
            (one.day, one.moment) for one in expected if one is not None
        ]
