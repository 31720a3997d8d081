"""Instants: whole milliseconds since 1970-01-01T00:00Z, and their local reading.

Local time is Asia/Ho_Chi_Minh, UTC+7 all year round (no summer time since 1975), so a local day
is plain integer arithmetic. A day number is `date.toordinal()` of the local date.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final, NewType

from motcua_kernel.errors import Invalid

Instant = NewType("Instant", int)

MINUTE: Final = 60_000
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
LOCAL_OFFSET: Final = 7 * HOUR
EPOCH_DAY_NUMBER: Final = date(1970, 1, 1).toordinal()

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_LOCAL: Final = timezone(timedelta(milliseconds=LOCAL_OFFSET))
_RFC3339: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})",
    re.IGNORECASE,
)


def day_number(instant: Instant) -> int:
    """The local day of an instant, as `date.toordinal()`.

    >>> day_number(parse_rfc3339("2026-04-30T17:00:00Z")) == date(2026, 5, 1).toordinal()
    True
    """
    return (instant + LOCAL_OFFSET) // DAY + EPOCH_DAY_NUMBER


def local_date(instant: Instant) -> date:
    """The local calendar date of an instant."""
    return date.fromordinal(day_number(instant))


def midnight(day: int) -> Instant:
    """The first instant of a local day, given by its number."""
    return Instant((day - EPOCH_DAY_NUMBER) * DAY - LOCAL_OFFSET)


def at_local(day: date, minute_of_day: int) -> Instant:
    """The instant `minute_of_day` minutes after local midnight of `day`."""
    return Instant(midnight(day.toordinal()) + minute_of_day * MINUTE)


def parse_rfc3339(text: str) -> Instant:
    """Read an RFC 3339 date-time; digits below a millisecond are cut off.

    >>> parse_rfc3339("1970-01-01T07:00:00.25+07:00")
    250

    Raises:
        Invalid: the text is no RFC 3339 date-time, has no offset, or names a day that never was.
    """
    if _RFC3339.fullmatch(text) is None:
        raise Invalid("time", "an RFC 3339 date-time with its offset", text)
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise Invalid("time", "an existing date and time", text) from error
    return Instant((moment - _EPOCH) // _MILLISECOND)


def format_local(instant: Instant) -> str:
    """ISO 8601 in local time, milliseconds only where there are any.

    >>> format_local(parse_rfc3339("2026-04-24T03:00:00Z"))
    '2026-04-24T10:00:00+07:00'
    """
    moment = (_EPOCH + instant * _MILLISECOND).astimezone(_LOCAL)
    return moment.isoformat(timespec="milliseconds" if instant % 1000 else "seconds")
