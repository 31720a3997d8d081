"""Counts of clocks that have not ended, kept so that a scrape judges each due day once.

A limit in hours ends at a moment of its own, and yet only on that day itself does the moment
matter: on the days before it nothing due that day is overdue, on the days after it everything is.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import TYPE_CHECKING, Generic, TypeVar

from motcua_kernel.clock import Due
from motcua_kernel.instant import Instant, day_number, midnight
from msgspec.structs import replace

from motcua_metrics.domain.contribution import StepClock, Waiting

if TYPE_CHECKING:
    from collections.abc import Iterator

Clock = TypeVar("Clock", Waiting, StepClock)
Key = TypeVar("Key", bound=Hashable)


class ClockCounts(Generic[Clock]):
    """How many clocks there are of each kind; taking away what was added leaves nothing behind."""

    __slots__ = ("_by_day", "_moments")

    def __init__(self) -> None:
        self._by_day: dict[Clock, int] = {}
        self._moments: dict[Clock, list[Instant]] = {}

    def shift(self, clock: Clock, by: int) -> None:
        """Count one clock more (`by` 1) or fewer (-1)."""
        due = clock.due
        if due is None or due.by_day:
            shift(self._by_day, clock, by)
            return
        of_day = replace(clock, due=_at_the_end_of(due.day))
        shift(self._by_day, of_day, by)
        moments = self._moments.setdefault(of_day, [])
        if by > 0:
            moments.append(due.moment)
        else:
            moments.remove(due.moment)
        if not moments:
            del self._moments[of_day]

    def total(self) -> int:
        """How many clocks there are."""
        return sum(self._by_day.values())

    def on(self, now: Instant) -> Iterator[tuple[Clock, int]]:
        """The clocks and their counts, fit to be judged at a moment.

        All that a verdict asks of a clock that ends today is whether that has passed: those that
        have are given as one, the others, and those of any other day, as ending with their day.
        """
        today = day_number(now)
        for clock, count in self._by_day.items():
            due = clock.due
            if due is None or due.by_day or due.day != today:
                yield clock, count
                continue
            passed = sum(moment < now for moment in self._moments[clock])
            if passed:
                yield replace(clock, due=Due(today, Instant(now - 1), by_day=False)), passed
            if passed < count:
                yield clock, count - passed


@lru_cache(maxsize=8192)
def _at_the_end_of(day: int) -> Due:
    return Due(day, Instant(midnight(day + 1) - 1), by_day=False)


def shift(counts: dict[Key, int], key: Key, by: int) -> None:
    """Change a count; one that comes to 0 goes away."""
    count = counts.get(key, 0) + by
    if count:
        counts[key] = count
    else:
        del counts[key]
