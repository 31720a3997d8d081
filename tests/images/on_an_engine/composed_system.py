"""docker-compose.yml on an engine: up under a name and on ports of its own, down without a rest."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Self

import httpx
import msgspec
from docker_engine import DockerEngine, EngineError
from motcua_cli.demo.figures import Figures, FiguresClient
from motcua_cli.demo.settling import Settled, settle
from motcua_cli.stack.paths import repository_root
from motcua_cli.stack.ports import free_ports

PUBLISHED: Final = ("KAFKA", "POSTGRES", "INTAKE", "PROCESSING", "METRICS", "PROMETHEUS")
SERVERS: Final = ("kafka", "postgres", "processing", "intake", "metrics")
_PROJECT: Final = "motcua-images-test"
_PLAY_SECONDS: Final = 360.0


class _State(msgspec.Struct, frozen=True, rename="pascal"):
    status: str
    exit_code: int
    health: dict[str, object] | None = None


class ComposedSystem:
    """The whole system of docker-compose.yml, with what stands for images that cannot be pulled."""

    def __init__(self, engine: DockerEngine, logs: Path) -> None:
        """Describe it; nothing runs before the `with` block."""
        self.engine = engine
        self._logs = logs
        names = [*PUBLISHED, "ALERTMANAGER", "GRAFANA"]
        self.ports = dict(zip(names, free_ports(len(names)), strict=True))
        self.http = httpx.Client(timeout=30.0, trust_env=False)

    def __enter__(self) -> Self:
        root = repository_root()
        subprocess.run(("sh", str(root / "deploy/compose/secrets.sh")), check=True)
        self.compose("down", "--volumes", "--timeout", "5")
        try:
            self.compose("up", "--detach", "--no-build", seconds=300.0)
        except EngineError:
            self._keep_logs()
            self.compose("down", "--volumes", "--timeout", "5")
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._keep_logs()
        self.http.close()
        self.compose("down", "--volumes", "--timeout", "20")

    def compose(self, *arguments: str, seconds: float = 120.0) -> str:
        """What `docker compose` prints."""
        root = repository_root()
        environment = [f"{name}_PORT={port}" for name, port in self.ports.items()]
        (self._logs / "ports.env").write_text("\n".join(environment) + "\n", "ascii")
        return self.engine.docker(
            *("compose", "--project-name", _PROJECT, "--env-file", str(self._logs / "ports.env")),
            *("--file", str(root / "docker-compose.yml")),
            *("--file", str(root / "tests/images/substitutes/compose.yml")),
            *arguments,
            seconds=seconds,
        )

    def container(self, service: str) -> str:
        """The id of a service's container, running or not."""
        return self.compose("ps", "--all", "--quiet", service).strip()

    def state(self, service: str) -> _State:
        """How a service's container is."""
        answer = self.engine.docker(
            "inspect", "--format", "{{json .State}}", self.container(service)
        )
        return msgspec.json.decode(answer, type=_State)

    def is_ready(self, service: str) -> bool:
        """Whether a service's container runs, and is healthy by its own check."""
        state = self.state(service)
        return state.status == "running" and (state.health or {}).get("Status") == "healthy"

    def url(self, service: str) -> str:
        """Where a service answers on this machine."""
        return f"http://127.0.0.1:{self.ports[service.upper()]}"

    def played(self) -> int:
        """The exit code of the sample's play, once it has ended."""
        wait_until(
            lambda: self.state("play").status == "exited", _PLAY_SECONDS, "play has not ended"
        )
        return self.state("play").exit_code

    def settled(self) -> Settled:
        """The figures of API and gauges through the published ports, once nothing moves."""
        client = FiguresClient(self.http, self.url("processing"))
        return settle(self.http, client, self.url("metrics"), lambda _: None)

    def figures(self) -> Figures:
        """The settled figures of the API, without the moment they were taken at."""
        return msgspec.structs.replace(self.settled().figures, as_of="")

    def kill(self, service: str) -> None:
        """SIGKILL to the first process in a container, from the machine: the container dies.

        The engine takes this for a crash and starts it anew by its policy, which it does not
        after its own `docker kill`.
        """
        pid = self.engine.docker("inspect", "--format", "{{.State.Pid}}", self.container(service))
        started = self._started(service)
        subprocess.run(("kill", "-KILL", pid.strip()), check=True)
        wait_until(lambda: self._started(service) != started, 60.0, f"{service} stays dead")

    def _started(self, service: str) -> str:
        container = self.container(service)
        return self.engine.docker("inspect", "--format", "{{.State.StartedAt}}", container)

    def _keep_logs(self) -> None:
        kept = repository_root() / "var" / "images" / "compose.log"
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(self.compose("logs", "--no-color", "--tail", "200"), "utf-8")


def wait_until(true: Callable[[], bool], seconds: float, otherwise: str) -> None:
    """Poll until something is so.

    Raises:
        AssertionError: it is not after so many seconds.
    """
    give_up = time.monotonic() + seconds
    while not true():
        if time.monotonic() > give_up:
            raise AssertionError(f"after {seconds:.0f} s: {otherwise}")
        time.sleep(0.5)
