"""Filling empty tables at full speed: no index is kept up row by row, all are built at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from asyncpg import Pool

from motcua_processing.adapters.postgres import (
    DOSSIER_COLUMNS,
    JOURNAL_COLUMNS,
    AnyConnection,
    journal_record,
)
from motcua_processing.domain.identity import Entry
from motcua_processing.domain.projection import DossierRow

_TABLES: Final = ("journal", "dossiers")


class Indexes(NamedTuple):
    """Statements that make dropped indexes again, side by side, and keys of them afterwards."""

    builds: list[str]
    keys: list[str]


async def drop_indexes(connection: AnyConnection, schema: str) -> Indexes:
    """Drop the indexes and keys of the big tables; returns what makes them again."""
    rows = await connection.fetch(
        "SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition, "
        "c.conname, t.relname AS on_table "
        "FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid "
        "JOIN pg_namespace n ON n.oid = t.relnamespace "
        "LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid "
        "WHERE n.nspname = $1 AND t.relname = ANY($2::text[]) ORDER BY c.conname NULLS LAST",
        schema,
        list(_TABLES),
    )
    again = Indexes([], [])
    for row in rows:
        table, key = row["on_table"], row["conname"]
        again.builds.append(row["definition"])
        if key:
            await connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{key}"')
            again.keys.append(f'ALTER TABLE {table} ADD PRIMARY KEY USING INDEX "{key}"')
        else:
            await connection.execute(f"DROP INDEX {row['name']}")
    return again


async def build_indexes(pool: Pool, indexes: Indexes) -> None:
    """Make the indexes and keys again, the indexes side by side."""
    await asyncio.gather(*(_build(pool, statement) for statement in indexes.builds))
    for statement in indexes.keys:
        await pool.execute(statement)


async def _build(pool: Pool, statement: str) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL maintenance_work_mem = '256MB'")
        await connection.execute(statement)


async def copy_journal(
    connection: AnyConnection, entries: Iterable[Entry], books: Mapping[tuple[str, int], int]
) -> None:
    """Append entries to the journal."""
    await connection.copy_records_to_table(
        "journal",
        columns=JOURNAL_COLUMNS,
        records=[journal_record(entry, books) for entry in entries],
    )


async def copy_dossiers(connection: AnyConnection, rows: Sequence[DossierRow]) -> None:
    """Append dossiers."""
    await connection.copy_records_to_table("dossiers", columns=DOSSIER_COLUMNS, records=rows)


async def split_dossiers(connection: AnyConnection) -> list[str]:
    """Take out the dossiers that more than one partition carried; they are to be folded anew."""
    rows = await connection.fetch(
        "DELETE FROM dossiers WHERE code IN "
        "(SELECT code FROM dossiers GROUP BY code HAVING count(*) > 1) RETURNING code"
    )
    return sorted({row[0] for row in rows})


async def told_twice(connection: AnyConnection) -> list[bytes]:
    """The identities that stand in the journal more than once, told in several partitions."""
    rows = await connection.fetch(
        "SELECT identity FROM journal GROUP BY identity HAVING count(*) > 1"
    )
    return [row[0] for row in rows]
