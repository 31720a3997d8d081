"""Copies of the database, and its loss: the commands of docs/operations/backup.md."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from pathlib import Path

from motcua_cli.stack.postgres_binaries import find_postgres
from motcua_processing.migrate import migrate
from stack_under_fault import SCHEMA, Stack


def dump(stack: Stack, folder: Path) -> None:
    """`pg_dump`: one snapshot, in which offsets and effects belong together; and the roles."""
    url = stack.servers.database_url
    folder.mkdir()
    _run("pg_dumpall", "--roles-only", f"--file={folder / 'roles.sql'}", f"--dbname={url}")
    _run("pg_dump", "--format=custom", f"--file={folder / 'motcua.dump'}", url)


def restore_dump(stack: Stack, folder: Path) -> None:
    """The roles, of which the superuser is there already, then `pg_restore`; an empty server."""
    url = stack.servers.database_url
    _run("psql", "--quiet", f"--file={folder / 'roles.sql'}", url)
    _run("pg_restore", "--exit-on-error", f"--dbname={url}", str(folder / "motcua.dump"))


def forget_what_is_derived(stack: Stack) -> None:
    """The rebuild then publishes every state, and compares its offsets with no other log's."""
    tables = f"{SCHEMA}.dossiers, {SCHEMA}.log_partition"
    _run("psql", "-qc", f"TRUNCATE {tables}", stack.servers.database_url)


def make_empty_tables(stack: Stack) -> None:
    """The migrations, on an empty database."""
    asyncio.run(migrate(stack.servers.database_url, SCHEMA))


def destroy_postgres(stack: Stack) -> None:
    """The server is killed and its disk is gone; another one starts, empty."""
    stack.postgres.kill()
    shutil.rmtree(stack.logs.parent / "postgres")
    stack.postgres.start()


def destroy_kafka(stack: Stack) -> None:
    """The broker is killed and its disk is gone; another cluster starts, empty."""
    stack.kafka.kill()
    shutil.rmtree(stack.logs.parent / "kafka")
    stack.kafka.start()


def _run(program: str, *arguments: str) -> None:
    done = subprocess.run(
        (find_postgres().program(program), *arguments),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
