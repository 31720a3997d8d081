"""`motcua calendar preview|apply`: a change of the registry before and after it is in force."""

from typing import Annotated, Final

import typer

from motcua_cli.calendar.applying import apply_change
from motcua_cli.calendar.proposal import Proposal, propose
from motcua_cli.calendar.recalculation import Recalculation
from motcua_cli.calendar.telling import say_preview, say_proposal, say_restatements
from motcua_cli.commands.options import USUAL_KAFKA, Kafka, RegistryPaths
from motcua_cli.console import reports_failures, say
from motcua_cli.processing_api import ProcessingApi, client_of

_REQUEST_SECONDS: Final = 120.0
_DEFAULT_PROCESSING: Final = "http://127.0.0.1:8102"

app = typer.Typer(
    no_args_is_help=True,
    help="Thay đổi lịch, thủ tục, quy tắc: xem trước, áp dụng · Changes: preview, apply",
)

ProcessingUrl = Annotated[str, typer.Option(help="Dịch vụ xử lý · processing")]
MostRows = Annotated[
    int | None, typer.Option(min=1, help="Số dòng nhiều nhất · at most so many lines")
]


@app.command()
@reports_failures
def preview(
    paths: RegistryPaths,
    url: ProcessingUrl = _DEFAULT_PROCESSING,
    kafka: Kafka = USUAL_KAFKA,
    rows: MostRows = None,
) -> None:
    """Xem trước, không thay đổi gì · Show what would change, and change nothing."""
    with client_of(url, _REQUEST_SECONDS) as http:
        _preview(propose(paths, kafka), Recalculation(ProcessingApi(http, url)), rows)


@app.command()
@reports_failures
def apply(
    paths: RegistryPaths,
    url: ProcessingUrl = _DEFAULT_PROCESSING,
    kafka: Kafka = USUAL_KAFKA,
    rows: MostRows = None,
    yes: Annotated[bool, typer.Option("--yes", help="Không hỏi lại · do not ask")] = False,
) -> None:
    """Xem trước, ghi, tính lại, điều chỉnh số liệu · Preview, write, recalculate, restate."""
    with client_of(url, _REQUEST_SECONDS) as http:
        recalculation = Recalculation(ProcessingApi(http, url))
        proposal = propose(paths, kafka)
        _preview(proposal, recalculation, rows)
        if not proposal.changes:
            return
        if not yes:
            typer.confirm("Áp dụng? · Apply?", abort=True)
        say_restatements(apply_change(kafka, proposal.entries, recalculation))
        say("Đã áp dụng.", "Applied.")


def _preview(proposal: Proposal, recalculation: Recalculation, rows: int | None) -> None:
    say_proposal(proposal)
    if proposal.changes:
        entries = [one.entry for one in proposal.entries]
        say_preview(recalculation.preview(entries), proposal.names, rows)
