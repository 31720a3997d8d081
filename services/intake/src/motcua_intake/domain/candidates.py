"""What a request brings: events to be judged, and what could not even be read as one."""

from __future__ import annotations

from typing import TypeAlias

import msgspec
from motcua_kernel.admission_rules import Rejected
from motcua_kernel.events import Event


class Unread(msgspec.Struct, frozen=True):
    """Something that is no event by the contract; `id` is empty where even that is wrong."""

    id: str
    error: Rejected


Candidate: TypeAlias = Event | Unread


class Body(msgspec.Struct, frozen=True):
    """The candidates of a request in their order, and whether they came as a batch."""

    candidates: list[Candidate]
    is_batch: bool
