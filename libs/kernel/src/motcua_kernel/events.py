"""What can happen to a dossier (hồ sơ thủ tục hành chính): the event vocabulary.

An event is a fact told by a publisher. It is never edited; a correction is a new event that voids
an earlier one (law L4). The numbers of `Kind` are the field numbers of `motcua.dossier.v1` and,
at once, the rank that decides the order of events which agree in everything before it.
"""

from __future__ import annotations

from enum import IntEnum
from hashlib import blake2b
from typing import TypeAlias

import msgspec

from motcua_kernel.instant import Instant

CANONICAL_FORM = 1
"""Version of the form over which the content of an event is hashed."""


class Channel(IntEnum):
    """How the dossier came in (kênh tiếp nhận)."""

    UNSPECIFIED = 0
    COUNTER = 1
    ONLINE = 2
    POST = 3


class Kind(IntEnum):
    """The kind of an event, and its rank among events of the same moment."""

    FILED = 10
    RECEIVED = 11
    REFUSED = 12
    FORWARDED = 13
    SUPPLEMENT_REQUESTED = 14
    SUPPLEMENT_SUPPLIED = 15
    PAYMENT_REQUESTED = 16
    PAYMENT_PAID = 17
    EXTENDED = 18
    STOPPED = 19
    RESUMED = 20
    WITHDRAWN = 21
    RESOLVED = 22
    RETURNED = 23
    VOIDED = 24
    CONSULTED = 25
    OPINION_GIVEN = 26


class _Change(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Base of the changes: leaving defaults out keeps old hashes valid when a field is added."""


class Filed(_Change, frozen=True):
    """Filed online (mới đăng ký)."""

    procedure: str
    receiving_unit: str
    channel: Channel = Channel.ONLINE


class Received(_Change, frozen=True):
    """Received (được tiếp nhận): valid from here on, the clock starts."""

    procedure: str
    channel: Channel
    receiving_unit: str
    resolving_unit: str
    reporting_unit: str = ""
    department: str = ""
    duplicate_mark: bytes = b""


class Refused(_Change, frozen=True):
    """Not received (không được tiếp nhận)."""

    reason: str = ""
    form: str = ""


class Forwarded(_Change, frozen=True):
    """Handed to a department or step (chuyển xử lý)."""

    department: str
    step: str = ""
    staff: str = ""


class SupplementRequested(_Change, frozen=True):
    """Supplement requested (yêu cầu bổ sung giấy tờ)."""

    reason: str = ""
    form: str = ""


class SupplementSupplied(_Change, frozen=True):
    """The supplement came in."""


class PaymentRequested(_Change, frozen=True):
    """Payment requested (yêu cầu thực hiện nghĩa vụ tài chính)."""

    reason: str = ""


class PaymentPaid(_Change, frozen=True):
    """The financial duty was met."""


class Extended(_Change, frozen=True):
    """The limit was extended (gia hạn), in minutes of the limit's own unit."""

    added_minutes: int
    reason: str = ""
    form: str = ""
    replaces_due: bool = False


class Stopped(_Change, frozen=True):
    """Stopped (dừng xử lý): paused, or closed when final."""

    reason: str = ""
    form: str = ""
    final: bool = False


class Resumed(_Change, frozen=True):
    """Taken up again after a stop."""

    reason: str = ""


class Withdrawn(_Change, frozen=True):
    """Withdrawn by the applicant (công dân yêu cầu rút hồ sơ)."""

    reason: str = ""


class Resolved(_Change, frozen=True):
    """Resolved (đã xử lý xong): the resolved date."""

    result_code: str = ""


class Returned(_Change, frozen=True):
    """Result handed over (đã trả kết quả)."""

    channel: Channel = Channel.UNSPECIFIED


class Voided(_Change, frozen=True):
    """An earlier event of the same publisher never happened as told."""

    event_id: str
    reason: str = ""


class Consulted(_Change, frozen=True):
    """Another agency was asked for its opinion (lấy ý kiến)."""

    agency: str


class OpinionGiven(_Change, frozen=True):
    """The consulted agency answered."""

    agency: str


Change: TypeAlias = (
    Filed
    | Received
    | Refused
    | Forwarded
    | SupplementRequested
    | SupplementSupplied
    | PaymentRequested
    | PaymentPaid
    | Extended
    | Stopped
    | Resumed
    | Withdrawn
    | Resolved
    | Returned
    | Voided
    | Consulted
    | OpinionGiven
)

CHANGE_OF_KIND: dict[Kind, type[Change]] = {
    Kind.FILED: Filed,
    Kind.RECEIVED: Received,
    Kind.REFUSED: Refused,
    Kind.FORWARDED: Forwarded,
    Kind.SUPPLEMENT_REQUESTED: SupplementRequested,
    Kind.SUPPLEMENT_SUPPLIED: SupplementSupplied,
    Kind.PAYMENT_REQUESTED: PaymentRequested,
    Kind.PAYMENT_PAID: PaymentPaid,
    Kind.EXTENDED: Extended,
    Kind.STOPPED: Stopped,
    Kind.RESUMED: Resumed,
    Kind.WITHDRAWN: Withdrawn,
    Kind.RESOLVED: Resolved,
    Kind.RETURNED: Returned,
    Kind.VOIDED: Voided,
    Kind.CONSULTED: Consulted,
    Kind.OPINION_GIVEN: OpinionGiven,
}
"""The one table that ties kinds to changes."""

KIND_OF_CHANGE: dict[type[Change], Kind] = {change: kind for kind, change in CHANGE_OF_KIND.items()}

Order: TypeAlias = tuple[int, str, int, int, str, str]
Identity: TypeAlias = tuple[str, str]


class Event(msgspec.Struct, frozen=True, gc=False):
    """One fact about one dossier, as a publisher told it.

    `occurred_at` is the time at the counter, `recorded_at` the time the log had it (law L4).
    """

    publisher: str
    event_id: str
    dossier: str
    kind: Kind
    occurred_at: Instant
    source: str
    sequence: int
    change: Change
    recorded_at: Instant = Instant(0)
    backfill: bool = False
    """Told long after (nhập bù): counted, but nobody is warned of it. No part of the content."""

    @property
    def order(self) -> Order:
        """The place in the fold: law L2, with the publisher as the last resort."""
        return (
            self.occurred_at,
            self.source,
            self.sequence,
            self.kind,
            self.event_id,
            self.publisher,
        )

    @property
    def identity(self) -> Identity:
        """Who said it, and which of their events it is."""
        return (self.publisher, self.event_id)


_encode_canonical = msgspec.msgpack.Encoder().encode


def content_hash(event: Event) -> bytes:
    """Sixteen bytes over the domain fields: equal for a repetition, different for a conflict.

    What the log adds (recorded_at) and who says it (publisher, id) are left out.
    """
    form = (
        CANONICAL_FORM,
        event.dossier,
        event.kind,
        event.occurred_at,
        event.source,
        event.sequence,
        event.change,
    )
    return blake2b(_encode_canonical(form), digest_size=16).digest()


def identity_hash(publisher: str, event_id: str) -> bytes:
    """Sixteen bytes that stand for (publisher, id) where an index has to be small."""
    return blake2b(f"{publisher}\x00{event_id}".encode(), digest_size=16).digest()
