"""Numbers and dates as Vietnamese official texts write them: 11.960, 99,77%, 30/10/2020."""

from datetime import date

_SWAPPED = str.maketrans(",.", ".,")


def whole(number: int) -> str:
    """A whole number with dots between thousands.

    >>> whole(11960)
    '11.960'
    """
    return f"{number:,}".translate(_SWAPPED)


def percent(value: str | None) -> str:
    """A percentage with a decimal comma; a dash where there is none.

    >>> percent("99.77")
    '99,77%'
    """
    return "–" if value is None else f"{value.translate(_SWAPPED)}%"


def day(value: date) -> str:
    """A date, day first.

    >>> day(date(2020, 10, 30))
    '30/10/2020'
    """
    return value.strftime("%d/%m/%Y")
