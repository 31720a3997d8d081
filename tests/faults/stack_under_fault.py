"""A whole stack on loopback to be struck by faults: own Kafka, own PostgreSQL, three services.

The clock is frozen where the sample ends. Everything that was handed in is remembered, as the
figures must be those of exactly these deliveries.
"""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from loopback import answers
from motcua_cli.demo.sample import fill_registry, keys_of
from motcua_cli.local.addresses import HOST, Addresses
from motcua_cli.local.services import Servers, environment, settings_of
from motcua_cli.publishing.keys import Keys
from motcua_cli.stack import Backoff, KafkaServer, PostgresServer, Program, Supervisor
from motcua_cli.stack.ports import free_ports
from motcua_cli.stack.processes import kill, spawn
from motcua_cli.topic_admin import topic_admin
from motcua_contracts.topics import topics
from motcua_platform.kafka_connection import KafkaConnection
from motcua_processing.migrate import migrate
from motcua_sample_dak_rlap import Delivery
from waiting import until

SERVICES: Final = ("processing", "intake", "metrics")
SCHEMA: Final = "motcua"
READY_SECONDS: Final = 120.0
_QUICK: Final = Backoff(first=0.05, longest=0.5, settled=2.0)
_EXTRA: Final[dict[str, dict[str, str]]] = {
    "processing": {"BATCH_RECORDS": "300", "GROUP_INSTANCE": "processing-0"},
    "intake": {"LOG_PATIENCE": "PT2S"},
    "metrics": {"BALANCE_POLL_SECONDS": "0.3"},
}
"""Small batches, so that a fault has many to strike; quick answers about what is away."""


class Stack:
    """The parts of a running stack, and what they were told."""

    def __init__(self, folder: Path, kafka: KafkaServer, postgres: PostgresServer) -> None:
        ports = iter(free_ports(3))
        self.logs = folder / "logs"
        self.kafka = kafka
        self.postgres = postgres
        self.keys: Keys = keys_of(folder)
        self.servers = Servers(KafkaConnection(kafka.bootstrap), postgres.url)
        self.addresses = Addresses(*(f"http://{HOST}:{next(ports)}" for _ in SERVICES))
        self.supervisor = Supervisor(self.logs, backoff=_QUICK)
        self.delivered: list[Delivery] = []

    def told(self, deliveries: Sequence[Delivery]) -> None:
        """Remember deliveries that the log has."""
        self.delivered += deliveries

    def prepare(self) -> None:
        """Topics, registry and tables."""
        with topic_admin(self.servers.kafka) as admin:
            admin.apply(topics().values(), replication=1)
        fill_registry(self.servers.kafka, self.keys)
        asyncio.run(migrate(self.servers.database_url, SCHEMA))

    def settings(self, service: str, **own: str | None) -> Mapping[str, str]:
        """The environment of a service, with settings of its own put on, or taken off by None."""
        given = settings_of(service, self.servers, self.addresses) | _EXTRA[service] | own
        return environment({name: value for name, value in given.items() if value is not None})

    def program(
        self, service: str, *, name: str = "", entry: Sequence[str] = (), **own: str | None
    ) -> Program:
        """A service as it is run, or another `entry` in its place."""
        argv = (sys.executable, *(entry or ("-m", f"motcua_{service}")))
        return Program(name or service, argv, self.settings(service, **own))

    def start(self, *services: str) -> None:
        """Start services under the supervisor and wait until they are ready."""
        for service in services:
            self.supervisor.start(self.program(service))
        for service in services:
            self.wait_ready(service)

    def wait_ready(self, service: str, seconds: float = READY_SECONDS) -> None:
        """Wait until a service says that it is ready."""
        url = f"{self.addresses.of(service)}/readyz"
        until(f"{service} is ready", lambda: answers(url), seconds)

    def kill(self, service: str) -> None:
        """SIGKILL, and wait until the supervisor has started it anew."""
        before = self.supervisor.restarts(service)
        self.supervisor.kill(service, signal.SIGKILL)
        started = lambda: self.supervisor.restarts(service) > before  # noqa: E731
        until(f"{service} is started anew", started, READY_SECONDS)

    def dies_at(
        self, service: str, failpoint: str, meanwhile: Callable[[], None], entry: Sequence[str] = ()
    ) -> int:
        """Run a service with a failpoint in the place of the usual one until it is dead.

        Returns:
            Its exit code; afterwards the usual one runs again.
        """
        self.supervisor.stop(service)
        program = self.program(service, entry=entry, FAILPOINT=failpoint)
        log = self.logs / f"{service}-{failpoint}.log"
        doomed = spawn(program.argv, log=log, env=program.env)
        try:
            meanwhile()
            doomed.wait(READY_SECONDS)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{service} lived on beyond {failpoint}; see {log}") from None
        finally:
            kill(doomed)
            self.supervisor.start(self.program(service, entry=entry))
        return doomed.returncode


@contextmanager
def running_stack(folder: Path) -> Generator[Stack]:
    """A stack over `folder`, up and ready; all of it stopped at the end of the block.

    Raises:
        StackError: Kafka or PostgreSQL cannot be had.
    """
    with ExitStack() as closing:
        kafka = KafkaServer(folder / "kafka", log=folder / "logs/kafka.log")
        postgres = PostgresServer(folder / "postgres", log=folder / "logs/postgres.log")
        closing.enter_context(kafka)
        closing.enter_context(postgres)
        stack = Stack(folder, kafka, postgres)
        stack.prepare()
        closing.enter_context(stack.supervisor)
        stack.start(*SERVICES)
        yield stack
