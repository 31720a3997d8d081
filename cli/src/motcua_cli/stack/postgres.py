"""A real PostgreSQL on loopback, its data in one folder.

Load-bearing: every setting that a commit's durability hangs on is on (`postgres_settings`), and
the data folder is locked by the server process itself (`lock`).
"""

import os
import signal
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from motcua_cli.stack.errors import StackError
from motcua_cli.stack.lock import FolderLock
from motcua_cli.stack.ports import LOOPBACK, free_ports, require_free
from motcua_cli.stack.postgres_binaries import PostgresBinaries, find_postgres
from motcua_cli.stack.postgres_settings import settings
from motcua_cli.stack.processes import end, kill, spawn
from motcua_cli.stack.waiting import wait_until_ready

if TYPE_CHECKING:
    import subprocess

DATABASE_VARIABLE = "MOTCUA_DATABASE_URL"
_SUPERUSER = "postgres"
_START_SECONDS = 60.0
_STOP_SECONDS = 20.0
_LOCK_PATIENCE_SECONDS = 10.0


def database_from_environment() -> str | None:
    """The address of an existing database, where `MOTCUA_DATABASE_URL` names one."""
    return os.environ.get(DATABASE_VARIABLE) or None


class PostgresServer:
    """One server; `url` stays the same through `stop`, `kill` and `start`."""

    def __init__(
        self,
        folder: Path,
        *,
        log: Path | None = None,
        port: int | None = None,
        database: str = "motcua",
    ) -> None:
        """Describe a server; nothing runs before `start`.

        Args:
            folder: its data, made where missing.
            log: its log file; `<folder>/postgres.log` where None.
            port: for clients; a free one where None.
            database: created at the first start.
        """
        self._folder = folder.resolve()
        self._data = self._folder / "data"
        self._log = (log or folder / "postgres.log").resolve()
        self._port = port or free_ports(1)[0]
        self._database = database
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The database's address, without a driver's name; no password on loopback."""
        return self.url_of(self._database)

    @property
    def pid(self) -> int | None:
        """The server's first process; None while it does not run."""
        running = self._child is not None and self._child.poll() is None
        return self._child.pid if self._child is not None and running else None

    def url_of(self, database: str) -> str:
        """The address of any database of this server."""
        return f"postgresql://{_SUPERUSER}@{LOOPBACK}:{self._port}/{database}"

    def start(self, *, deadline: float = _START_SECONDS) -> None:
        """Start the server and wait until it answers; no effect on a running one.

        Raises:
            StackError: no programs, a folder or port in use, or no answer within `deadline`
                seconds.
        """
        if self.pid is not None:
            return
        binaries = find_postgres()
        with FolderLock(self._folder, patience=_LOCK_PATIENCE_SECONDS) as lock:
            require_free(self._port)
            self._initialise(binaries)
            self._child = spawn(
                (binaries.program("postgres"), "-D", str(self._data), *self._settings(binaries)),
                log=self._log,
                cwd=self._data,
                account=binaries.account,
                on_parent_death=signal.SIGINT,
                inherit=(lock.descriptor,),
            )
        try:
            wait_until_ready(
                "PostgreSQL",
                lambda: self._answers(binaries),
                child=self._child,
                deadline=deadline,
                log=self._log,
            )
            self._create_database(binaries)
        except BaseException:
            kill(self._child)
            raise

    def stop(self, *, deadline: float = _STOP_SECONDS) -> None:
        """Fast shutdown: sessions are cut, a checkpoint is written; then SIGKILL if need be."""
        if self._child is not None:
            end(self._child, signal.SIGINT, deadline=deadline)

    def kill(self) -> None:
        """End all its processes at once (SIGKILL)."""
        if self._child is not None:
            kill(self._child)

    def restart(self, *, deadline: float = _START_SECONDS) -> None:
        """Stop in order and start again on the same data and port."""
        self.stop()
        self.start(deadline=deadline)

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

    def _settings(self, binaries: PostgresBinaries) -> list[str]:
        return settings(port=self._port, lz4=binaries.has_lz4())

    def _initialise(self, binaries: PostgresBinaries) -> None:
        """Make the cluster once: UTF-8, byte order, trust on loopback only."""
        binaries.own(self._data)
        if (self._data / "PG_VERSION").is_file():
            return
        binaries.run(
            "initdb",
            *("-D", str(self._data), "-U", _SUPERUSER, "--auth=trust"),
            *("--encoding=UTF8", "--locale=C"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        )

    def _answers(self, binaries: PostgresBinaries) -> bool:
        try:
            binaries.run("pg_isready", "-q", *self._target(), "-d", _SUPERUSER)
        except StackError:
            return False
        return True

    def _create_database(self, binaries: PostgresBinaries) -> None:
        asked = f"select 1 from pg_database where datname = '{self._database}'"  # noqa: S608
        if not binaries.run("psql", *self._target(), "-d", _SUPERUSER, "-Atc", asked).strip():
            binaries.run("createdb", *self._target(), self._database)

    def _target(self) -> tuple[str, ...]:
        return ("-h", LOOPBACK, "-p", str(self._port), "-U", _SUPERUSER)
