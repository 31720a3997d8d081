"""Fixtures of the real parts: one Kafka and one PostgreSQL for a test run.

An existing one is used when `MOTCUA_KAFKA_BOOTSTRAP` or `MOTCUA_DATABASE_URL` is set.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest
import structlog
from motcua_cli.stack import Backbone, StackError
from motcua_cli.stack.observability_binaries import ObservabilityBinaries, find_observability


@dataclass(frozen=True, slots=True)
class RealParts:
    """Where the real Kafka and PostgreSQL answer."""

    bootstrap: str
    database_url: str


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """A command under test sets the logs up for itself; the next test starts without that."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def real_parts() -> Iterator[RealParts]:
    """A Kafka and a PostgreSQL on loopback; without them a test is skipped, but never in CI.

    Their folder is not pytest's, which closes its own to other accounts, PostgreSQL's among them.
    """
    with TemporaryDirectory(prefix="motcua-tests-", ignore_cleanup_errors=True) as folder:
        try:
            with Backbone(Path(folder)) as backbone:
                yield RealParts(backbone.connection.bootstrap, backbone.database_url)
        except StackError as error:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(str(error))


@pytest.fixture(scope="session")
def observability() -> ObservabilityBinaries:
    """The programs of Prometheus and Alertmanager; without them skipped, but never in CI."""
    try:
        return find_observability()
    except StackError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))


@pytest.fixture
def kafka_bootstrap(real_parts: RealParts) -> str:
    """The bootstrap servers of the real Kafka."""
    return real_parts.bootstrap


@pytest.fixture
async def database_url(real_parts: RealParts) -> AsyncIterator[str]:
    """The URL of an empty database of the test's own."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    connection = await asyncpg.connect(real_parts.database_url)
    await connection.execute(f'CREATE DATABASE "{name}"')
    yield real_parts.database_url.rsplit("/", 1)[0] + f"/{name}"
    await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await connection.close()
