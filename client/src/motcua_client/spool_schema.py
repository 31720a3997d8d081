"""The file of a spool: SQLite, every commit on the disk before it returns."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from motcua_client.errors import SpoolError, SpoolFull, SpoolInUse

_BUSY_SECONDS: Final = 30.0
_VERSION: Final = 1

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS pending (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    dossier TEXT NOT NULL,
    body BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS set_aside (
    place INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    dossier TEXT NOT NULL,
    body BLOB NOT NULL,
    field TEXT NOT NULL,
    rule TEXT NOT NULL,
    expected TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY,
    bytes INTEGER NOT NULL,
    digest BLOB NOT NULL
);
"""


def open_file(path: Path) -> sqlite3.Connection:
    """A connection that commits only by `BEGIN` and `COMMIT`, with the tables made.

    `synchronous=FULL` syncs the log of SQLite (WAL) at each commit: what was put in outlives a
    power loss.

    Raises:
        SpoolError: the folder or file cannot be used, or is of a later version.
    """
    with reported(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        connection = sqlite3.connect(
            path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version not in {0, _VERSION}:
            raise SpoolError(f"{path} was made by a later version ({version})")
        connection.executescript(_TABLES)
        connection.execute(f"PRAGMA user_version={_VERSION}")
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection, path: Path) -> Generator[None]:
    """All of the block, or nothing of it.

    Raises:
        SpoolFull: the disk is full; nothing of the block is in the spool.
        SpoolError: the file cannot be used.
    """
    with reported(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")


@contextmanager
def sole_drainer(path: Path) -> Generator[None]:
    """One drainer at a time: a lock that the system releases when its holder dies.

    Raises:
        SpoolInUse: another one holds it.
    """
    lock = path.with_suffix(".lock")
    with reported(lock):
        holder = sqlite3.connect(lock, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        try:
            holder.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise SpoolError(f"{lock}: {error}") from error
            raise SpoolInUse(f"another process is draining {path}") from error
        yield
    finally:
        holder.close()


@contextmanager
def reported(path: Path) -> Generator[None]:
    """Faults of the file as errors of this package."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_FULL:
            raise SpoolFull(f"the disk is full, {path} takes nothing more") from error
        raise SpoolError(f"{path}: {error}") from error
    except OSError as error:
        raise SpoolError(f"{path}: {error.strerror}") from error
