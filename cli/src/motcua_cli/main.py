"""The `motcua` command: this module only wires the subcommands together."""

import sys

import structlog
import typer

from motcua_cli.commands import (
    calendar,
    clock,
    grafana,
    keys,
    log,
    observability,
    quarantine,
    registry,
    sample,
    topics,
)
from motcua_cli.commands.books import adopt, rebuild
from motcua_cli.commands.conformance import conformance
from motcua_cli.commands.demo import demo
from motcua_cli.commands.explain import explain
from motcua_cli.commands.import_table import import_table
from motcua_cli.commands.publish import publish_file
from motcua_cli.commands.up import up

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Motcua: theo dõi từng hồ sơ một cửa · watches every dossier of the one-stop counters",
)
topics.app.command()(adopt)
app.add_typer(topics.app, name="topics")
app.add_typer(log.app, name="log")
app.add_typer(registry.app, name="registry")
app.add_typer(keys.app, name="keys")
app.add_typer(sample.app, name="sample")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(calendar.app, name="calendar")
app.add_typer(clock.app, name="clock")
app.add_typer(grafana.app, name="grafana")
app.add_typer(observability.app, name="observability")
app.command(name="explain")(explain)
app.command(name="publish")(publish_file)
app.command(name="conformance")(conformance)
app.command(name="import")(import_table)
app.command(name="rebuild")(rebuild)
app.command(name="up")(up)
app.command(name="demo")(demo)


@app.callback()
def configure() -> None:
    """Keep standard output for results: logs go to whatever standard error is at the time."""
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))
