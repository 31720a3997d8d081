"""What one dossier adds to the figures: a small value, so that an update can undo the former one.

Nothing in it depends on "now" (law L3): an open dossier contributes its due date, and what that
means is asked at the scrape.
"""

from __future__ import annotations

from functools import lru_cache
from sys import intern
from typing import TYPE_CHECKING, TypeAlias

import msgspec
from motcua_kernel.clock import Due
from motcua_kernel.events import Channel
from motcua_kernel.instant import day_number
from motcua_kernel.life_cycle import Status
from motcua_kernel.state import NEVER
from motcua_kernel.verdict import Outcome, outcome

from motcua_metrics.domain.labels import Closure

if TYPE_CHECKING:
    from motcua_platform.state_codec import PublishedState

Version: TypeAlias = tuple[int, int, int]
"""(fold revision, registry offset, events), compared in this order (design section 3)."""

Ending: TypeAlias = Outcome | Closure

_CLOSURES: dict[Status, Closure] = {
    Status.WITHDRAWN: Closure.WITHDRAWN,
    Status.STOPPED: Closure.STOPPED,
    Status.REFUSED: Closure.REFUSED,
}


class Waiting(msgspec.Struct, frozen=True, gc=False):
    """A clock that has not ended: the due date, if there is one, and whether it rests.

    `rests` are first and last days, in pairs, on which it rests by itself.
    """

    due: Due | None
    paused: bool
    rests: tuple[int, ...] = ()


class StepClock(msgspec.Struct, frozen=True, gc=False):
    """The step (bước) that an open dossier is at: who holds it, and its own clock.

    It rests with the clock of the dossier. `due` is None where the step has no budget.
    """

    department: str
    due: Due | None
    paused: bool
    rests: tuple[int, ...] = ()


class Contribution(msgspec.Struct, frozen=True, gc=False):
    """A dossier as the figures see it.

    A received dossier (`received_day` is not 0) either waits for its result (`waiting`), perhaps
    in a `step`, or has an `ending`. One that was not received waits for its reception, or adds
    nothing but anomalies.
    """

    version: Version
    unit: str
    department: str
    channel: Channel = Channel.UNSPECIFIED
    received_day: int = 0
    ended_day: int = 0
    ending: Ending | None = None
    waiting: Waiting | None = None
    anomalies: tuple[str, ...] = ()
    step: StepClock | None = None


@lru_cache(maxsize=8192)
def _version(fold_revision: int, registry_offset: int, events: int) -> Version:
    return (fold_revision, registry_offset, events)


@lru_cache(maxsize=8192)
def _day(number: int) -> int:
    """The same object for the same day: millions of dossiers share some hundred days."""
    return number


@lru_cache(maxsize=8192)
def _rests(days: tuple[int, ...]) -> tuple[int, ...]:
    """The same object for the same days: a mass suspension rests thousands of clocks."""
    return days


@lru_cache(maxsize=8192)
def _waiting(due: Due | None, paused: bool, rests: tuple[int, ...]) -> Waiting:
    return Waiting(due, paused, rests)


@lru_cache(maxsize=8192)
def _step(department: str, due: Due | None, paused: bool, rests: tuple[int, ...]) -> StepClock:
    return StepClock(department, due, paused, rests)


def contribution_of(state: PublishedState) -> Contribution:
    """The contribution of a state.

    A received dossier counts for its reporting unit (đơn vị báo cáo) and lead department; one
    that waits at the counter counts for the unit that has to receive it.
    """
    version = _version(state.fold_revision, state.registry_offset, state.events)
    anomalies = tuple(intern(kind) for kind in state.anomalies)
    if state.received_at == NEVER:
        return _before_receipt(state, version, anomalies)
    unit = intern(state.reporting_unit or state.resolving_unit or state.receiving_unit)
    department = intern(state.department)
    received_day = _day(day_number(state.received_at))
    if state.resolved_at != NEVER:
        verdict = outcome(state.due, state.resolved_at)
        ended = _day(day_number(state.resolved_at))
        return Contribution(
            version, unit, department, state.channel, received_day, ended, verdict, None, anomalies
        )
    if state.closed_at != NEVER:
        ended = _day(day_number(state.closed_at))
        closure = _CLOSURES[state.status]
        return Contribution(
            version, unit, department, state.channel, received_day, ended, closure, None, anomalies
        )
    waiting = _waiting(_comparable(state.due), state.is_paused, _rests(state.rests))
    step = _step_of(state)
    return Contribution(
        version, unit, department, state.channel, received_day, 0, None, waiting, anomalies, step
    )


def _step_of(state: PublishedState) -> StepClock | None:
    if not state.step_department:
        return None
    due = _comparable(state.step_due)
    return _step(intern(state.step_department), due, state.is_paused, _rests(state.rests))


def _before_receipt(
    state: PublishedState, version: Version, anomalies: tuple[str, ...]
) -> Contribution:
    unit = intern(state.receiving_unit or state.reporting_unit or state.resolving_unit)
    waiting = None
    if state.filed_at != NEVER and state.closed_at == NEVER:
        waiting = _waiting(_comparable(state.reception_due), state.is_paused, ())
    return Contribution(version, unit, "", state.channel, waiting=waiting, anomalies=anomalies)


def _comparable(due: Due | None) -> Due | None:
    """The part of a due date that a verdict looks at, so that equal days fall into one count."""
    if due is None:
        return None
    return Due(_day(due.day), NEVER if due.by_day else due.moment, due.by_day)
