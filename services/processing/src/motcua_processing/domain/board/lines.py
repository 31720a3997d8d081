"""The lines of a table of figures: by unit or by department, in an order that can be chosen."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from motcua_kernel.verdict import Outcome, Timing

from motcua_processing.domain.board.trends import Trend, together
from motcua_processing.domain.tally import Row
from motcua_processing.domain.verdicts import Figures


@dataclass(frozen=True, slots=True)
class TableLine:
    """One unit or department with its figures, and what it resolved week by week."""

    id: str
    name: str
    figures: Figures = field(default_factory=Figures)
    trend: Trend = ()


COLUMNS: Final[Mapping[str, Callable[[TableLine], Any]]] = {
    "unit": lambda line: collation(line.name),
    "carried_over": lambda line: line.figures.carried_over,
    "received": lambda line: line.figures.received,
    "resolved": lambda line: line.figures.resolved.total(),
    **{
        f"resolved_{one.value}": lambda line, one=one: line.figures.resolved[one] for one in Outcome
    },
    "in_progress": lambda line: line.figures.in_progress.total(),
    **{
        f"in_progress_{one.value}": lambda line, one=one: line.figures.in_progress[one]
        for one in Timing
    },
    "on_time_percent": lambda line: line.figures.on_time_percent,
}
"""What lines can be put in order by: the names of the figures in the API."""


def in_order(lines: Iterable[TableLine], column: str, *, descending: bool) -> list[TableLine]:
    """Lines by a column, equal ones by name; those without a value come last either way."""
    by_name = sorted(lines, key=lambda line: (collation(line.name), line.id))
    known = [line for line in by_name if _value(line, column) is not None]
    unknown = [line for line in by_name if _value(line, column) is None]
    ordered = sorted(known, key=lambda line: _value(line, column), reverse=descending)
    return [*ordered, *unknown]


def _value(line: TableLine, column: str) -> Any:
    return COLUMNS[column](line)


def by_unit(
    rows: Mapping[Row, Figures], trends: Mapping[Row, Trend]
) -> dict[str, tuple[Figures, Trend]]:
    """The figures and trends of departments, put together by unit."""
    figures: dict[str, Figures] = {}
    for (unit, _), one in rows.items():
        figures.setdefault(unit, Figures()).add(one)
    found: dict[str, list[Trend]] = {}
    for (unit, _), trend in trends.items():
        found.setdefault(unit, []).append(trend)
    units = dict.fromkeys((*figures, *found))
    return {unit: (figures.get(unit, Figures()), together(found.get(unit, []))) for unit in units}


def collation(name: str) -> str:
    """A key that puts names in Vietnamese order, capitals aside: a ă â … d đ e ê … o ô ơ … u ư.

    Letters decide first and tones after them.

    >>> sorted(["Ơn", "Đà", "Do", "Ôn", "Eo", "On", "Dã"], key=collation)
    ['Dã', 'Do', 'Đà', 'Eo', 'On', 'Ôn', 'Ơn']
    """
    letters: list[str] = []
    tones: list[str] = []
    for letter in unicodedata.normalize("NFD", name.lower().replace("đ", "d\u0335")):
        (tones if letter in _TONES else letters).append(letter)
    return "".join(_RANK.get(letter, letter) for letter in letters) + " " + "".join(tones)


_TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")
_RANK: Final = {"\u0335": "~0", "\u0306": "~1", "\u0302": "~2", "\u031b": "~3"}
"""Marks that make another letter of one: after every plain letter, in the alphabet's order."""
