"""Months, quarters and years in local time. A month number is 12 * year + month - 1."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from motcua_metrics.domain.labels import Period

_MONTHS: dict[Period, int] = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}


@lru_cache(maxsize=4096)
def month_number(day: int) -> int:
    """The month of a day number.

    >>> month_number(date(2020, 10, 30).toordinal()) == 12 * 2020 + 9
    True
    """
    local = date.fromordinal(day)
    return 12 * local.year + local.month - 1


def months_of(period: Period, day: int) -> range:
    """The months of the calendar period that a day lies in.

    >>> [month % 12 + 1 for month in months_of(Period.QUARTER, date(2020, 5, 4).toordinal())]
    [4, 5, 6]
    """
    length = _MONTHS[period]
    first = month_number(day) // length * length
    return range(first, first + length)
