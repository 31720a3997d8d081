"""Counting dossiers one by one, from their states at a cut: what the figures are by definition.

SQL counts in groups what it can see in the columns; the dossiers of which the columns speak of
another moment are folded again and counted here.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeAlias

from motcua_kernel.derive import Derived
from motcua_kernel.errors import BeyondCalendar
from motcua_kernel.instant import Instant
from motcua_kernel.life_cycle import Status
from motcua_kernel.registry import Registry
from motcua_kernel.state import NEVER, DossierState
from motcua_kernel.verdict import due_soon_until

from motcua_processing.domain.verdicts import Figures, OpenGroup, Receptions, ResolvedGroup

Row: TypeAlias = tuple[str, str]
"""A reporting unit and a lead department."""


class Tally:
    """Figures by reporting unit and department, receptions by receiving unit."""

    def __init__(
        self, registry: Registry, units: Collection[str], start: Instant, at: Instant
    ) -> None:
        """Count for `units` the period from `start` up to and with the moment `at`."""
        self.rows: dict[Row, Figures] = {}
        self.receptions: dict[str, Receptions] = {}
        self.received_in_journal = 0
        self._registry = registry
        self._units = units
        self._start = start
        self._at = at
        self._soon: dict[str, int] = {}

    def row(self, key: Row) -> Figures:
        """The figures of a unit and department."""
        return self.rows.setdefault(key, Figures())

    def reception(self, unit: str) -> Receptions:
        """The receptions of a unit."""
        return self.receptions.setdefault(unit, Receptions())

    def add_open(self, key: Row, group: OpenGroup) -> None:
        """Count dossiers in progress at the end."""
        unit = key[0]
        if unit not in self._soon:
            self._soon[unit] = self._soon_until(unit)
        self.row(key).add_open([group], self._at, self._soon[unit])

    def _soon_until(self, unit: str) -> int:
        """The last due day that is due soon; that of the calendar where it ends before the next."""
        calendar = self._registry.calendar(unit)
        if calendar is None:
            return 0
        try:
            return due_soon_until(calendar, self._at)
        except BeyondCalendar:
            return calendar.horizon.toordinal()

    def count(self, state: DossierState, derived: Derived) -> None:
        """Count a dossier in everything; its state is that of the cut."""
        self.count_flows(state)
        self.count_verdict(state, derived)
        self.count_reception(state, derived)

    def count_flows(self, state: DossierState) -> None:
        """Carried over, received, and closed without a result."""
        if not state.is_received or state.reporting_unit not in self._units:
            return
        figures = self.row((state.reporting_unit, state.department))
        if state.received_at >= self._start:
            figures.received += 1
            self.received_in_journal += 1
        elif not state.is_ended or state.ended_at >= self._start:
            figures.carried_over += 1
        if state.closed_at == NEVER or state.closed_at < self._start:
            return
        figures.withdrawn += state.status is Status.WITHDRAWN
        figures.stopped += state.status is Status.STOPPED
        figures.refused += state.status is Status.REFUSED

    def count_verdict(self, state: DossierState, derived: Derived) -> None:
        """Resolved or in progress, by the verdict."""
        if not state.is_received or state.reporting_unit not in self._units:
            return
        key = (state.reporting_unit, state.department)
        if not state.is_ended:
            self.add_open(key, OpenGroup(1, derived.due, derived.paused, derived.rests))
        elif state.resolved_at >= max(self._start, 1):
            self.row(key).add_resolved([ResolvedGroup(1, derived.due, state.resolved_at)])

    def count_reception(self, state: DossierState, derived: Derived) -> None:
        """The answer to an online filing, or that it waits."""
        unit = state.receiving_unit
        if state.filed_at == NEVER or unit not in self._units:
            return
        refused = state.closed_at if state.status is Status.REFUSED else NEVER
        answered = state.received_at or refused
        due = derived.reception_due
        if answered >= max(self._start, 1):
            self.reception(unit).add_answered(due, answered)
        elif not state.is_received and state.closed_at == NEVER:
            self.reception(unit).add_pending(due, self._at, paused=derived.paused)
