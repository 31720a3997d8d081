"""Prometheus and Alertmanager beside the services: scraping them, judging the rules, routing.

Both run over what `deploy/observability` holds, laid into the folder of the stack's data; alerts
wait seconds there where in production they wait minutes (`time_lapse`).
"""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml
from motcua_kernel.instant import local_date
from motcua_kernel.registry import Registry
from motcua_platform.domain_clock import real_now
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.registry_codec import entry_from_proto

from motcua_cli.alerting.alertmanager import alertmanager_configuration
from motcua_cli.alerting.receivers import Receivers
from motcua_cli.clock_entries import domain_now
from motcua_cli.local.addresses import HOST, Addresses, free_or
from motcua_cli.local.time_lapse import time_lapsed
from motcua_cli.registry.log import latest_entries
from motcua_cli.stack import Supervisor
from motcua_cli.stack.observability_binaries import ObservabilityBinaries
from motcua_cli.stack.observability_servers import (
    alertmanager_program,
    prometheus_program,
    write_targets,
)
from motcua_cli.stack.paths import repository_root

USUAL_PROMETHEUS_PORT: Final = 9090
USUAL_ALERTMANAGER_PORT: Final = 9093
_INTERVAL: Final = "5s"
"""Between two scrapes, and between two judgements of the rules: someone is looking on."""


@dataclass(frozen=True)
class Watching:
    """The base URLs of the two."""

    prometheus: str
    alertmanager: str

    def questions(self) -> dict[str, str]:
        """By program the URL that tells whether it is ready."""
        return {
            "alertmanager": f"{self.alertmanager}/-/ready",
            "prometheus": f"{self.prometheus}/-/ready",
        }


def choose_watching() -> Watching:
    """The usual ports where they are free now, otherwise any free ones."""
    ports = [free_or(usual) for usual in (USUAL_PROMETHEUS_PORT, USUAL_ALERTMANAGER_PORT)]
    return Watching(*(f"http://{HOST}:{port}" for port in ports))


def start_watching(
    folder: Path,
    binaries: ObservabilityBinaries,
    *,
    routes: str,
    addresses: Addresses,
    watching: Watching,
    supervisor: Supervisor,
) -> None:
    """Start both over `<folder>/{prometheus,alertmanager}`; they are not waited for.

    `routes` is Alertmanager's configuration.
    """
    prometheus, alertmanager = folder.resolve() / "prometheus", folder.resolve() / "alertmanager"
    lay_out_prometheus(prometheus, addresses, watching)
    alertmanager.mkdir(parents=True, exist_ok=True)
    (alertmanager / "alertmanager.yml").write_text(routes, "utf-8")
    for program in (
        alertmanager_program(binaries, alertmanager, _port(watching.alertmanager)),
        prometheus_program(binaries, prometheus, _port(watching.prometheus)),
    ):
        supervisor.start(program)


def routes_of_registry(kafka: KafkaConnection) -> str:
    """Alertmanager's configuration for the units of the registry topic, today in domain time.

    Its receivers tell nobody: nothing leaves the machine.

    Raises:
        CommandError: Kafka does not answer.
    """
    latest = asyncio.run(latest_entries(kafka))
    entries = [entry_from_proto(entry) for entry in latest.values()]
    registry = Registry().with_entries(enumerate(entries))
    today = local_date(domain_now(latest, real_now()))
    return alertmanager_configuration(registry, Receivers(), today)


def lay_out_prometheus(folder: Path, addresses: Addresses, watching: Watching) -> None:
    """Lay configuration, rules and targets into a folder; what an earlier stack left gives way."""
    folder.mkdir(parents=True, exist_ok=True)
    configuration = yaml.safe_load((observability() / "prometheus.yml").read_text("utf-8"))
    configuration["global"] |= {"scrape_interval": _INTERVAL, "evaluation_interval": _INTERVAL}
    configuration["global"]["scrape_timeout"] = _INTERVAL
    (folder / "prometheus.yml").write_text(yaml.safe_dump(configuration), "utf-8")
    rules = folder / "rules"
    shutil.rmtree(rules, ignore_errors=True)
    rules.mkdir()
    for file in sorted((observability() / "rules").glob("*.yaml")):
        (rules / file.name).write_text(time_lapsed(file.read_text("utf-8")), "utf-8")
    urls = {
        "intake": addresses.intake,
        "processing": addresses.processing,
        "metrics": addresses.metrics,
        "prometheus": watching.prometheus,
        "alertmanager": watching.alertmanager,
    }
    write_targets(folder, {name: [url.removeprefix("http://")] for name, url in urls.items()})


def observability() -> Path:
    """The folder with rules and configuration, as they are shipped."""
    return repository_root() / "deploy" / "observability"


def _port(url: str) -> int:
    return int(url.rpartition(":")[2])
