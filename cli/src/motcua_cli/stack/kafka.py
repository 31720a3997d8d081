"""A real Apache Kafka broker (KRaft, one node) on loopback, its data in one folder.

Load-bearing: the data folder is locked by the broker process itself (`lock`), and what the
broker acknowledged is in the folder, so `kill` followed by `start` loses nothing.
"""

import os
import signal
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from motcua_platform.errors import Misconfigured
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.settings import read_kafka

from motcua_cli.stack import kafka_config
from motcua_cli.stack.errors import StackError
from motcua_cli.stack.java import find_java
from motcua_cli.stack.kafka_jars import kafka_jars
from motcua_cli.stack.kafka_ready import broker_answers
from motcua_cli.stack.lock import FolderLock
from motcua_cli.stack.paths import deploy_local
from motcua_cli.stack.ports import LOOPBACK, free_ports, require_free
from motcua_cli.stack.processes import end, kill, spawn
from motcua_cli.stack.progress import Progress, silent
from motcua_cli.stack.waiting import wait_until_ready

BOOTSTRAP_VARIABLE = "MOTCUA_KAFKA_BOOTSTRAP"
_START_SECONDS = 60.0
_STOP_SECONDS = 20.0
_LOCK_PATIENCE_SECONDS = 10.0


def kafka_from_environment() -> KafkaConnection | None:
    """How an existing Kafka is reached, where `MOTCUA_KAFKA_BOOTSTRAP` names one.

    Raises:
        StackError: the `MOTCUA_KAFKA_` variables do not fit together.
    """
    named = os.environ.get(BOOTSTRAP_VARIABLE)
    if not named:
        return None
    try:
        return read_kafka(named)
    except Misconfigured as error:
        raise StackError(str(error)) from error


class KafkaServer:
    """One broker; `bootstrap` stays the same through `stop`, `kill` and `start`."""

    def __init__(
        self,
        folder: Path,
        *,
        log: Path | None = None,
        port: int | None = None,
        controller_port: int | None = None,
        heap_mb: int = 512,
        progress: Progress = silent,
    ) -> None:
        """Describe a broker; nothing runs before `start`.

        Args:
            folder: its data, made where missing.
            log: its log file; `<folder>/kafka.log` where None.
            port: for clients; a free one where None.
            controller_port: for the broker's own controller; a free one where None.
            heap_mb: the most memory of its Java heap, in MiB.
            progress: told about downloads.
        """
        free = free_ports(2)
        self._folder = folder.resolve()
        self._log = (log or folder / "kafka.log").resolve()
        self._port = port or free[0]
        self._controller_port = controller_port or free[1]
        self._heap_mb = heap_mb
        self._progress = progress
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        """What clients connect to: host and port."""
        return f"{LOOPBACK}:{self._port}"

    @property
    def pid(self) -> int | None:
        """The broker's process; None while it does not run."""
        running = self._child is not None and self._child.poll() is None
        return self._child.pid if self._child is not None and running else None

    @property
    def cluster_id(self) -> str | None:
        """The id that the data folder keeps from its first start on."""
        return kafka_config.cluster_id(self._folder)

    def start(self, *, deadline: float = _START_SECONDS) -> None:
        """Start the broker and wait until it answers; no effect on a running one.

        Raises:
            StackError: no Java, no jars, a folder or port in use, or no answer within `deadline`
                seconds.
        """
        if self.pid is not None:
            return
        java = find_java()
        class_path = os.pathsep.join(str(jar) for jar in kafka_jars(self._progress))
        with FolderLock(self._folder, patience=_LOCK_PATIENCE_SECONDS) as lock:
            require_free(self._port)
            require_free(self._controller_port)
            properties = kafka_config.write_properties(
                self._folder, port=self._port, controller_port=self._controller_port
            )
            kafka_config.format_log(
                self._folder, java=java, class_path=class_path, properties=properties
            )
            self._child = spawn(
                self._argv(java, class_path, properties),
                log=self._log,
                cwd=self._folder,
                on_parent_death=signal.SIGTERM,
                inherit=(lock.descriptor,),
            )
        self._wait(self._child, deadline)

    def stop(self, *, deadline: float = _STOP_SECONDS) -> None:
        """Shut the broker down in order; kill it where `deadline` seconds do not suffice."""
        if self._child is not None:
            end(self._child, signal.SIGTERM, deadline=deadline)

    def kill(self) -> None:
        """End the broker at once (SIGKILL)."""
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

    def _argv(self, java: Path, class_path: str, properties: Path) -> list[str]:
        return [
            str(java),
            f"-Xmx{self._heap_mb}m",
            "-XX:+UseSerialGC",  # fewest threads, and as quick a start as G1 on two cores
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.awt.headless=true",
            "-Djava.net.preferIPv4Stack=true",
            f"-Dlog4j2.configurationFile={deploy_local() / 'log4j2.xml'}",
            *("-cp", class_path, "kafka.Kafka", str(properties)),
        ]

    def _wait(self, child: subprocess.Popen[bytes], deadline: float) -> None:
        try:
            wait_until_ready(
                "Kafka",
                lambda: broker_answers(self._port),
                child=child,
                deadline=deadline,
                log=self._log,
            )
        except BaseException:
            kill(child)
            raise
