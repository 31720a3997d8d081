"""Bringing the system up in its order, and down again in the reverse one.

Servers, topics, then whatever the caller puts into the registry, then tables and services: a
service reads the registry before anything else, so what it must know at start is there.
"""

import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from motcua_contracts.topics import topics
from motcua_platform.kafka_connection import KafkaConnection

from motcua_cli.console import both, counting, say
from motcua_cli.errors import CommandError
from motcua_cli.local.addresses import (
    USUAL_KAFKA_PORT,
    USUAL_PORTS,
    Addresses,
    choose_addresses,
    free_or,
)
from motcua_cli.local.observability import (
    Watching,
    choose_watching,
    routes_of_registry,
    start_watching,
)
from motcua_cli.local.readiness import wait_ready
from motcua_cli.local.services import Servers, environment, program, settings_of
from motcua_cli.stack import Backbone, Ports, StackError, Supervisor
from motcua_cli.stack.observability_binaries import ObservabilityBinaries, find_observability
from motcua_cli.topic_admin import topic_admin

FillRegistry = Callable[[KafkaConnection], None]
"""Given how Kafka is reached; called once the topics exist and before any service starts."""


@dataclass(frozen=True)
class Running:
    """A system that is up: where it answers, and who keeps it up.

    `watching` is None without Prometheus and Alertmanager.
    """

    servers: Servers
    addresses: Addresses
    supervisor: Supervisor
    logs: Path
    watching: Watching | None = None


def _leave(_: KafkaConnection) -> None:
    """Leave the registry as it is."""


@contextmanager
def running_system(
    data: Path, fill_registry: FillRegistry = _leave, *, observability: bool = True
) -> Generator[Running]:
    """The system over the folder `data`, up and ready; stopped in order at the end of the block.

    With `observability` Prometheus and Alertmanager run beside it, where they can be had.

    Raises:
        StackError: Kafka or PostgreSQL cannot be had.
        CommandError: topics, tables or a service are not as they must be.
    """
    with ExitStack() as closing:
        with counting() as bars:
            task = bars.add_task("", total=None)

            def step(vietnamese: str, english: str) -> None:
                bars.update(task, description=both(vietnamese, english).plain)

            step("Khởi động Kafka và PostgreSQL", "Starting Kafka and PostgreSQL")
            binaries = _binaries(step) if observability else None
            backbone = Backbone(
                data,
                ports=Ports(kafka=free_or(USUAL_KAFKA_PORT)),
                progress=lambda line: step("Khởi động", line),
            )
            closing.enter_context(backbone)
            servers = Servers(backbone.connection, backbone.database_url)
            addresses = choose_addresses()
            step("Tạo chủ đề và bảng", "Creating topics and tables")
            with topic_admin(servers.kafka) as admin:
                admin.apply(topics().values(), replication=1)
            fill_registry(servers.kafka)
            _migrate(servers, addresses)
            step("Khởi động ba dịch vụ", "Starting the three services")
            supervisor = closing.enter_context(Supervisor(backbone.logs))
            for service in USUAL_PORTS:
                supervisor.start(program(service, servers, addresses))
            questions = {name: f"{addresses.of(name)}/readyz" for name in USUAL_PORTS}
            watching = choose_watching() if binaries else None
            if binaries and watching:
                routes = routes_of_registry(servers.kafka)
                start_watching(
                    data,
                    binaries,
                    routes=routes,
                    addresses=addresses,
                    watching=watching,
                    supervisor=supervisor,
                )
                questions |= watching.questions()
            wait_ready(questions, supervisor)
        yield Running(servers, addresses, supervisor, backbone.logs, watching)


def _binaries(step: Callable[[str, str], None]) -> ObservabilityBinaries | None:
    """The programs; without them the system runs all the same, and this is said."""
    try:
        return find_observability(lambda line: step("Tìm Prometheus", line))
    except StackError as missing:
        say("Không có Prometheus, Alertmanager: không có cảnh báo.", f"no alerts: {missing}")
        return None


def _migrate(servers: Servers, addresses: Addresses) -> None:
    done = subprocess.run(
        (sys.executable, "-m", "motcua_processing.migrate"),
        env=environment(settings_of("processing", servers, addresses)),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise CommandError(
            f"Không tạo được bảng trong PostgreSQL ({last}).",
            "The tables could not be created in PostgreSQL.",
        )
