"""Brings a schema to the newest revision: `python -m motcua_processing.migrate`."""

from __future__ import annotations

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from motcua_platform.logs import configure_logs
from motcua_platform.settings import read_settings
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from structlog.stdlib import get_logger

from motcua_processing.settings import Settings

_log = get_logger(__name__)


def _scripts() -> Path:
    packaged = Path(__file__).parent / "migrations"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "migrations"


def sqlalchemy_url(url: str) -> str:
    """The URL with SQLAlchemy's name of the asyncpg driver in it."""
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


async def migrate(url: str, schema: str, revision: str = "head") -> None:
    """Migrate `schema` of the database at `url` to a revision; "base" empties it.

    A schema that a later release migrated stays as it is: this release can be gone back to, since
    migrations leave in place what the release before needs.
    """
    config = Config()
    config.set_main_option("script_location", str(_scripts()))

    def run(connection: Connection) -> None:
        config.attributes["connection"] = connection
        config.attributes["schema"] = schema
        if later := _unknown_revisions(connection, schema, config):
            _log.warning("schema_of_a_later_release", revisions=later)
            return
        step = command.downgrade if revision == "base" else command.upgrade
        step(config, revision)

    engine = create_async_engine(sqlalchemy_url(url))
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


def _unknown_revisions(connection: Connection, schema: str, config: Config) -> list[str]:
    """Revisions of the schema that this release has no migration for."""
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    options = {"version_table_schema": schema}
    there = MigrationContext.configure(connection, opts=options).get_current_heads()
    return [revision for revision in there if revision not in known]


def main() -> None:
    """Migrate the schema that the settings name."""
    settings = read_settings(Settings)
    configure_logs("processing-migrate", settings.log_level)
    asyncio.run(migrate(settings.database_url.get_secret_value(), settings.database_schema))


if __name__ == "__main__":
    main()
