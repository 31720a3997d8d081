"""Who speaks and who asks: publishers, accounts, their keys and what they may do."""

from __future__ import annotations

from datetime import date
from enum import IntEnum
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from motcua_kernel.instant import Instant


class ApiKey(msgspec.Struct, frozen=True):
    """An API key by its SHA-256 (lower-case hex); its term is real time, `valid_until` exclusive.

    A rotation is two keys whose terms overlap; revoking counts at once.
    """

    id: str
    sha256: str
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    revoked: bool = False

    def is_valid_at(self, now: Instant) -> bool:
        """Whether the key opens at a moment of real time.

        >>> from motcua_kernel.instant import Instant
        >>> ApiKey("2026", "00", valid_until=Instant(10)).is_valid_at(Instant(10))
        False
        """
        if self.revoked:
            return False
        begun = self.valid_from is None or self.valid_from <= now
        return begun and (self.valid_until is None or now < self.valid_until)


class QuarantineCap(msgspec.Struct, frozen=True):
    """When intake closes to a publisher: so many percent of a window, or a run, set aside."""

    percent: int
    window: int
    run: int


class Publisher(msgspec.Struct, frozen=True):
    """A system (hệ thống gửi) that may publish for its units and those below them.

    Limits are None where the service's own count; `key_sha256` are keys without a term, `subjects`
    the subjects of tokens that speak as this publisher.
    """

    id: str
    name: str
    units: tuple[str, ...]
    key_sha256: tuple[str, ...] = ()
    revoked: bool = False
    offset: int = -1
    keys: tuple[ApiKey, ...] = ()
    subjects: tuple[str, ...] = ()
    events_per_minute: int | None = None
    events_per_day: int | None = None
    cap: QuarantineCap | None = None
    recorded_at: Instant | None = None
    """When the broker appended the entry, real time; None outside the log: known always."""


class Role(IntEnum):
    """What a grant allows; the numbers are those of `motcua.registry.v1`."""

    READER = 1
    OFFICER = 2
    ADMINISTRATOR = 3


class Grant(msgspec.Struct, frozen=True):
    """A role for units, those below them and what their successors took over, in a term of days."""

    role: Role
    units: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None

    def is_valid_on(self, day: date) -> bool:
        """Whether the term takes in a day, both ends included."""
        begun = self.first_day is None or self.first_day <= day
        return begun and (self.last_day is None or day <= self.last_day)


class Account(msgspec.Struct, frozen=True):
    """A way in to read and to decide (tài khoản); its id is opaque (law L7)."""

    id: str
    grants: tuple[Grant, ...] = ()
    keys: tuple[ApiKey, ...] = ()
    subjects: tuple[str, ...] = ()
    revoked: bool = False
    offset: int = -1
