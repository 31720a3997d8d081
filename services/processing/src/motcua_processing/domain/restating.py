"""What a change of the registry does to figures already shown: old and new verdicts, counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from motcua_kernel.clock import Due
from motcua_kernel.derive import Derived
from motcua_kernel.instant import Instant, day_number
from motcua_kernel.state import DossierState
from motcua_kernel.verdict import Outcome, is_overdue, is_resting, outcome

Row: TypeAlias = tuple[str, str]
"""A reporting unit and a lead department."""


class Verdict(Enum):
    """Where a received dossier stands, as coarse as a change of the calendar can move it."""

    RESOLVED_EARLY = "resolved_early"
    RESOLVED_ON_TIME = "resolved_on_time"
    RESOLVED_OVERDUE = "resolved_overdue"
    RESOLVED_NO_DEADLINE = "resolved_no_deadline"
    OPEN_OVERDUE = "open_overdue"
    OPEN_OTHER = "open_other"
    CLOSED = "closed"


OVERDUE = frozenset({Verdict.RESOLVED_OVERDUE, Verdict.OPEN_OVERDUE})

_OF_OUTCOME = {
    Outcome.EARLY: Verdict.RESOLVED_EARLY,
    Outcome.ON_TIME: Verdict.RESOLVED_ON_TIME,
    Outcome.OVERDUE: Verdict.RESOLVED_OVERDUE,
    Outcome.NO_DEADLINE: Verdict.RESOLVED_NO_DEADLINE,
}


@dataclass(slots=True)
class Effect:
    """What a change does to some dossiers.

    `crossing`: their spans cross it. `moved`: their due dates are other ones now. `withdrawn`:
    overdue before and not after, `appeared` the reverse.
    """

    crossing: int = 0
    moved: int = 0
    withdrawn: int = 0
    appeared: int = 0
    before: dict[Verdict, int] = field(default_factory=dict[Verdict, int])
    after: dict[Verdict, int] = field(default_factory=dict[Verdict, int])

    def count(self, before: Verdict, after: Verdict, *, moved: bool, times: int = 1) -> None:
        """Count dossiers in."""
        self.crossing += times
        self.moved += times if moved else 0
        self.withdrawn += times if before in OVERDUE and after not in OVERDUE else 0
        self.appeared += times if after in OVERDUE and before not in OVERDUE else 0
        self.before[before] = self.before.get(before, 0) + times
        self.after[after] = self.after.get(after, 0) + times

    def add(self, other: Effect) -> None:
        """Count in what another effect has."""
        self.crossing += other.crossing
        self.moved += other.moved
        self.withdrawn += other.withdrawn
        self.appeared += other.appeared
        for mine, theirs in ((self.before, other.before), (self.after, other.after)):
            for verdict, times in theirs.items():
                mine[verdict] = mine.get(verdict, 0) + times


Effects: TypeAlias = dict[Row, Effect]


def total_of(effects: Mapping[Row, Effect]) -> Effect:
    """The sum over all units and departments."""
    total = Effect()
    for effect in effects.values():
        total.add(effect)
    return total


def verdict_at(state: DossierState, due: Due | None, *, paused: bool, now: Instant) -> Verdict:
    """Where a received dossier stands at a moment."""
    if state.resolved_at:
        return _OF_OUTCOME[outcome(due, state.resolved_at)]
    if state.closed_at:
        return Verdict.CLOSED
    late = due is not None and not paused and is_overdue(due, now)
    return Verdict.OPEN_OVERDUE if late else Verdict.OPEN_OTHER


def count_change(
    effects: Effects, state: DossierState, before: Derived, after: Derived, now: Instant
) -> None:
    """Count what a change did to one dossier; one that was not received is in no figure."""
    if not state.is_received:
        return
    effect = effects.setdefault((state.reporting_unit, state.department), Effect())
    effect.count(
        _verdict(state, before, now),
        _verdict(state, after, now),
        moved=before.due != after.due,
    )


def _verdict(state: DossierState, derived: Derived, now: Instant) -> Verdict:
    paused = is_paused(derived, now)
    return verdict_at(state, derived.due, paused=paused, now=now)


def is_paused(derived: Derived, now: Instant) -> bool:
    """Whether the clock stands at a moment."""
    return derived.paused or (bool(derived.rests) and is_resting(derived.rests, day_number(now)))
