"""`motcua grafana sync`: Grafana's folders, dashboards, teams and permissions as the registry."""

import asyncio
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer
from motcua_grafana.adapters.address import Address
from motcua_grafana.connect import Library, connect
from motcua_grafana.domain.actions import Action
from motcua_grafana.domain.states import Wanted
from motcua_grafana.domain.wanted import wanted_of
from motcua_grafana.port import GrafanaError, GrafanaPort
from motcua_grafana.synchronise import Outcome, Progress, planned, synchronise
from motcua_grafana.template_files import NoTemplate, read_templates
from motcua_kernel.instant import day_number
from motcua_platform.domain_clock import DomainClock
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.registry_reader import read_registry

from motcua_cli.commands.options import USUAL_KAFKA, Kafka
from motcua_cli.console import counting, out, reports_failures, say
from motcua_cli.errors import CommandError
from motcua_cli.grafana.tables import table_of_changes, table_of_failures
from motcua_cli.grafana.token import read_token
from motcua_cli.registry.log import latest_entries
from motcua_cli.stack.paths import repository_root
from motcua_cli.vietnamese import whole

app = typer.Typer(no_args_is_help=True, help="Grafana theo danh mục · Grafana as the registry")

DIFFERS: Final = 3
"""The exit code of a dry run that found something to do."""

_PAUSE_SECONDS: Final = 2.0


@app.command()
@reports_failures
def sync(
    *,
    url: Annotated[str, typer.Option(envvar="MOTCUA_GRAFANA_URL", help="Địa chỉ · Grafana's URL")],
    dashboards: Annotated[
        Path | None,
        typer.Option(
            envvar="MOTCUA_GRAFANA_DASHBOARDS", help="Thư mục mẫu · folder of the templates"
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Chỉ liệt kê · only list what would be done")
    ] = False,
    library: Annotated[
        Library, typer.Option(help="Thư viện Python dùng để gọi · which library speaks")
    ] = Library.GRAFANA_API,
    ca_file: Annotated[
        str, typer.Option(envvar="MOTCUA_GRAFANA_CA", help="Chứng thư gốc · CA certificates")
    ] = "",
    kafka: Kafka = USUAL_KAFKA,
) -> None:
    """Đưa thư mục, bảng, nhóm, quyền về đúng danh mục · Bring Grafana in step with the registry.

    The token of a service account with the role Admin is read from MOTCUA_GRAFANA_TOKEN, or from
    the file that MOTCUA_GRAFANA_TOKEN_FILE names. Exit code 0: in step; 1: something failed;
    3: a dry run found something to do.
    """
    grafana = connect(_address(url, ca_file), library)
    wanted = _wanted(kafka, dashboards)
    try:
        if dry_run:
            _tell_plan(_planned(grafana, wanted))
        else:
            _tell_outcome(_synchronised(grafana, wanted), wanted)
    except GrafanaError as error:
        raise _stopped(error) from error


def _address(url: str, ca_file: str) -> Address:
    try:
        return Address(url, read_token(), ca_file)
    except ValueError as error:
        raise CommandError(
            "Địa chỉ Grafana phải có dạng http(s)://máy[:cổng][/đường-dẫn], không kèm người dùng.",
            f"{error}.",
        ) from error


def _wanted(kafka: KafkaConnection, dashboards: Path | None) -> Wanted:
    folder = dashboards or repository_root() / "deploy/observability/dashboards/generated"
    try:
        templates = read_templates(folder)
    except NoTemplate as error:
        raise CommandError(f"Không dùng được mẫu bảng: {error}.", f"{error}.") from error
    asyncio.run(latest_entries(kafka))  # says what is wrong with Kafka or the topic
    registry = asyncio.run(read_registry(kafka))
    today = date.fromordinal(day_number(DomainClock(lambda: registry).now()))
    wanted = wanted_of(registry, today, templates)
    if not wanted.places:
        raise CommandError(
            "Danh mục chưa có đơn vị nào; không thay đổi gì ở Grafana.",
            "The registry has no unit that stands; nothing was changed in Grafana.",
        )
    return wanted


class _Bars(Progress):
    """Two bars, one for looking and one for acting."""

    def __init__(self) -> None:
        self.bars = counting(0)
        self._look = self.bars.add_task("Đọc Grafana · looking", total=None)
        self._act = self.bars.add_task("Thay đổi · changing", total=None, visible=False)

    def looked(self, done: int, total: int) -> None:
        self.bars.update(self._look, completed=done, total=total)

    def acted(self, done: int, total: int) -> None:
        self.bars.update(self._act, completed=done, total=total, visible=True)


def _planned(grafana: GrafanaPort, wanted: Wanted) -> Sequence[Action]:
    progress = _Bars()
    with progress.bars:
        return planned(grafana, wanted, progress)


def _synchronised(grafana: GrafanaPort, wanted: Wanted) -> Outcome:
    progress = _Bars()
    with progress.bars:
        return synchronise(
            grafana, wanted, progress, lambda number: time.sleep(number * _PAUSE_SECONDS)
        )


def _tell_plan(actions: Sequence[Action]) -> None:
    if not actions:
        say("Grafana đã đúng như danh mục.", "Grafana is as the registry says.")
        return
    out.print(table_of_changes(actions))
    say(f"{whole(len(actions))} việc phải làm.", f"{len(actions):,} things to do.")
    raise typer.Exit(DIFFERS)


def _tell_outcome(outcome: Outcome, wanted: Wanted) -> None:
    if outcome.done:
        out.print(table_of_changes(outcome.done))
    if outcome.left:
        out.print(table_of_failures(outcome.left))
    if outcome.stopped is not None:
        raise _stopped(outcome.stopped)
    if outcome.left:
        raise CommandError(
            f"{whole(len(outcome.left))} việc chưa làm được.",
            f"{len(outcome.left):,} things could not be done.",
        )
    say(
        f"Đã làm {whole(len(outcome.done))} việc; {whole(len(wanted.places))} đơn vị, phòng đúng "
        "như danh mục.",
        f"{len(outcome.done):,} things done; {len(wanted.places):,} units and departments in step.",
    )


def _stopped(error: GrafanaError) -> CommandError:
    return CommandError(
        f"Grafana không thực hiện được yêu cầu ({error}); chạy lại thì làm tiếp.",
        f"Grafana could not do what was asked ({error}); running again goes on from here.",
    )
