"""The works of the registry in PostgreSQL: which dossiers an entry touches, and how far it got."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any, Final

import msgspec
from motcua_kernel.instant import Instant
from motcua_platform.errors import Transient

from motcua_processing.application.ports import Work
from motcua_processing.domain.projection import DossierRow
from motcua_processing.domain.touching import EVERYWHERE, Touch

_DERIVED: Final = {
    "code": "text",
    "snapshot": "bytea",
    "paused": "boolean",
    "due_day": "int",
    "due_moment": "bigint",
    "due_by_day": "boolean",
    "span_first": "int",
    "span_last": "int",
    "anomalies": "smallint",
    "reception_due": "bigint",
    "rests": "text",
    "watch_day": "int",
}
"""What of a row derives from the state, under its code."""
_derived: Final = attrgetter(*_DERIVED)
_DERIVE_AGAIN: Final = (
    "UPDATE dossiers d SET "
    + ", ".join(f"{name} = u.{name}" for name in list(_DERIVED)[1:])
    + " FROM unnest($1::bytea[], "
    + ", ".join(f"${n}::{kind}[]" for n, kind in enumerate(_DERIVED.values(), start=2))
    + f") AS u(was, {', '.join(_DERIVED)}) WHERE d.code = u.code AND d.snapshot = u.was"
)
_encode: Final = msgspec.json.encode
_decode: Final = msgspec.json.Decoder(tuple[Touch, ...]).decode


class WorkBooks:
    """The part of the books that concerns works; see `application.ports.Books`."""

    _connection: Any

    async def crossing(
        self, touches: Sequence[Touch], after: str, limit: int, *, lock: bool
    ) -> list[tuple[str, bytes]]:
        condition, arguments = condition_of(touches, first=3)
        rows = await self._connection.fetch(
            f"SELECT code, snapshot FROM dossiers WHERE code > $1 AND ({condition}) "
            f"ORDER BY code LIMIT $2 {'FOR UPDATE' if lock else ''}",
            after,
            limit,
            *arguments,
        )
        return [(row[0], row[1]) for row in rows]

    async def derive_again(self, changed: Sequence[tuple[bytes, DossierRow]]) -> None:
        rows = [(was, *_derived(row)) for was, row in changed]
        done: str = await self._connection.execute(
            _DERIVE_AGAIN, *(list(column) for column in zip(*rows, strict=True))
        )
        if int(done.rpartition(" ")[2]) != len(rows):
            raise Transient("a dossier changed elsewhere meanwhile")

    async def begin_work(
        self, last_offset: int, as_of: Instant, touches: Sequence[Touch], figures: bytes
    ) -> None:
        await self._connection.execute(
            "INSERT INTO registry_work (last_offset, as_of, touches, done_until, figures) "
            "VALUES ($1, $2, $3, '', $4)",
            last_offset,
            as_of,
            _encode(touches),
            figures,
        )

    async def oldest_work(self, registry_offset: int) -> Work | None:
        row = await self._connection.fetchrow(
            "SELECT id, as_of, touches, done_until, figures FROM registry_work "
            "WHERE last_offset <= $1 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED",
            registry_offset,
        )
        if row is None:
            return None
        return Work(row[0], Instant(row[1]), _decode(row[2]), row[3], row[4])

    async def keep_work(self, work: int, done_until: str, figures: bytes) -> None:
        await self._connection.execute(
            "UPDATE registry_work SET done_until = $2, figures = $3 WHERE id = $1",
            work,
            done_until,
            figures,
        )

    async def end_work(self, work: int) -> None:
        await self._connection.execute("DELETE FROM registry_work WHERE id = $1", work)

    async def tell(self, name: str, occurred_at: Instant, record: bytes) -> None:
        await self._connection.execute(
            "INSERT INTO admin_event (id, occurred_at, record, published) "
            "VALUES ($1, $2, $3, false) ON CONFLICT (id) DO NOTHING",
            name,
            occurred_at,
            record,
        )
        await self._connection.execute("NOTIFY motcua_publication")


def condition_of(touches: Sequence[Touch], first: int) -> tuple[str, list[Any]]:
    """The SQL condition of some touches, with arguments numbered from `first`."""
    terms: list[str] = []
    arguments: list[Any] = []

    def argument(value: Any) -> str:
        arguments.append(value)
        return f"${first + len(arguments) - 1}"

    for touch in touches:
        last, since = argument(touch.days[1]), argument(touch.days[0])
        reaches = f"span_last >= {since}"
        if touch.open_too:
            reaches = f"({reaches} OR (resolved_at = 0 AND closed_at = 0))"
        parts = [f"span_first <= {last}", reaches]
        if EVERYWHERE not in touch.units:
            units = argument(list(touch.units))
            parts.append(f"(resolving_unit = ANY({units}) OR receiving_unit = ANY({units}))")
        if touch.procedures:
            parts.append(f"left(procedure, 8) = ANY({argument(list(touch.procedures))})")
        if touch.since:
            moment = argument(touch.since)
            parts.append(f"(received_at >= {moment} OR filed_at >= {moment})")
        if touch.odd:
            parts.append("anomalies > 0")
        if touch.told:
            parts.append("clock = ''")
        terms.append(f"({' AND '.join(parts)})")
    return " OR ".join(terms), arguments
