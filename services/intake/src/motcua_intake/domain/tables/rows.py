"""From a row to events: what its columns prove, under ids that a later export makes again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec
from motcua_kernel.admission_rules import Rejected
from motcua_kernel.codes import check_dossier_code
from motcua_kernel.errors import Invalid
from motcua_kernel.events import (
    KIND_OF_CHANGE,
    Change,
    Channel,
    Event,
    Filed,
    Forwarded,
    PaymentPaid,
    PaymentRequested,
    Received,
    Refused,
    Resolved,
    Resumed,
    Returned,
    Stopped,
    SupplementRequested,
    SupplementSupplied,
    Withdrawn,
)
from motcua_kernel.instant import Instant, local_date
from motcua_kernel.life_cycle import Status

from motcua_intake.domain.tables.catalogue import CHANNEL_WORDS, FIELDS, STATUS_WORDS
from motcua_intake.domain.tables.cells import folded, moment_of

if TYPE_CHECKING:
    from motcua_intake.domain.tables.layout import Layout
    from motcua_intake.domain.tables.places import Places

_Step = tuple[str, Change]

_PAUSES: Final[dict[Status, tuple[Callable[[], Change], Callable[[], Change]]]] = {
    Status.SUPPLEMENT_REQUESTED: (SupplementRequested, SupplementSupplied),
    Status.PAYMENT_DUE: (PaymentRequested, PaymentPaid),
    Status.STOPPED: (Stopped, Resumed),
}
"""The pause that a status tells of, and what ends it; other statuses tell of a supplement."""
_IN_PROCESS: Final = frozenset({Status.PAYMENT_DUE, Status.STOPPED})
"""Pauses that only a dossier in the hands of a department can have."""
_ENDED: Final = frozenset({Status.RESOLVED, Status.RETURNED})
_CLOSED: Final[dict[Status, Callable[[], Change]]] = {
    Status.REFUSED: Refused,
    Status.WITHDRAWN: Withdrawn,
}


class Proven(NamedTuple):
    """What a row proves: a change, and the field that its moment stands in."""

    moment_field: str
    event: Event


class _Moments(msgspec.Struct, frozen=True):
    filed_at: Instant | None
    received_at: Instant | None
    paused_at: Instant | None
    resumed_at: Instant | None
    resolved_at: Instant | None
    closed_at: Instant | None
    returned_at: Instant | None


class RowReader:
    """Reads the rows of one table of one publisher."""

    def __init__(
        self, layout: Layout, places: Places, publisher: str, source: str, *, backfill: bool
    ) -> None:
        self._layout = layout
        self._places = places
        self._publisher = publisher
        self._source = source
        self._backfill = backfill

    def dossier(self, row: Sequence[str]) -> str:
        """The dossier code in a row, empty where the cell holds anything else (law L7)."""
        try:
            return self._code(row)
        except Rejected:
            return ""

    def events(self, row: Sequence[str]) -> list[Proven]:
        """What a row proves, in the order of time.

        Raises:
            Rejected: a cell is not what its field asks for, or the cells contradict each other.
        """
        dossier = self._code(row)
        moments = _Moments(**{name: self._moment(name, row) for name in _Moments.__struct_fields__})
        status = self._status(row)
        _check(moments, status)
        changes = [
            *self._beginning(row, moments, status),
            *_pause(moments, status),
            *_ending(moments, status),
        ]
        return [
            Proven(field, self._event(dossier, getattr(moments, field), change))
            for field, change in changes
        ]

    def _code(self, row: Sequence[str]) -> str:
        code = self._layout.cell("dossier", row)
        if not code:
            raise Rejected("/dossier", "required")
        try:
            check_dossier_code(code)
        except Invalid as error:
            raise Rejected("/dossier", "dossier-code") from error
        return code

    def _moment(self, name: str, row: Sequence[str]) -> Instant | None:
        minute = FIELDS[name].minute or 0
        return moment_of(f"/{name}", self._layout.cell(name, row), minute)

    def _status(self, row: Sequence[str]) -> Status | None:
        word = self._layout.cell("status", row)
        if not word:
            return None
        status = STATUS_WORDS.get(folded(word))
        if status is None:
            raise Rejected("/status", "status-word")
        return status

    def _beginning(
        self, row: Sequence[str], moments: _Moments, status: Status | None
    ) -> list[_Step]:
        begun = moments.received_at or moments.filed_at
        if begun is None:
            raise Rejected("/received_at", "required")
        day, cell = local_date(begun), self._layout.cell
        procedure = self._places.procedure(cell("procedure", row))
        resolving = self._places.unit(
            "/resolving_unit", cell("resolving_unit", row) or cell("receiving_unit", row), day
        )
        word = cell("receiving_unit", row)
        receiving = self._places.unit("/receiving_unit", word, day) if word else resolving
        channel = self._channel(row)
        found: list[_Step] = []
        if moments.filed_at is not None and channel is Channel.ONLINE:
            found.append(("filed_at", Filed(procedure, receiving)))
        if moments.received_at is not None:
            department = self._places.department(resolving, cell("department", row))
            received = Received(procedure, channel, receiving, resolving, department=department)
            found.append(("received_at", received))
            if status in _IN_PROCESS and moments.paused_at is not None:
                if not department:
                    raise Rejected("/department", "required")
                found.append(("received_at", Forwarded(department)))
        return found

    def _channel(self, row: Sequence[str]) -> Channel:
        word = self._layout.cell("channel", row)
        if not word:
            return Channel.COUNTER
        channel = CHANNEL_WORDS.get(folded(word))
        if channel is None:
            raise Rejected("/channel", "channel-word")
        return channel

    def _event(self, dossier: str, moment: Instant, change: Change) -> Event:
        kind = KIND_OF_CHANGE[type(change)]
        return Event(
            self._publisher,
            f"import:{kind.name.lower().replace('_', '-')}:{dossier}",
            dossier,
            kind,
            moment,
            self._source,
            0,
            change,
            backfill=self._backfill,
        )


def _pause(moments: _Moments, status: Status | None) -> list[_Step]:
    if moments.paused_at is None:
        return []
    begins, ends = _PAUSES.get(status or Status.NONE, _PAUSES[Status.SUPPLEMENT_REQUESTED])
    found: list[_Step] = [("paused_at", begins())]
    if moments.resumed_at is not None:
        found.append(("resumed_at", ends()))
    return found


def _ending(moments: _Moments, status: Status | None) -> list[_Step]:
    closing = _CLOSED.get(status or Status.NONE)
    if closing is not None:
        return [("closed_at" if moments.closed_at is not None else "resolved_at", closing())]
    found: list[_Step] = []
    if moments.resolved_at is not None:
        found.append(("resolved_at", Resolved()))
    if moments.returned_at is not None:
        found.append(("returned_at", Returned()))
    return found


def _check(moments: _Moments, status: Status | None) -> None:
    """What a row says must hang together: the checks that provincial systems run before a report.

    Raises:
        Rejected: it does not.
    """
    if status in _ENDED and moments.resolved_at is None:
        raise Rejected("/resolved_at", "end-date")
    if status in _CLOSED and moments.closed_at is None and moments.resolved_at is None:
        raise Rejected("/closed_at", "end-date")
    if status in _PAUSES and moments.paused_at is None:
        raise Rejected("/paused_at", "end-date")
    if moments.returned_at is not None and moments.resolved_at is None:
        raise Rejected("/resolved_at", "end-date")
    begun = moments.received_at or moments.filed_at
    ordered = [
        ("/received_at", moments.received_at),
        ("/paused_at", moments.paused_at),
        ("/resumed_at", moments.resumed_at),
        ("/resolved_at", moments.resolved_at),
        ("/returned_at", moments.returned_at),
    ]
    before = moments.filed_at
    for field, moment in ordered:
        if moment is None:
            continue
        if before is not None and local_date(moment) < local_date(before):
            raise Rejected(field, "order")
        before = moment
    closed = moments.closed_at
    if closed is not None and begun is not None and local_date(closed) < local_date(begun):
        raise Rejected("/closed_at", "order")
