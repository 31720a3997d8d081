"""Kafka and PostgreSQL together: the local ones, or the ones that the environment names."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from motcua_platform.kafka_connection import KafkaConnection

from motcua_cli.stack.kafka import KafkaServer, kafka_from_environment
from motcua_cli.stack.lock import FolderLock
from motcua_cli.stack.postgres import PostgresServer, database_from_environment
from motcua_cli.stack.progress import Progress, silent


@dataclass(frozen=True)
class Ports:
    """Where clients reach the local servers; free ports where None."""

    kafka: int | None = None
    postgres: int | None = None


_FREE_PORTS = Ports()


class Backbone:
    """The two servers over one folder: `<folder>/{kafka,postgres,logs}`.

    `kafka` and `postgres` are None where an existing one is used.
    """

    def __init__(
        self, folder: Path, *, ports: Ports = _FREE_PORTS, progress: Progress = silent
    ) -> None:
        self._lock = FolderLock(folder)
        named = kafka_from_environment()
        self._named_database = database_from_environment()
        self.logs = folder / "logs"
        own = KafkaServer(
            folder / "kafka", log=self.logs / "kafka.log", port=ports.kafka, progress=progress
        )
        self.kafka = None if named else own
        self.connection = named or KafkaConnection(own.bootstrap)
        """How Kafka is reached."""
        self.postgres = (
            None
            if self._named_database
            else PostgresServer(
                folder / "postgres", log=self.logs / "postgres.log", port=ports.postgres
            )
        )

    @property
    def database_url(self) -> str:
        """PostgreSQL's address, as named, or without a driver's name."""
        return self.postgres.url if self.postgres else self._named_database or ""

    def start(self) -> None:
        """Start both at the same time and wait for both.

        Raises:
            StackError: the folder is in use, or one of them cannot be had or started; the other
                is stopped then.
        """
        self._lock.acquire()
        servers = [server for server in (self.kafka, self.postgres) if server]
        try:
            with ThreadPoolExecutor(max_workers=2) as pool:
                for started in [pool.submit(server.start) for server in servers]:
                    started.result()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop what was started here; existing servers go on."""
        if self.postgres:
            self.postgres.stop()
        if self.kafka:
            self.kafka.stop()
        self._lock.release()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
