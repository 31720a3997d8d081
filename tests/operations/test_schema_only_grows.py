"""Old and new versions side by side: a migration leaves standing what the older version uses.

From one revision to the next no column goes or changes its type, and what an older process writes
is still accepted: a new column of an old table is nullable or has a default.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import asyncpg
import pytest
from motcua_processing.migrate import migrate
from open_books_of_tests import SCHEMA

pytestmark = pytest.mark.real

REVISIONS: Final = ("0001", "0002", "0003", "0004", "0005", "0006")
BEFORE_THE_RULE: Final = {"0002", "0004"}
"""Made before anything was installed anywhere: a process of the revision below must not run on."""


class Column(NamedTuple):
    kind: str
    is_needed: bool
    """Whether a writer has to give it a value."""


async def _columns(url: str) -> dict[tuple[str, str], Column]:
    connection = await asyncpg.connect(url)
    try:
        found = await connection.fetch(
            "SELECT table_name, column_name, data_type, is_nullable = 'NO' "
            "AND column_default IS NULL AND is_identity = 'NO' "
            "FROM information_schema.columns WHERE table_schema = $1",
            SCHEMA,
        )
    finally:
        await connection.close()
    return {(row[0], row[1]): Column(row[2], row[3]) for row in found}


def _breaks(
    old: dict[tuple[str, str], Column], new: dict[tuple[str, str], Column]
) -> list[tuple[str, str]]:
    tables = {table for table, _ in old}
    gone_or_changed = [
        place for place, one in old.items() if place not in new or new[place].kind != one.kind
    ]
    needed = [
        place
        for place, one in new.items()
        if place[0] in tables and one.is_needed and not (place in old and old[place].is_needed)
    ]
    return gone_or_changed + needed


async def test_each_revision_leaves_the_older_version_running(database_url: str) -> None:
    breaking: set[str] = set()
    await migrate(database_url, SCHEMA, REVISIONS[0])
    before = await _columns(database_url)
    for revision in (*REVISIONS[1:], "head"):
        await migrate(database_url, SCHEMA, revision)
        after = await _columns(database_url)
        breaking |= {revision} if _breaks(before, after) else set()
        before = after
    assert breaking == BEFORE_THE_RULE


def test_a_dropped_a_retyped_and_a_demanded_column_are_seen() -> None:
    old = {("t", "a"): Column("text", is_needed=True)}
    assert _breaks(old, {}) == [("t", "a")]
    assert _breaks(old, {("t", "a"): Column("bigint", is_needed=True)}) == [("t", "a")]
    more = old | {("t", "b"): Column("text", is_needed=True)}
    assert _breaks(old, more) == [("t", "b")]
    fine = old | {("t", "b"): Column("text", is_needed=False), ("u", "c"): old["t", "a"]}
    assert _breaks(old, fine) == []


async def test_what_the_older_version_writes_is_taken_before_and_after_the_newest_revision(
    database_url: str,
) -> None:
    await migrate(database_url, SCHEMA, REVISIONS[-2])
    older = await _columns(database_url)
    await _write_a_row_into_each_table(database_url, older, 1)
    await migrate(database_url, SCHEMA)
    await _write_a_row_into_each_table(database_url, older, 2)


_VALUES: Final = {
    "text": "'{n}'",
    "bytea": "'\\x{n:02x}'",
    "boolean": "false",
    "ARRAY": "ARRAY['{n}']",
    "double precision": "{n}",
    "smallint": "{n} + 1",
    "integer": "{n} + 1",
    "bigint": "{n} + 1",
}


async def _write_a_row_into_each_table(
    url: str, columns: dict[tuple[str, str], Column], number: int
) -> None:
    """With the columns that the older version knows, and no other."""
    connection = await asyncpg.connect(url, server_settings={"search_path": SCHEMA})
    try:
        for table in sorted({table for table, _ in columns} - {"alembic_version"}):
            own = {name: one for (of, name), one in columns.items() if of == table}
            names = ", ".join(f'"{name}"' for name in own)
            values = ", ".join(_VALUES[one.kind].format(n=number) for one in own.values())
            await connection.execute(f"INSERT INTO {table} ({names}) VALUES ({values})")
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") >= number
    finally:
        await connection.close()
