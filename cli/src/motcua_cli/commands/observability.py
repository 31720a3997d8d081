"""`motcua observability alertmanager`."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from motcua_kernel.instant import local_date
from motcua_kernel.registry import Registry
from motcua_platform.domain_clock import real_now
from motcua_platform.registry_codec import entry_from_proto

from motcua_cli.alerting.alertmanager import alertmanager_configuration
from motcua_cli.alerting.receivers import Receivers, read_receivers
from motcua_cli.commands.options import RegistryPaths
from motcua_cli.console import plain, reports_failures, say
from motcua_cli.registry.files import read_registry

app = typer.Typer(no_args_is_help=True, help="Giám sát, cảnh báo · Observability, alerts")


@app.callback()
def observability() -> None:
    """Giám sát, cảnh báo · Observability, alerts."""


@app.command()
@reports_failures
def alertmanager(
    paths: RegistryPaths,
    receivers: Annotated[
        Path | None, typer.Option(help="Tệp nơi nhận · file of receivers; none: by name only")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Tệp để ghi · file to write; else shown")] = None,
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Ngày · the day it is for; else today"),
    ] = None,
) -> None:
    """Cấu hình Alertmanager theo đơn vị và lịch · Alertmanager's configuration for the units."""
    whom = read_receivers(receivers) if receivers else Receivers()
    text = alertmanager_configuration(registry_of(paths), whom, on.date() if on else _today())
    if out is None:
        plain(text.rstrip("\n"))
        return
    out.write_text(text, "utf-8")
    say(f"Đã ghi {out}.", f"{out} written.")


def registry_of(paths: list[Path]) -> Registry:
    """The registry that files of entries make, in their order."""
    entries = [entry_from_proto(one.entry) for one in read_registry(paths)]
    return Registry().with_entries(enumerate(entries))


def _today() -> date:
    return local_date(real_now())
