"""What was resolved week by week, and the small bars (sparklines) that show it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, TypeAlias

from motcua_kernel.verdict import Outcome

from motcua_processing.domain.board.days import WEEK, monday_of
from motcua_processing.domain.tally import Row
from motcua_processing.domain.verdicts import Figures, ResolvedGroup

WEEKS: Final = 12
"""So many weeks are drawn, the present one with them."""


class WeekResolved(NamedTuple):
    """Dossiers resolved in the week of a Monday, and those of them overdue (quá hạn)."""

    monday: int
    total: int = 0
    overdue: int = 0


Trend: TypeAlias = tuple[WeekResolved, ...]

ResolvedOfWeek: TypeAlias = tuple[Row, int, Sequence[ResolvedGroup]]
"""Of a reporting unit and department, in the week of a Monday: groups to be judged."""


def mondays(today: int) -> list[int]:
    """The Mondays of the weeks drawn, the oldest first."""
    last = monday_of(today)
    return [last - WEEK * back for back in reversed(range(WEEKS))]


def trends_of(found: Iterable[ResolvedOfWeek], today: int) -> dict[Row, Trend]:
    """A trend for each row that resolved anything in these weeks."""
    counted: dict[tuple[Row, int], Figures] = {}
    for row, monday, groups in found:
        counted.setdefault((row, monday), Figures()).add_resolved(groups)
    found_of: dict[Row, dict[int, WeekResolved]] = {}
    for (row, monday), figures in counted.items():
        week = WeekResolved(monday, figures.resolved.total(), figures.resolved[Outcome.OVERDUE])
        found_of.setdefault(row, {})[monday] = week
    empty = [WeekResolved(monday) for monday in mondays(today)]
    return {
        row: tuple(weeks.get(one.monday, one) for one in empty) for row, weeks in found_of.items()
    }


def together(trends: Iterable[Trend]) -> Trend:
    """Several trends of the same weeks as one."""
    return tuple(
        WeekResolved(weeks[0].monday, sum(w.total for w in weeks), sum(w.overdue for w in weeks))
        for weeks in zip(*trends, strict=True)
    )


class Spark(NamedTuple):
    """Two SVG paths over a box of `width` and `height`: what was in time, and the overdue on it."""

    width: int
    height: int
    in_time: str
    overdue: str


_BAR: Final = 6
_GAP: Final = 2
HEIGHT: Final = 24


def spark_of(trend: Trend) -> Spark:
    """Bars to the scale of the trend's own highest week; one overdue dossier is always seen.

    >>> spark_of((WeekResolved(1, 4, 1), WeekResolved(8, 2)))
    Spark(width=14, height=24, in_time='M0 24v-18h6v18zM8 24v-12h6v12z', overdue='M0 6v-6h6v6z')
    """
    most = max((one.total for one in trend), default=0)
    in_time: list[str] = []
    overdue: list[str] = []
    for place, one in enumerate(trend):
        left = place * (_BAR + _GAP)
        whole = _height(one.total, most)
        late = min(whole, max(_height(one.overdue, most), 2 if one.overdue else 0))
        if whole > late:
            in_time.append(_bar(left, HEIGHT, whole - late))
        if late:
            overdue.append(_bar(left, HEIGHT - whole + late, late))
    width = max(0, len(trend) * (_BAR + _GAP) - _GAP)
    return Spark(width, HEIGHT, "".join(in_time), "".join(overdue))


def _height(count: int, most: int) -> int:
    """A height in the box; what is there at all can be seen."""
    return max(1, round(HEIGHT * count / most)) if count else 0


def _bar(left: int, bottom: int, height: int) -> str:
    return f"M{left} {bottom}v-{height}h{_BAR}v{height}z"
