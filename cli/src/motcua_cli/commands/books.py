"""Commands on the books of processing: adopt a topic created anew, rebuild from the log."""

import os
import subprocess
import sys
from typing import Annotated, Final

import typer
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.settings import PREFIX

from motcua_cli.commands.options import USUAL_KAFKA, Kafka
from motcua_cli.console import counting, reports_failures, say
from motcua_cli.errors import CommandError
from motcua_cli.local.services import environment
from motcua_cli.stack.processes import guarded

_KEPT: Final = ("DATABASE_SCHEMA", "PUBLICATION_LANES")
"""What the deployment has settled, and a tool must do alike."""

DatabaseUrl = Annotated[
    str,
    typer.Option(
        envvar="MOTCUA_DATABASE_URL",
        help="postgresql://user@host:port/database",
    ),
]


@reports_failures
def adopt(database_url: DatabaseUrl, kafka: Kafka = USUAL_KAFKA) -> None:
    """Nhận chủ đề sự kiện được tạo lại · Adopt an events topic that was created anew.

    Processing reads it again from its start, by the identity of the events.
    """
    partitions = _run("motcua_processing.adopt", database_url, kafka)
    say(f"Đã nhận {partitions} phân vùng.", f"{partitions} partitions adopted.")


@reports_failures
def rebuild(database_url: DatabaseUrl, kafka: Kafka = USUAL_KAFKA) -> None:
    """Dựng lại sổ và hình chiếu từ nhật ký · Rebuild journal and projections from the log."""
    with counting() as bars:
        bars.add_task("Dựng lại từ nhật ký · rebuilding from the log", total=None)
        report = _run("motcua_processing.rebuild", database_url, kafka)
    say("Đã dựng lại.", report)


def _run(module: str, database_url: str, kafka: KafkaConnection) -> str:
    """Run a module of processing as its own process, as the containers do; its last line.

    It ends with this command, also when that is killed.
    """
    settings = {
        name: os.environ[f"{PREFIX}{name}"] for name in _KEPT if f"{PREFIX}{name}" in os.environ
    }
    settings |= {"DATABASE_URL": database_url} | kafka.settings()
    done = subprocess.run(  # noqa: S603 - a module of ours
        guarded((sys.executable, "-m", module)),
        env=environment(settings),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandError(
            f"Không thực hiện được: {_last(done.stderr)}", f"It failed: {_last(done.stderr)}"
        )
    return _last(done.stdout)


def _last(text: str) -> str:
    return (text.strip().splitlines() or [""])[-1]
