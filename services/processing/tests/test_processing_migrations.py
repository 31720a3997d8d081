"""The migrations arrive at the tables that the code says, and lead back."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from motcua_processing.adapters import tables
from motcua_processing.migrate import migrate, sqlalchemy_url
from open_books_of_tests import SCHEMA
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel

pytestmark = pytest.mark.real


async def schema_of(url: str) -> list[tuple[Any, ...]]:
    """Every column and index of the schema, as PostgreSQL describes them."""
    connection = await asyncpg.connect(url)
    try:
        columns = await connection.fetch(
            "SELECT table_name, column_name, data_type, is_nullable, column_default "
            "FROM information_schema.columns WHERE table_schema = $1",
            SCHEMA,
        )
        indexes = await connection.fetch(
            "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = $1", SCHEMA
        )
        position = await connection.fetch(
            "SELECT 'position', * FROM motcua.registry_position"
            if any(row[0] == "registry_position" for row in columns)
            else "SELECT 'nothing'"
        )
    finally:
        await connection.close()
    found = [tuple(row) for rows in (columns, indexes, position) for row in rows]
    return sorted(found, key=repr)


async def test_up_down_and_up_again_arrives_at_the_same_schema(database_url: str) -> None:
    await migrate(database_url, SCHEMA)
    first = await schema_of(database_url)
    tables_there = {row[0] for row in first}
    assert {"journal", "dossiers", "log_partition", "publication"} <= tables_there
    await migrate(database_url, SCHEMA, "base")
    emptied = {row[0] for row in await schema_of(database_url)}
    assert emptied == {"alembic_version", "nothing"}
    await migrate(database_url, SCHEMA)
    assert await schema_of(database_url) == first


async def test_a_schema_that_a_later_release_migrated_stays_as_it_is(database_url: str) -> None:
    await migrate(database_url, SCHEMA)
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("UPDATE motcua.alembic_version SET version_num = '9999'")
        before = await schema_of(database_url)
        await migrate(database_url, SCHEMA)
        assert await schema_of(database_url) == before
        assert await connection.fetchval("SELECT version_num FROM motcua.alembic_version") == "9999"
    finally:
        await connection.close()


async def test_migrating_a_migrated_schema_changes_nothing(books_url: str) -> None:
    before = await schema_of(books_url)
    await migrate(books_url, SCHEMA)
    assert await schema_of(books_url) == before


async def test_the_migrated_schema_is_that_of_the_tables_in_the_code(books_url: str) -> None:
    assert tables.Dossier.__tablename__ in SQLModel.metadata.tables

    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, SQLModel.metadata)

    engine = create_async_engine(
        sqlalchemy_url(books_url), connect_args={"server_settings": {"search_path": SCHEMA}}
    )
    try:
        async with engine.connect() as connection:
            assert await connection.run_sync(differences) == []
    finally:
        await engine.dispose()


async def test_two_schemas_of_one_database_live_side_by_side(books_url: str) -> None:
    before = await schema_of(books_url)
    await migrate(books_url, "another")
    await migrate(books_url, "another", "base")
    assert await schema_of(books_url) == before
