"""The row of a dossier: its snapshot, and the columns that questions are asked by."""

from __future__ import annotations

from typing import Final, NamedTuple

from motcua_kernel.clock import EndRule, Limit, LimitUnit
from motcua_kernel.derive import Derived, derive
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
    filed_at: int
    reception_due: int | None
    clock: str
    rests: str
    watch_day: int | None
    recorded_at: int
    occurred_at: int


def clock_of(state: DossierState) -> str:
    """The limit of a clock that nothing but the calendar moves, in a form to group by, else "".

    The unit's letter and the minutes; then E where it ends with the day, then @ and the cut-off.

    >>> from motcua_kernel.clock import Limit, LimitUnit
    >>> clock_of(DossierState("x", received_at=1, limit=Limit(LimitUnit.WORKING_DAYS, 1440)))
    'D1440'
    """
    limit = state.limit
    if (
        limit is None
        or limit.then is not None
        or not state.is_received
        or state.pauses
        or state.extensions
        or state.consultations
    ):
        return ""
    end = "E" if limit.end_rule is EndRule.END_OF_DAY else ""
    cutoff = "" if limit.cutoff_minute is None else f"@{limit.cutoff_minute}"
    return f"{_LETTERS[limit.unit]}{limit.amount}{end}{cutoff}"


def limit_of(clock: str) -> Limit:
    """The limit in what `clock_of` gives.

    >>> limit_of("D1440E@900") == Limit(LimitUnit.WORKING_DAYS, 1440, EndRule.END_OF_DAY, 900)
    True
    """
    amount, _, cutoff = clock[1:].partition("@")
    end = EndRule.END_OF_DAY if amount.endswith("E") else EndRule.SAME_MOMENT
    unit = next(one for one, letter in _LETTERS.items() if letter == clock[0])
    return Limit(unit, int(amount.removesuffix("E")), end, int(cutoff) if cutoff else None)


_LETTERS: Final = {
    LimitUnit.NONE: "N",
    LimitUnit.WORKING_DAYS: "D",
    LimitUnit.WORKING_HOURS: "H",
    LimitUnit.CALENDAR_DAYS: "C",
}


def rests_of(text: str) -> tuple[int, ...]:
    """The days of rest in the column `rests`."""
    return tuple(map(int, text.split())) if text else ()


def project(state: DossierState, registry: Registry) -> DossierRow:
    """The row of a state under a registry."""
    return row_of(state, derive(state, registry))


def row_of(state: DossierState, derived: Derived) -> DossierRow:
    """The row of a state and what derives from it."""
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
        derived.paused,
        due.day if due else None,
        due.moment if due else None,
        due.by_day if due else False,
        derived.span_first,
        derived.span_last,
        len(derived.anomalies),
        state.filed_at,
        derived.reception_due.moment if derived.reception_due else None,
        clock_of(state),
        " ".join(map(str, derived.rests)),
        _watch_day(state, derived),
        state.recorded_at,
        state.last[0] if state.last else 0,
    )


def _watch_day(state: DossierState, derived: Derived) -> int | None:
    """The first due day of a dossier in progress or of its step: what notices look at.

    What is known from history alone is left in peace.
    """
    if not state.is_live or not state.is_received or state.is_ended or derived.paused:
        return None
    days = [one.day for one in (derived.due, derived.step_due) if one is not None]
    return min(days, default=None)
