"""Exported tables taken in: each row judged as a whole, its events accepted as any others.

A row whose events do not all pass is rejected whole; what a row proves carries ids made from its
dossier code, so that the same file twice changes nothing.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Final

import msgspec
from motcua_kernel.admission import Admission
from motcua_kernel.admission_rules import Rejected

from motcua_intake.application.accept import AcceptEvents, Outcome, Status
from motcua_intake.domain.errors import LogAway
from motcua_intake.domain.tables.contents import About, Rows, Unreadable
from motcua_intake.domain.tables.layout import SEARCHED_ROWS, Layout, find_layout
from motcua_intake.domain.tables.places import Places
from motcua_intake.domain.tables.rows import Proven, RowReader

if TYPE_CHECKING:
    from pathlib import Path

    from motcua_kernel.import_mapping import ImportMapping
    from motcua_kernel.parties import Publisher

    from motcua_intake.application.ports import Clock, RegistrySource, TableReader

_IN_FLIGHT: Final = 4
"""Groups of rows that wait for the log at the same time."""
_FIELD_OF: Final = {"/subject": "/dossier", "/id": "/dossier"}


class Import(msgspec.Struct, frozen=True):
    """What is asked: whose table, how it is read, and whether it is only tried."""

    publisher: Publisher
    mapping: ImportMapping | None = None
    backfill: bool = False
    dry_run: bool = False
    from_row: int = 1

    @property
    def source(self) -> str:
        """The source of the events."""
        return (self.mapping and self.mapping.source) or f"/{self.publisher.id}/import"


class Fault(msgspec.Struct, frozen=True):
    """What is wrong in a row: the field, its header in the table, and the rule."""

    field: str
    column: str
    error: Rejected


class RowAnswer(msgspec.Struct, frozen=True):
    """The answer to a row; the counts are of its events."""

    row: int
    dossier: str
    status: Status
    accepted: int = 0
    repeated: int = 0
    faults: tuple[Fault, ...] = ()


class TableUnreadable(Exception):  # noqa: N818
    """The file cannot be read from row `next_row` on."""

    def __init__(self, reason: str, next_row: int) -> None:
        super().__init__(reason, next_row)
        self.reason = reason
        self.next_row = next_row


class ImportStopped(Exception):  # noqa: N818
    """The log does not acknowledge: rows before `next_row` are answered, nothing else is sure."""

    def __init__(self, next_row: int) -> None:
        super().__init__(next_row)
        self.next_row = next_row


class OpenTable(msgspec.Struct, frozen=True):
    """A table whose form and columns are known, and whose rows are still to be read."""

    about: About
    layout: Layout
    first: list[Rows]
    rest: AsyncGenerator[About | Rows | Unreadable]

    async def groups(self) -> AsyncGenerator[Rows]:
        """All rows, the headers and what stands above them included.

        Raises:
            TableUnreadable: it breaks off.
        """
        next_row = 1
        for rows in self.first:
            yield rows
            next_row = rows.first + len(rows.rows)
        async for frame in self.rest:
            match frame:
                case Rows():
                    yield frame
                    next_row = frame.first + len(frame.rows)
                case Unreadable():
                    raise TableUnreadable(frame.reason, next_row)
                case About():
                    pass


class ImportTables:
    """Takes tables into the log."""

    def __init__(
        self, reader: TableReader, accept: AcceptEvents, registry: RegistrySource, clock: Clock
    ) -> None:
        self._reader = reader
        self._accept = accept
        self._registry = registry
        self._clock = clock

    async def open(self, path: Path, mapping: ImportMapping | None) -> OpenTable:
        """Find out what a file is and which column holds what.

        Raises:
            TableUnreadable: it is no table.
            NoHeaders: a required field has no column.
        """
        frames = self._reader.read(path, mapping.sheet if mapping else "")
        try:
            about, first = await _beginning(frames)
            head = [row for rows in first for row in rows.rows]
            return OpenTable(about, find_layout(head, mapping), first, frames)
        except BaseException:
            await frames.aclose()
            raise

    async def rows(self, table: OpenTable, asked: Import) -> AsyncGenerator[list[RowAnswer]]:
        """The answers to the rows with something in them, in order, group by group.

        Raises:
            ImportStopped: the log is away.
            TableUnreadable: the file breaks off.
        """
        judging = _Judging(table.layout, asked, self._registry, self._clock)
        waiting: deque[_Group] = deque()
        try:
            async with aclosing(table.groups()) as groups:
                async for rows in groups:
                    judged = judging.judge(rows)
                    dossiers = {row.dossier for row in judged}
                    while waiting and (
                        len(waiting) >= _IN_FLIGHT
                        or any(not dossiers.isdisjoint(one.dossiers) for one in waiting)
                    ):
                        yield await waiting.popleft().answers()
                    events = [one.event for row in judged for one in row.proven]
                    sending = asyncio.ensure_future(
                        self._accept.accept_events(asked.publisher, events, dry_run=asked.dry_run)
                    )
                    waiting.append(_Group(rows.first, judged, table.layout, sending))
                    await asyncio.sleep(0)
            while waiting:
                yield await waiting.popleft().answers()
        finally:
            for group in waiting:
                group.give_up()
            await table.rest.aclose()


async def _beginning(
    frames: AsyncGenerator[About | Rows | Unreadable],
) -> tuple[About, list[Rows]]:
    """The form, and enough rows to find the headers in.

    Raises:
        TableUnreadable: the file is none.
    """
    about = About("")
    first: list[Rows] = []
    async for frame in frames:
        match frame:
            case About():
                about = frame
            case Rows():
                first.append(frame)
                if frame.first + len(frame.rows) > SEARCHED_ROWS:
                    break
            case Unreadable():
                raise TableUnreadable(frame.reason, 1)
    return about, first


class _Judged(msgspec.Struct, frozen=True):
    row: int
    dossier: str
    proven: list[Proven]
    fault: Fault | None


class _Group:
    """Rows on their way into the log."""

    def __init__(
        self,
        first: int,
        rows: list[_Judged],
        layout: Layout,
        sending: asyncio.Task[list[Outcome]],
    ) -> None:
        self._first = first
        self._rows = rows
        self._layout = layout
        self._sending = sending
        self.dossiers = {row.dossier for row in rows}

    async def answers(self) -> list[RowAnswer]:
        """The answers, once the log has acknowledged.

        Raises:
            ImportStopped: it does not.
        """
        try:
            outcomes = iter(await self._sending)
        except LogAway as error:
            raise ImportStopped(self._first) from error
        return [self._answer(row, [next(outcomes) for _ in row.proven]) for row in self._rows]

    def give_up(self) -> None:
        self._sending.cancel()

    def _answer(self, row: _Judged, outcomes: Sequence[Outcome]) -> RowAnswer:
        if row.fault is not None:
            return RowAnswer(row.row, row.dossier, Status.REJECTED, faults=(row.fault,))
        faults = tuple(
            _fault(one.error, proven.moment_field, self._layout)
            for one, proven in zip(outcomes, row.proven, strict=True)
            if one.error is not None
        )
        accepted = sum(one.status is Status.ACCEPTED for one in outcomes)
        repeated = sum(one.status is Status.REPEATED for one in outcomes)
        status = Status.ACCEPTED if accepted else Status.REPEATED
        return RowAnswer(
            row.row, row.dossier, Status.REJECTED if faults else status, accepted, repeated, faults
        )


class _Judging:
    """Judges rows under the registry as it was when the import began."""

    def __init__(
        self, layout: Layout, asked: Import, registry: RegistrySource, clock: Clock
    ) -> None:
        known = registry.current()
        self._layout = layout
        self._begin = max(layout.header_row + 1, asked.from_row)
        self._clock = clock
        self._admission = Admission(known, asked.publisher)
        self._reader = RowReader(
            layout,
            Places(known, asked.publisher),
            asked.publisher.id,
            asked.source,
            backfill=asked.backfill,
        )

    def judge(self, rows: Rows) -> list[_Judged]:
        return [
            self._judge(number, row)
            for number, row in enumerate(rows.rows, rows.first)
            if number >= self._begin and any(row)
        ]

    def _judge(self, number: int, row: Sequence[str]) -> _Judged:
        dossier, now, moment_field = self._reader.dossier(row), self._clock.now(), ""
        try:
            proven = self._reader.events(row)
            for one in proven:
                moment_field = one.moment_field
                self._admission.check(one.event, now)
        except Rejected as error:
            return _Judged(number, dossier, [], _fault(error, moment_field, self._layout))
        return _Judged(number, dossier, proven, None)


def _fault(error: Rejected, moment_field: str, layout: Layout) -> Fault:
    field = _FIELD_OF.get(error.field, error.field.removeprefix("/data"))
    if field == "/time":
        field = "/" + moment_field
    column = layout.columns.get(field[1:])
    return Fault(field, column.header if column else "", error)
