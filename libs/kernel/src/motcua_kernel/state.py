"""The state of a dossier: what the fold arrives at, and all it needs to go on from there.

Overdue is not in it (law L3): the state keeps the facts of the clock, `derive` makes the due date
from them and the calendar, `verdict` compares that with a moment.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from motcua_kernel.clock import Ledger, Limit, Pause
from motcua_kernel.events import Channel, Order
from motcua_kernel.instant import Instant
from motcua_kernel.life_cycle import Status

FOLD_REVISION = 1
"""Revision of the rules of the fold; states of another revision are folded anew."""

AnomalyKind: TypeAlias = Literal[
    "out_of_place",
    "void_of_unknown_event",
    "procedure_unknown",
    "unit_unknown",
    "calendar_unknown",
    "beyond_calendar",
]

NEVER = Instant(0)


class Anomaly(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Something that makes no sense yet; it disappears when what was missing arrives (law L2)."""

    kind: AnomalyKind
    publisher: str
    event_id: str


class Step(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A stay at a department or step; `left` is 0 while the dossier is there."""

    department: str
    step: str
    entered: Instant
    left: Instant = NEVER


class Extension(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Minutes added to the limit: those that replace the due date, those that only re-appoint."""

    replacing: int = 0
    reappointing: int = 0


class DossierState(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The fold of the events of one dossier. Moments are 0 where the thing did not happen."""

    dossier: str
    status: Status = Status.NONE
    procedure: str = ""
    procedure_offset: int = -1
    channel: Channel = Channel.UNSPECIFIED
    receiving_unit: str = ""
    resolving_unit: str = ""
    reporting_unit: str = ""
    department: str = ""
    filed_at: Instant = NEVER
    received_at: Instant = NEVER
    resolved_at: Instant = NEVER
    returned_at: Instant = NEVER
    closed_at: Instant = NEVER
    limit: Limit | None = None
    pauses: tuple[Pause, ...] = ()
    extension: Extension = Extension()
    before_pause: Status = Status.NONE
    steps: tuple[Step, ...] = ()
    anomalies: tuple[Anomaly, ...] = ()
    waiting_voids: int = 0
    events: int = 0
    recorded_at: Instant = NEVER
    last: Order | None = None

    @property
    def is_received(self) -> bool:
        """Whether status 2 was reached: what *received* means in every balance."""
        return self.received_at != NEVER

    @property
    def is_ended(self) -> bool:
        """Resolved, or closed otherwise: nothing runs any more."""
        return self.resolved_at != NEVER or self.closed_at != NEVER

    @property
    def is_paused(self) -> bool:
        """Whether the clock rests now."""
        return not self.is_ended and bool(self.pauses) and self.pauses[-1].closed is None

    def ledger(self) -> Ledger | None:
        """The clock ledger (sổ đồng hồ) as `clock.due` reads it; None before receipt."""
        if self.received_at == NEVER or self.limit is None:
            return None
        return Ledger(self.limit, self.received_at, self.pauses, self.extension.replacing)
