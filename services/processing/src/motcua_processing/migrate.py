"""Brings a schema to the newest revision: `python -m motcua_processing.migrate`."""

from __future__ import annotations

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from motcua_platform.logs import configure_logs
from motcua_platform.settings import read_settings
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from motcua_processing.settings import Settings


def _scripts() -> Path:
    packaged = Path(__file__).parent / "migrations"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "migrations"


def sqlalchemy_url(url: str) -> str:
    """The URL with SQLAlchemy's name of the asyncpg driver in it."""
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


async def migrate(url: str, schema: str, revision: str = "head") -> None:
    """Migrate `schema` of the database at `url` to a revision; "base" empties it."""
    config = Config()
    config.set_main_option("script_location", str(_scripts()))

    def run(connection: Connection) -> None:
        config.attributes["connection"] = connection
        config.attributes["schema"] = schema
        step = command.downgrade if revision == "base" else command.upgrade
        step(config, revision)

    engine = create_async_engine(sqlalchemy_url(url))
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


def main() -> None:
    """Migrate the schema that the settings name."""
    settings = read_settings(Settings)
    configure_logs("processing-migrate", settings.log_level)
    asyncio.run(migrate(settings.database_url.get_secret_value(), settings.database_schema))


if __name__ == "__main__":
    main()
