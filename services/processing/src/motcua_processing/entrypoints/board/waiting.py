"""The dossiers in progress of a unit: which are overdue or due soon, and the days to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from motcua_kernel.clock import Due
from motcua_kernel.instant import day_number, local_date
from motcua_kernel.registry import Registry
from motcua_kernel.units import Unit
from motcua_kernel.verdict import Timing

from motcua_processing.domain.board.ahead import (
    DueDay,
    coming_days,
    deadlines_ahead,
    working_days_between,
)
from motcua_processing.domain.views import View, counted_units
from motcua_processing.entrypoints.as_of import Sources, Times
from motcua_processing.entrypoints.dossiers import JudgedOpen, judged_open

LISTED: Final = 100
"""So many of a list are shown, the earliest due first."""


@dataclass(frozen=True, slots=True)
class WaitingDossier:
    """A line of a list."""

    code: str
    procedure: str
    department: str
    due: Due
    days_over: int
    """Working days since the due day; 0 while it has not passed."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a unit has to see to."""

    lists: Mapping[Timing, Sequence[WaitingDossier]]
    counts: Mapping[Timing, int]
    ahead: Sequence[DueDay]
    today: int

    @property
    def shown(self) -> int:
        """How many dossiers are named."""
        return sum(map(len, self.lists.values()))

    @property
    def most(self) -> int:
        """The highest count of a coming day."""
        return max((one.dossiers for one in self.ahead), default=0)


async def waiting_of(
    sources: Sources, two: Times, unit: Unit, view: View, department: str | None
) -> Waiting:
    """Judge the open dossiers of a unit, or of one of its departments, at the moment asked."""
    registry, today = two.registry, day_number(two.at)
    counted = counted_units(registry, unit.id, view, local_date(two.at))
    own = [told for told, counts_for in counted.items() if counts_for == unit.id]
    judged: dict[Timing, list[WaitingDossier]] = {timing: [] for timing in Timing}
    for one in await judged_open(sources, registry, two.at, own):
        due = one.snapshot.derived.due
        if due is not None and department in {None, one.snapshot.state.department}:
            judged[Timing(one.verdict)].append(_line(registry, one, due, today))
    calendar = registry.calendar(unit.id)
    running = (*judged[Timing.WITHIN], *judged[Timing.DUE_SOON])
    listed = (Timing.OVERDUE, Timing.DUE_SOON)
    return Waiting(
        {timing: judged[timing][:LISTED] for timing in listed},
        {timing: len(judged[timing]) for timing in listed},
        deadlines_ahead(
            coming_days(calendar, today) if calendar else [], (one.due.day for one in running)
        ),
        today,
    )


def _line(registry: Registry, one: JudgedOpen, due: Due, today: int) -> WaitingDossier:
    state = one.snapshot.state
    procedure = registry.procedure_on(state.procedure, local_date(state.received_at))
    calendar = registry.calendar(state.resolving_unit)
    return WaitingDossier(
        one.code,
        procedure.name if procedure else state.procedure,
        state.department,
        due,
        working_days_between(calendar, due.day, today) if calendar else 0,
    )
