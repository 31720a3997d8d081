"""The row of a dossier: its snapshot, and the columns that questions are asked by."""

from __future__ import annotations

from typing import NamedTuple

from motcua_kernel.derive import derive
from motcua_kernel.registry import Registry
from motcua_kernel.snapshot import Snapshot, encode
from motcua_kernel.state import DossierState


class DossierRow(NamedTuple):
    """A row of the table `dossiers`, in the order of its columns."""

    code: str
    snapshot: bytes
    procedure: str
    receiving_unit: str
    resolving_unit: str
    reporting_unit: str
    department: str
    status: int
    received_at: int
    resolved_at: int
    closed_at: int
    paused: bool
    due_day: int | None
    due_moment: int | None
    due_by_day: bool
    span_first: int
    span_last: int
    anomalies: int


def project(state: DossierState, registry: Registry) -> DossierRow:
    """The row of a state under a registry."""
    derived = derive(state, registry)
    due = derived.due
    return DossierRow(
        state.dossier,
        encode(Snapshot(state, derived)),
        state.procedure,
        state.receiving_unit,
        state.resolving_unit,
        state.reporting_unit,
        state.department,
        state.status,
        state.received_at,
        state.resolved_at,
        state.closed_at,
        state.is_paused,
        due.day if due else None,
        due.moment if due else None,
        due.by_day if due else False,
        derived.span_first,
        derived.span_last,
        len(derived.anomalies),
    )
