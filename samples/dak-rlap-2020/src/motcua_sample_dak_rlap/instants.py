"""Instants in milliseconds since the epoch (UTC), and the local time of Vietnam, UTC+7."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_EPOCH_DAY = date(1970, 1, 1)
_OFFSET = 7 * HOUR


def local(instant: int) -> datetime:
    """The local time of an instant, without a zone."""
    return _EPOCH + timedelta(milliseconds=instant + _OFFSET)


def instant_of(moment: datetime) -> int:
    """The instant of a local time."""
    return (moment - _EPOCH) // timedelta(milliseconds=1) - _OFFSET


def midnight(day: date) -> int:
    """The instant at which a local day begins."""
    return (day - _EPOCH_DAY).days * DAY - _OFFSET


def local_day(instant: int) -> date:
    """The local day of an instant."""
    return _day((instant + _OFFSET) // DAY)


def rfc3339(instant: int) -> str:
    """The instant as text, for example `2020-01-06T08:12:33.125+07:00`."""
    days, rest = divmod(instant + _OFFSET, DAY)
    hour, rest = divmod(rest, HOUR)
    minute, rest = divmod(rest, MINUTE)
    second, milli = divmod(rest, 1000)
    return f"{_day(days).isoformat()}T{hour:02}:{minute:02}:{second:02}.{milli:03}+07:00"


@lru_cache(maxsize=1 << 18)
def parse_rfc3339(text: str) -> int:
    """The instant of a text with a zone."""
    return (datetime.fromisoformat(text) - _EPOCH.replace(tzinfo=UTC)) // timedelta(milliseconds=1)


@lru_cache(maxsize=2048)
def _day(number: int) -> date:
    return _EPOCH_DAY + timedelta(days=number)
