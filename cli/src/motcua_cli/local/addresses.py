"""Where the services answer: the usual ports, or free ones where those are taken."""

import socket
from dataclasses import dataclass
from typing import Final

HOST: Final = "127.0.0.1"
USUAL_PORTS: Final = {"processing": 8102, "intake": 8101, "metrics": 8103}
"""In the order of start."""
USUAL_KAFKA_PORT: Final = 9092
"""Where the commands look for Kafka unless told otherwise."""


@dataclass(frozen=True)
class Addresses:
    """The base URL of each service."""

    intake: str
    processing: str
    metrics: str

    def port(self, service: str) -> int:
        """The port of a service by its name."""
        return int(self.of(service).rpartition(":")[2])

    def of(self, service: str) -> str:
        """The base URL of a service by its name."""
        return {
            "intake": self.intake,
            "processing": self.processing,
            "metrics": self.metrics,
        }[service]


def choose_addresses() -> Addresses:
    """The usual port of each service where it is free now, otherwise any free one."""
    urls = {name: f"http://{HOST}:{free_or(usual)}" for name, usual in USUAL_PORTS.items()}
    return Addresses(**urls)


def free_or(usual: int) -> int:
    """A port that is free now: the usual one, otherwise any."""
    for port in (usual, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise AssertionError("the system has no free port")
