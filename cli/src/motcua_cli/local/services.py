"""The three services as children: what each is told, and nothing else.

A service refuses `MOTCUA_` names that are not its own, so each child gets exactly its settings.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.settings import PREFIX

from motcua_cli.local.addresses import Addresses
from motcua_cli.stack import Program

_HOST: Final = "127.0.0.1"


@dataclass(frozen=True)
class Servers:
    """The Kafka and the PostgreSQL that the services use."""

    kafka: KafkaConnection
    database_url: str


def environment(
    own: Mapping[str, str], inherited: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The inherited environment without any `MOTCUA_` name, and `own` with the prefix put on."""
    given = os.environ if inherited is None else inherited
    kept = {name: value for name, value in given.items() if not name.startswith(PREFIX)}
    return kept | {f"{PREFIX}{name}": value for name, value in own.items()}


def settings_of(service: str, servers: Servers, addresses: Addresses) -> dict[str, str]:
    """The settings of `intake`, `processing` or `metrics`, without the prefix."""
    common = {
        "ENVIRONMENT": "development",
        "ACCESS": "open",
        **servers.kafka.settings(),
        "HTTP_HOST": _HOST,
        "HTTP_PORT": str(addresses.port(service)),
    }
    match service:
        case "processing":
            return common | {"DATABASE_URL": servers.database_url}
        case "metrics" | "intake":
            return common | {"PROCESSING_URL": addresses.processing}
        case _:
            return common


def program(service: str, servers: Servers, addresses: Addresses) -> Program:
    """A service as the supervisor runs it: the process that the container runs too."""
    return Program(
        name=service,
        argv=(sys.executable, "-m", f"motcua_{service}"),
        env=environment(settings_of(service, servers, addresses)),
    )
