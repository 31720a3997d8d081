"""The books in PostgreSQL, over asyncpg: COPY for what is new, one statement for what changed.

SQLModel's tables (`tables.py`) say what is there; this is the hot path and speaks SQL itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias

import asyncpg
from asyncpg import Connection, Pool
from asyncpg.pool import PoolConnectionProxy
from motcua_kernel.events import Event, Kind
from motcua_kernel.instant import Instant
from motcua_platform.dossier_codec import event_from_value
from motcua_platform.errors import Misconfigured, Transient

from motcua_processing.adapters.decided import mark_known
from motcua_processing.adapters.publisher_gates import WatchedBooks
from motcua_processing.adapters.wake import WAKE_CHANNEL
from motcua_processing.adapters.work_books import WorkBooks
from motcua_processing.application.ports import Books, PartitionBook, QuarantineRow
from motcua_processing.domain.identity import Entry, Known, Place, natural_key
from motcua_processing.domain.projection import DossierRow

_TRANSIENT: Final = (
    asyncpg.PostgresConnectionError,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    OSError,
    asyncio.TimeoutError,
)
_KNOWN_COLUMNS: Final = (
    "identity, content, appended_at, log_partition, log_offset, dossier, publisher, event_id, "
    "source, value"
)
JOURNAL_COLUMNS: Final = (
    "identity",
    "content",
    "dossier",
    "kind",
    "occurred_at",
    "recorded_at",
    "appended_at",
    "log_partition",
    "log_offset",
    "publisher",
    "event_id",
    "source",
    "unit",
    "voids",
    "natural_key",
    "value",
)
DOSSIER_COLUMNS: Final = DossierRow._fields
_DOSSIER_TYPES: Final = (
    *("text", "bytea", "text", "text", "text", "text", "text", "smallint"),
    *("bigint", "bigint", "bigint", "boolean", "int", "bigint", "boolean"),
    *("int", "int", "smallint"),
    *("bigint", "bigint", "text", "text", "int", "bigint", "bigint"),
)
_UPDATE_DOSSIERS: Final = (
    "UPDATE dossiers d SET "
    + ", ".join(f"{name} = u.{name}" for name in DOSSIER_COLUMNS[1:])
    + " FROM unnest("
    + ", ".join(f"${n}::{kind}[]" for n, kind in enumerate(_DOSSIER_TYPES, start=1))
    + f") AS u({', '.join(DOSSIER_COLUMNS)}) WHERE d.code = u.code"
)

LaneOf = Callable[[str], int]
AnyConnection: TypeAlias = "Connection[Any] | PoolConnectionProxy[Any]"


def transient_errors() -> tuple[type[BaseException], ...]:
    """What asyncpg raises when the database is away or another transaction was quicker."""
    return _TRANSIENT


async def connect(url: str, schema: str, *, size: int = 4) -> Pool:
    """A pool whose connections live in `schema`.

    Raises:
        Transient: the database is away.
    """
    try:
        return await asyncpg.create_pool(
            url, min_size=1, max_size=size, server_settings={"search_path": schema, "jit": "off"}
        )
    except _TRANSIENT as error:
        raise Transient("the database is away") from error


class PostgresStore:
    """Opens transactions on the books of one schema."""

    def __init__(self, pool: Pool, lane_of: LaneOf) -> None:
        """`lane_of` gives the publication lane of a dossier code."""
        self._pool = pool
        self._lane_of = lane_of
        self._partitions: dict[int, tuple[str, int]] = {}

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Books]:
        """A transaction that commits when left in good order.

        Raises:
            Transient: the database was away, or another transaction was quicker.
        """
        try:
            async with self._pool.acquire() as connection, connection.transaction():
                yield PostgresBooks(connection, self._lane_of, self._partitions)
        except asyncpg.UniqueViolationError as error:
            raise Transient("created elsewhere meanwhile") from error
        except _TRANSIENT as error:
            raise Transient(type(error).__name__) from error


class PostgresBooks(WorkBooks, WatchedBooks):
    """One open transaction; see `application.ports.Books` for what each method promises."""

    def __init__(
        self, connection: AnyConnection, lane_of: LaneOf, partitions: dict[int, tuple[str, int]]
    ) -> None:
        self._connection = connection
        self._lane_of = lane_of
        self._partitions = partitions

    async def lock_partitions(
        self, places: Sequence[tuple[str, int]]
    ) -> dict[tuple[str, int], PartitionBook]:
        rows = await self._connection.fetch(
            "SELECT p.id, p.topic, p.partition, p.next_offset FROM log_partition p "
            "JOIN unnest($1::text[], $2::int[]) AS w(topic, partition) USING (topic, partition) "
            "ORDER BY p.topic, p.partition FOR UPDATE OF p",
            [topic for topic, _ in places],
            [partition for _, partition in places],
        )
        books = {(row[1], row[2]): PartitionBook(row[0], row[3]) for row in rows}
        for place, book in books.items():
            self._partitions[book.id] = place
        if len(books) != len(places):
            raise Misconfigured(f"partitions without a book: {set(places) - books.keys()}")
        return books

    async def registry_position(self, *, exclusive: bool = False) -> int:
        lock = "UPDATE" if exclusive else "SHARE"
        return await self._connection.fetchval(
            f"SELECT registry_offset FROM registry_position FOR {lock}"
        )

    async def set_registry_position(self, offset: int) -> None:
        await self._connection.execute("UPDATE registry_position SET registry_offset = $1", offset)

    async def known(self, identities: Sequence[bytes]) -> dict[bytes, Known]:
        rows = await self._connection.fetch(
            f"SELECT {_KNOWN_COLUMNS} FROM journal WHERE identity = ANY($1::bytea[])",
            identities,
        )
        await self._learn_partitions({row[3] for row in rows})
        return {row[0]: self._as_known(row) for row in rows}

    def _as_known(self, row: Any) -> Known:
        place = Place(row[2], *self._partitions[row[3]], row[4])
        return Known(row[0], row[1], place, *row[5:10])

    async def all_told(self, identity: bytes) -> list[tuple[Known, str]]:
        """Every row under an identity with its place in the table; only a rebuild sees several."""
        rows = await self._connection.fetch(
            f"SELECT {_KNOWN_COLUMNS}, ctid::text FROM journal WHERE identity = $1",
            identity,
        )
        await self._learn_partitions({row[3] for row in rows})
        return [(self._as_known(row), row[10]) for row in rows]

    async def remove_told(self, places: Sequence[str]) -> None:
        """Take rows out of the journal by their place in the table."""
        await self._connection.execute(
            "DELETE FROM journal WHERE ctid = ANY($1::text[]::tid[])", list(places)
        )

    async def _learn_partitions(self, numbers: set[int]) -> None:
        if numbers <= self._partitions.keys():
            return
        rows = await self._connection.fetch("SELECT id, topic, partition FROM log_partition")
        self._partitions.update({row[0]: (row[1], row[2]) for row in rows})

    async def remove(self, known: Sequence[Known]) -> None:
        await self._connection.execute(
            "DELETE FROM journal WHERE identity = ANY($1::bytea[])", [one.identity for one in known]
        )

    async def add(self, entries: Sequence[Entry], books: Mapping[tuple[str, int], int]) -> None:
        if not entries:
            return
        await self._connection.copy_records_to_table(
            "journal",
            columns=JOURNAL_COLUMNS,
            records=[journal_record(entry, books) for entry in entries],
        )

    async def lock_dossiers(self, codes: Sequence[str]) -> dict[str, bytes]:
        rows = await self._connection.fetch(
            "SELECT code, snapshot FROM dossiers WHERE code = ANY($1::text[]) "
            "ORDER BY code FOR UPDATE",
            codes,
        )
        return dict(rows)

    async def events(self, codes: Sequence[str]) -> dict[str, list[Event]]:
        rows = await self._connection.fetch(
            "SELECT value, publisher, event_id, source, recorded_at FROM journal "
            "WHERE dossier = ANY($1::text[])",
            codes,
        )
        events: dict[str, list[Event]] = {}
        for value, publisher, event_id, source, recorded_at in rows:
            event = event_from_value(value, publisher, event_id, source, Instant(recorded_at))
            events.setdefault(event.dossier, []).append(event)
        return events

    async def put(self, created: Sequence[DossierRow], changed: Sequence[DossierRow]) -> None:
        if created:
            await self._connection.copy_records_to_table(
                "dossiers", columns=DOSSIER_COLUMNS, records=created
            )
        if changed:
            await self._connection.execute(
                _UPDATE_DOSSIERS, *(list(column) for column in zip(*changed, strict=True))
            )

    async def drop(self, codes: Sequence[str]) -> None:
        await self._connection.execute("DELETE FROM dossiers WHERE code = ANY($1::text[])", codes)

    async def mark_unpublished(self, codes: Iterable[str]) -> None:
        lanes: dict[int, list[str]] = {}
        for code in codes:
            lanes.setdefault(self._lane_of(code), []).append(code)
        if not lanes:
            return
        await self._connection.executemany(
            "INSERT INTO publication (lane, codes) VALUES ($1, $2)", list(lanes.items())
        )
        await self._connection.execute(f"NOTIFY {WAKE_CHANNEL}")

    async def quarantine(self, rows: Sequence[QuarantineRow]) -> None:
        await insert_quarantine(self._connection, rows)
        await self._connection.execute(f"NOTIFY {WAKE_CHANNEL}")

    async def advance(self, offsets: Mapping[int, int]) -> None:
        await self._connection.execute(
            "UPDATE log_partition p SET next_offset = o.next_offset "
            "FROM unnest($1::int[], $2::bigint[]) AS o(id, next_offset) WHERE p.id = o.id",
            list(offsets.keys()),
            list(offsets.values()),
        )

    async def outdated(self, stamp: bytes, limit: int) -> list[str]:
        rows = await self._connection.fetch(
            "SELECT code FROM dossiers WHERE substring(snapshot FOR $2) <> $1 LIMIT $3",
            stamp,
            len(stamp),
            limit,
        )
        return [row[0] for row in rows]


async def insert_quarantine(connection: AnyConnection, rows: Sequence[QuarantineRow]) -> None:
    """Set records aside, pending publication; known ids are left alone."""
    await connection.executemany(
        'INSERT INTO quarantine (id, topic, "partition", log_offset, appended_at, rule, field, '
        "record, publisher, event_id, dossier, published, verdict) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, false, 0) "
        "ON CONFLICT (id) DO NOTHING",
        rows,
    )
    await mark_known(connection, [row.id for row in rows])


def journal_record(entry: Entry, books: Mapping[tuple[str, int], int]) -> tuple[Any, ...]:
    """The journal row of an entry, in the order of the columns."""
    event, place = entry.event, entry.place
    change: Any = event.change
    unit = voids = None
    if event.kind is _RECEIVED:
        unit = change.reporting_unit or change.resolving_unit
    elif event.kind is _VOIDED:
        voids = change.event_id
    return (
        entry.identity,
        entry.content,
        event.dossier,
        event.kind,
        event.occurred_at,
        event.recorded_at,
        place[0],
        books[place[1:3]],
        place[3],
        event.publisher,
        event.event_id,
        event.source,
        unit,
        voids,
        natural_key(event) if event.kind is _RECEIVED else None,
        entry.value,
    )


_RECEIVED: Final = Kind.RECEIVED
_VOIDED: Final = Kind.VOIDED
