"""The figures of a unit and period, from counted groups of dossiers (law L6).

SQL counts dossiers by the facts of their clock; what early, on time, due soon or overdue mean is
said once, in `motcua_kernel.verdict`, and applied here to the groups.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from motcua_kernel.clock import Due
from motcua_kernel.instant import Instant
from motcua_kernel.verdict import (
    Outcome,
    Timing,
    index766_share,
    on_time_percent,
    outcome,
    timing,
)


@dataclass(frozen=True, slots=True)
class ResolvedGroup:
    """Dossiers resolved on one day with one due day (and moment, where moments decide)."""

    count: int
    due: Due | None
    resolved_at: Instant


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """Dossiers in progress with one due date."""

    count: int
    due: Due | None
    paused: bool
    rests: tuple[int, ...] = ()


@dataclass(slots=True)
class Receptions:
    """The reception clock (tiếp nhận hồ sơ trực tuyến): answers in a period, and what waits.

    An online filing is answered when it is received or refused; one that was withdrawn before
    counts in neither. The verdict compares moments, so there is no early and no due soon.
    """

    answered: Counter[Outcome] = field(default_factory=Counter[Outcome])
    pending: Counter[Timing] = field(default_factory=Counter[Timing])

    def add_answered(self, due: Due | None, answered_at: Instant, count: int = 1) -> None:
        """Count filings answered at a moment."""
        verdict = outcome(due, answered_at)
        self.answered[Outcome.ON_TIME if verdict is Outcome.EARLY else verdict] += count

    def add_pending(
        self, due: Due | None, now: Instant, count: int = 1, *, paused: bool = False
    ) -> None:
        """Count filings that wait for their answer at a moment."""
        self.pending[timing(due, paused=paused, now=now, soon_until=0)] += count

    def add(self, other: Receptions) -> None:
        """Add those of another unit to these."""
        self.answered.update(other.answered)
        self.pending.update(other.pending)


@dataclass(slots=True)
class Figures:
    """The balance of a unit or department over a period."""

    carried_over: int = 0
    received: int = 0
    received_in_journal: int = 0
    resolved: Counter[Outcome] = field(default_factory=Counter[Outcome])
    in_progress: Counter[Timing] = field(default_factory=Counter[Timing])
    withdrawn: int = 0
    stopped: int = 0
    refused: int = 0

    def add_resolved(self, groups: Iterable[ResolvedGroup]) -> None:
        """Count resolved groups by their outcome."""
        for group in groups:
            self.resolved[outcome(group.due, group.resolved_at)] += group.count

    def add_open(self, groups: Iterable[OpenGroup], now: Instant, soon_until: int) -> None:
        """Count open groups by their timing at `now`."""
        for group in groups:
            verdict = timing(
                group.due,
                paused=group.paused,
                now=now,
                soon_until=soon_until,
                rests=group.rests,
            )
            self.in_progress[verdict] += group.count

    def add(self, other: Figures) -> None:
        """Add another balance to this one."""
        self.carried_over += other.carried_over
        self.received += other.received
        self.received_in_journal += other.received_in_journal
        self.resolved.update(other.resolved)
        self.in_progress.update(other.in_progress)
        self.withdrawn += other.withdrawn
        self.stopped += other.stopped
        self.refused += other.refused

    @property
    def with_deadline(self) -> int:
        """Resolved dossiers that had a due date: the denominator of every rate."""
        return self.resolved.total() - self.resolved[Outcome.NO_DEADLINE]

    @property
    def on_time_percent(self) -> Decimal | None:
        """(early + on time) / resolved, of those with a due date."""
        in_time = self.resolved[Outcome.EARLY] + self.resolved[Outcome.ON_TIME]
        return on_time_percent(in_time, self.with_deadline)

    @property
    def overdue_percent(self) -> Decimal | None:
        """Overdue / resolved, of those with a due date."""
        return on_time_percent(self.resolved[Outcome.OVERDUE], self.with_deadline)

    @property
    def index766_percent(self) -> Decimal | None:
        """The view of Decision 766, in which running and withdrawn dossiers count as in time."""
        in_time, judged = index766_share(self.resolved, self.withdrawn, self.in_progress)
        return on_time_percent(in_time, judged)

    @property
    def balance_residual(self) -> int:
        """Carried over + received (by the journal) - what became of them; 0 if nothing is lost."""
        became = self.resolved.total() + self.in_progress.total()
        became += self.withdrawn + self.stopped + self.refused
        return self.carried_over + self.received_in_journal - became
