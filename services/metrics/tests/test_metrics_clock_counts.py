"""Counting clocks by day says the same of every clock as looking at each moment."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from motcua_kernel.clock import Due
from motcua_kernel.instant import HOUR, Instant, day_number, midnight
from motcua_kernel.verdict import Timing, timing
from motcua_metrics.domain.clock_counts import ClockCounts
from motcua_metrics.domain.contribution import Waiting

if TYPE_CHECKING:
    from collections.abc import Iterable

_FIRST = midnight(737_700)
_moments = st.integers(0, 4 * 24).map(lambda hours: Instant(_FIRST + hours * HOUR))


def _due(moment: Instant, by_day: bool) -> Due:
    return Due(day_number(moment), moment, by_day)


_dues = st.builds(_due, _moments, st.booleans())
_clocks = st.lists(st.builds(Waiting, st.none() | _dues, st.booleans()), max_size=30)


def _verdicts(clocks: Iterable[tuple[Waiting, int]], now: Instant) -> Counter[Timing]:
    found: Counter[Timing] = Counter()
    for clock, count in clocks:
        soon = day_number(now) + 1
        found[timing(clock.due, paused=clock.paused, now=now, soon_until=soon)] += count
    return found


@settings(deadline=None)
@given(_clocks, _moments, st.integers(-1, 1))
def test_at_any_moment_the_counts_give_the_verdicts_of_the_single_clocks(
    clocks: list[Waiting], moment: Instant, off: int
) -> None:
    now = Instant(moment + off)
    counts = ClockCounts[Waiting]()
    for clock in clocks:
        counts.shift(clock, 1)
    assert _verdicts(counts.on(now), now) == _verdicts(((c, 1) for c in clocks), now)
    assert counts.total() == len(clocks)


@settings(deadline=None)
@given(_clocks, _clocks, _moments)
def test_taking_away_what_was_added_leaves_the_rest(
    stay: list[Waiting], go: list[Waiting], now: Instant
) -> None:
    counts = ClockCounts[Waiting]()
    for clock in stay + go:
        counts.shift(clock, 1)
    for clock in go:
        counts.shift(clock, -1)
    assert _verdicts(counts.on(now), now) == _verdicts(((c, 1) for c in stay), now)
    for clock in stay:
        counts.shift(clock, -1)
    assert list(counts.on(now)) == []
