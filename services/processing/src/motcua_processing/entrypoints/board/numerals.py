"""Numbers, days and moments as Vietnamese official texts write them: 11.960, 99,77%, 30/10/2020."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from motcua_kernel.instant import Instant, format_local

_SWAPPED: Final = str.maketrans(",.", ".,")


def whole(number: int) -> str:
    """A whole number with dots between thousands.

    >>> whole(11960)
    '11.960'
    """
    return f"{number:,}".translate(_SWAPPED)


def decimal(number: float) -> str:
    """A number with a decimal comma, no idle zeros and a true minus.

    >>> decimal(1234.5), decimal(480.0), decimal(-0.25)
    ('1.234,5', '480', '−0,25')
    """
    text = f"{number:,.2f}".rstrip("0").rstrip(".")
    return text.translate(_SWAPPED).replace("-", "−")


def percent(value: Decimal | None) -> str:
    """A percentage with a decimal comma; a dash where there is none.

    >>> percent(Decimal("99.77")), percent(None)
    ('99,77%', '–')
    """
    return "–" if value is None else f"{str(value).translate(_SWAPPED)}%"


def day(number: int) -> str:
    """A day number as a date.

    >>> day(date(2020, 10, 30).toordinal())
    '30/10/2020'
    """
    return date.fromordinal(number).strftime("%d/%m/%Y")


def short_day(number: int) -> str:
    """Without the year.

    >>> short_day(date(2020, 10, 30).toordinal())
    '30/10'
    """
    return date.fromordinal(number).strftime("%d/%m")


def iso_day(number: int) -> str:
    """For machines.

    >>> iso_day(date(2020, 10, 30).toordinal())
    '2020-10-30'
    """
    return date.fromordinal(number).isoformat()


def moment(instant: Instant) -> str:
    """Hour and date.

    >>> moment(Instant(0))
    '07:00 01/01/1970'
    """
    return moment_of(format_local(instant))


def moment_of(text: str) -> str:
    """The same of a moment in ISO 8601.

    >>> moment_of("2020-10-30T16:59:00+07:00")
    '16:59 30/10/2020'
    """
    return f"{text[11:16]} {text[8:10]}/{text[5:7]}/{text[:4]}"


def runs(days: tuple[tuple[int, int], ...]) -> str:
    """Runs of days, short; the year with the last.

    >>> first = date(2020, 10, 24).toordinal()
    >>> runs(((first, first + 1), (first + 7, first + 7)))
    '24–25/10, 31/10'
    """
    return ", ".join(_run(first, last) for first, last in days)


def _run(first: int, last: int) -> str:
    if first == last:
        return short_day(first)
    start, end = short_day(first), short_day(last)
    return f"{start[:2]}–{end}" if start[3:] == end[3:] else f"{start}–{end}"


_MINUTES: Final = {"working_days": 480, "working_hours": 60, "calendar_days": 1440}


def amount(minutes: float, unit: str) -> str:
    """Minutes of a limit in the unit that it is stated in.

    >>> amount(1200, "working_days"), amount(90, "working_hours")
    ('2,5', '1,5')
    """
    return decimal(minutes / _MINUTES.get(unit, 1))
