"""What notices watch of a dossier, from its snapshot and the registry."""

from __future__ import annotations

from typing import Final

from motcua_kernel.instant import local_date
from motcua_kernel.registry import Registry
from motcua_kernel.snapshot import Snapshot
from motcua_kernel.state import NEVER, DossierState

from motcua_processing.domain.notices import (
    DEFAULT_RUNGS,
    Notice,
    Subject,
    View,
    Watched,
    dossier_key,
    step_key,
)

_MARGIN_DAYS: Final = 21
"""Days off that may lie between a rung and its due date, the longest Tết among them."""


def horizon_of(registry: Registry, today: int) -> int:
    """The last due day (ordinal) of which a rung may be reached on a day."""
    rungs = [rung for rule in registry.rules.values() for rung in rule.notice_rungs]
    return today + _MARGIN_DAYS + 2 * max(rungs, default=0)


def view_of(snapshot: Snapshot, registry: Registry) -> View | None:
    """What is watched of a dossier; None before its receipt, and without a calendar."""
    state, derived = snapshot.state, snapshot.derived
    unit = state.resolving_unit or state.receiving_unit
    calendar = registry.calendar(unit)
    if calendar is None or not state.is_received:
        return None
    rules = registry.rules_on(unit, local_date(state.received_at))
    dossier = Watched(
        dossier_key(state.dossier),
        Subject.DOSSIER,
        "",
        _department(state),
        derived.due,
        state.ended_at,
    )
    stays = tuple(
        Watched(
            step_key(state.dossier, one.step, one.entered),
            Subject.STEP,
            one.step,
            one.department,
            derived.step_due if one is state.steps[-1] else None,
            one.left or state.ended_at,
        )
        for one in state.steps
    )
    return View(
        state.dossier,
        state.reporting_unit or unit,
        (dossier, *stays),
        not state.is_ended and not derived.paused,
        derived.rests,
        calendar,
        rules.notice_rungs or DEFAULT_RUNGS,
    )


def view_of_gone(told: Notice, registry: Registry) -> View | None:
    """The view of a dossier that is no more, in the hours of the unit that a notice names."""
    calendar = registry.calendar(told.unit)
    if calendar is None:
        return None
    return View(told.dossier, told.unit, (), runs=False, rests=(), calendar=calendar)


def _department(state: DossierState) -> str:
    """Where the dossier is, else the one that leads."""
    here = state.steps[-1] if state.steps else None
    return here.department if here and here.left == NEVER else state.department
