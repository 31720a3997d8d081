"""The spool (hàng đợi trên đĩa): events on the disk until intake has answered for each."""

from __future__ import annotations

import threading
from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeAlias, cast

import msgspec

from motcua_client.answers import Verdict
from motcua_client.delivery import Batch, Spooled
from motcua_client.errors import Invalid
from motcua_client.spool_schema import open_file, reported, sole_drainer, transaction

FILE: Final = "spool.sqlite3"
BATCH_EVENTS: Final = 500
BATCH_BYTES: Final = 4 * 1024 * 1024
MAX_ID: Final = 128
_LOOK_AHEAD: Final = 10_000
"""How many events are looked at for a batch while dossiers are on their way."""

AnyEvent: TypeAlias = Mapping[str, Any] | bytes
"""A CloudEvents object, or its JSON in UTF-8."""


class SetAside(msgspec.Struct, frozen=True):
    """An event that intake rejected, with the reason; `field` is a pointer within the event."""

    event: Spooled
    field: str
    rule: str
    expected: str


class Taken(msgspec.Struct, frozen=True):
    """How much of a file is in the spool, or was: `digest` is the SHA-256 of these bytes."""

    bytes: int
    digest: bytes


class Spool:
    """Events in the order in which they were put in; safe for threads and several processes.

    One spool belongs to one publisher. Putting in is possible while another process drains.
    """

    def __init__(self, folder: Path | str) -> None:
        """Open the spool of a folder, which is made where it is missing.

        Raises:
            SpoolError: it cannot be used.
        """
        self.path = Path(folder) / FILE
        self._one_at_a_time = threading.RLock()
        self._connection = open_file(self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what is in it stays."""
        with self._one_at_a_time:
            self._connection.close()

    def put(self, events: Iterable[AnyEvent]) -> Batch:
        """Put events in, all or none; they are on the disk when this returns.

        Returns:
            The events as they stand in the spool.

        Raises:
            Invalid: one is no JSON object.
            SpoolFull: the disk is full.
        """
        read = [_read(event) for event in events]
        with self._transaction():
            return tuple(Spooled(self._insert(*one), *one) for one in read)

    def put_lines(self, path: str, lines: Iterable[bytes], taken: Taken) -> tuple[int, int]:
        """Put the next lines of a file in, together with how far it has now been taken.

        Lines that are no JSON object are set aside.

        Returns:
            How many events were put in, and how many lines were set aside.
        """
        put = aside = 0
        with self._transaction():
            for line in lines:
                try:
                    self._insert(*_read(line))
                    put += 1
                except Invalid as error:
                    place = self._insert("", "", line)
                    self._set_aside(place, Verdict("", "rejected", error.field, error.rule))
                    aside += 1
            self._connection.execute(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?)", (path, taken.bytes, taken.digest)
            )
        return put, aside

    def taken_of(self, path: str) -> Taken | None:
        """How much of a file was put in before; None where nothing was."""
        rows = self._rows("SELECT bytes, digest FROM files WHERE path = ?", (path,))
        return Taken(*rows[0]) if rows else None

    def take(self, busy: Collection[str] = (), limit: int = BATCH_EVENTS) -> Batch:
        """The next events, oldest first, none of a dossier that is `busy`; they stay in the spool.

        At most `limit` events and `BATCH_BYTES` bytes, but at least one event if there is any.
        """
        batch: list[Spooled] = []
        size = 0
        look = limit + _LOOK_AHEAD if busy else limit
        passed = set(busy)
        with self._one_at_a_time, reported(self.path):
            rows = self._connection.execute(
                "SELECT place, id, dossier, body FROM pending ORDER BY place LIMIT ?", (look,)
            )
            for row in rows:
                one = Spooled(*row)
                if one.dossier in passed:
                    continue
                size += len(one.body) + 1
                if batch and (size > BATCH_BYTES or len(batch) == limit):
                    break
                batch.append(one)
            rows.close()
        return tuple(batch)

    def settle(self, settled: Sequence[tuple[Spooled, Verdict]]) -> None:
        """Let go of what intake has, and set aside what it rejected, in one transaction.

        Raises:
            SpoolFull: the disk is full; the events stay and are sent again, which is harmless.
        """
        with self._transaction():
            for event, verdict in settled:
                if verdict.status == "rejected":
                    self._set_aside(event.place, verdict)
                else:
                    self._delete("pending", event.place)

    def set_aside(self) -> list[SetAside]:
        """What intake rejected, oldest first."""
        rows = self._rows(
            "SELECT place, id, dossier, body, field, rule, expected FROM set_aside ORDER BY place"
        )
        return [SetAside(Spooled(*row[:4]), *row[4:]) for row in rows]

    def verdict_of(self, event: Spooled) -> Verdict | None:
        """What became of an event that was put in; None while it waits.

        What intake knew already counts as accepted here: the spool forgets what is done.
        """
        if self._rows("SELECT 1 FROM pending WHERE place = ?", (event.place,)):
            return None
        reason = "SELECT field, rule, expected FROM set_aside WHERE place = ?"
        for row in self._rows(reason, (event.place,)):
            return Verdict(event.id, "rejected", *row)
        return Verdict(event.id, "accepted")

    def try_again(self) -> int:
        """Put back what was set aside, behind what waits; lines that are no event stay aside.

        Returns:
            How many events.
        """
        back = [one.event for one in self.set_aside() if one.rule != "json"]
        with self._transaction():
            for event in back:
                self._insert(event.id, event.dossier, event.body)
                self._delete("set_aside", event.place)
        return len(back)

    def waiting(self) -> int:
        """How many events have no verdict yet."""
        return int(self._rows("SELECT count(*) FROM pending")[0][0])

    @contextmanager
    def draining(self) -> Generator[None]:
        """The right to send from this spool; it ends with the block, or with the process.

        Raises:
            SpoolInUse: another one has it.
        """
        with sole_drainer(self.path):
            yield

    def _insert(self, name: str, dossier: str, body: bytes) -> int:
        cursor = self._connection.execute(
            "INSERT INTO pending (id, dossier, body) VALUES (?, ?, ?)", (name, dossier, body)
        )
        return int(cursor.lastrowid or 0)

    def _set_aside(self, place: int, verdict: Verdict) -> None:
        self._connection.execute(
            "INSERT OR IGNORE INTO set_aside SELECT place, id, dossier, body, ?, ?, ? FROM pending "
            "WHERE place = ?",
            (verdict.field, verdict.rule, verdict.expected, place),
        )
        self._delete("pending", place)

    def _delete(self, table: str, place: int) -> None:
        self._connection.execute(f"DELETE FROM {table} WHERE place = ?", (place,))  # noqa: S608 - ours

    def _rows(self, query: str, values: tuple[Any, ...] = ()) -> list[Any]:
        with self._one_at_a_time, reported(self.path):
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def _transaction(self) -> Generator[None]:
        with self._one_at_a_time, transaction(self._connection, self.path):
            yield


def _read(event: AnyEvent) -> tuple[str, str, bytes]:
    """Id, dossier and JSON of an event; whether they are right is intake's to judge."""
    try:
        body = event if isinstance(event, bytes) else msgspec.json.encode(event)
        told: object = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeError, TypeError, RecursionError, OverflowError) as error:
        raise Invalid("", "json") from error
    if not isinstance(told, dict):
        raise Invalid("", "json")
    named = cast("dict[str, Any]", told)
    return _text(named, "id")[:MAX_ID], _text(named, "subject"), body


def _text(named: Mapping[str, Any], field: str) -> str:
    value = named.get(field, "")
    return value if isinstance(value, str) else ""
