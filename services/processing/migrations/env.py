"""Alembic's environment: one schema, named by the caller, locked while it is migrated."""

from __future__ import annotations

from alembic import context
from motcua_processing.adapters.tables import LogPartition
from sqlalchemy import Connection, text

MIGRATION_LOCK = 7_201_966


def migrate(connection: Connection, schema: str) -> None:
    """Run the migrations in a schema, alone."""
    connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
    connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
    connection.execute(text(f'SET LOCAL search_path TO "{schema}"'))
    context.configure(connection=connection, target_metadata=LogPartition.metadata)
    context.run_migrations()


migrate(context.config.attributes["connection"], context.config.attributes["schema"])
