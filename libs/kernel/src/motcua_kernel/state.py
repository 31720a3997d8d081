"""The state of a dossier: what the fold arrives at, and all it needs to go on from there.

Overdue is not in it (law L3): the state keeps the facts of the clock, `derive` makes the due date
from them and the calendar, `verdict` compares that with a moment.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from motcua_kernel.clock import Limit, Pause
from motcua_kernel.events import Channel, Order
from motcua_kernel.instant import Instant
from motcua_kernel.life_cycle import Status

FOLD_REVISION = 4
"""Revision of the rules of the fold; states of another revision are folded anew."""

AnomalyKind: TypeAlias = Literal[
    "out_of_place",
    "without_authority",
    "void_of_unknown_event",
    "procedure_unknown",
    "unit_unknown",
    "calendar_unknown",
    "beyond_calendar",
    "pause_reason_unknown",
    "extension_without_ground",
    "extension_out_of_bounds",
    "extension_too_late",
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
    """An extension (gia hạn) as it was told; whether it counts is for the rules to say."""

    at: Instant
    minutes: int
    replaces_due: bool
    reason: str
    form: str
    publisher: str
    event_id: str


class Consultation(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """An agency asked for its opinion (lấy ý kiến); `answered` is 0 while it is waited for."""

    agency: str
    asked: Instant
    answered: Instant = NEVER


class Claim(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Whose the dossier is: the units that the filing or receipt names by which it is claimed."""

    recorded_at: Instant
    publisher: str
    units: tuple[str, ...]


class DossierState(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The fold of the events of one dossier. Moments are 0 where the thing did not happen.

    `pauses` are those since the receipt, before it those of the reception clock; these remain in
    `reception_pauses`.
    """

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
    extensions: tuple[Extension, ...] = ()
    before_pause: Status = Status.NONE
    steps: tuple[Step, ...] = ()
    consultations: tuple[Consultation, ...] = ()
    reception_pauses: tuple[Pause, ...] = ()
    anomalies: tuple[Anomaly, ...] = ()
    waiting_voids: int = 0
    events: int = 0
    recorded_at: Instant = NEVER
    last: Order | None = None
    is_live: bool = False
    """Whether any of its events was told as it happened; history alone sends no notices."""
    claim: Claim | None = None

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

    @property
    def ended_at(self) -> Instant:
        """When it was resolved or closed otherwise; 0 while it is in progress."""
        return self.resolved_at or self.closed_at
