"""`motcua sample registry|play`: the sample district in a system that is already up."""

import asyncio
import time
from pathlib import Path
from typing import Annotated

import typer
from motcua_sample_dak_rlap.publishers import PUBLISHERS

from motcua_cli.commands.options import (
    DEFAULT_PROCESSING_URL,
    USUAL_KAFKA,
    Kafka,
    ProcessingUrl,
)
from motcua_cli.console import out, reports_failures, say
from motcua_cli.demo.figures import FiguresClient
from motcua_cli.demo.outcome import Outcome, say_outcome
from motcua_cli.demo.playing import publish_all, settle_all
from motcua_cli.demo.run import sample_year
from motcua_cli.demo.sample import sample_entries
from motcua_cli.demo.table import departments_table
from motcua_cli.local.addresses import Addresses
from motcua_cli.processing_api import client_of
from motcua_cli.publishing.keys import ensure_keys, read_keys
from motcua_cli.registry.apply import apply_entries
from motcua_cli.vietnamese import whole

app = typer.Typer(
    no_args_is_help=True,
    help="Huyện mẫu trong hệ thống đang chạy · The sample district in a system that is up",
)

KeysFile = Annotated[Path, typer.Option(help="Tệp khóa của các nguồn gửi · the publishers' keys")]
IntakeUrl = Annotated[
    str, typer.Option(envvar="MOTCUA_INTAKE_URL", help="Dịch vụ tiếp nhận · intake's URL")
]
MetricsUrl = Annotated[
    str, typer.Option(envvar="MOTCUA_METRICS_URL", help="Dịch vụ chỉ số · metrics' URL")
]
Seed = Annotated[int, typer.Option(help="Hạt giống của năm mẫu · seed")]


@app.command()
@reports_failures
def registry(keys: KeysFile, kafka: Kafka = USUAL_KAFKA) -> None:
    """Ghi danh mục của huyện, dừng đồng hồ · The district's registry; time stands still.

    Keys are made where the file has none. What the log has already is not written again.
    """
    known = ensure_keys(keys, (publisher.id for publisher in PUBLISHERS))
    written = len(asyncio.run(apply_entries(kafka, sample_entries(known))))
    say(f"Đã ghi {whole(written)} mục.", f"{written:,} entries written.")


@app.command()
@reports_failures
def play(
    *,
    keys: KeysFile,
    intake: IntakeUrl = "http://127.0.0.1:8101",
    processing: ProcessingUrl = DEFAULT_PROCESSING_URL,
    metrics: MetricsUrl = "http://127.0.0.1:8103",
    seed: Seed = 2020,
    rounds: Annotated[
        int, typer.Option(min=1, help="Số lần gửi; lặp lại không đổi số liệu · times handed in")
    ] = 1,
) -> None:
    """Gửi cả năm của huyện và đối chiếu · Hand in the year; 0 where the figures agree."""
    began = time.monotonic()
    addresses = Addresses(intake=intake, processing=processing, metrics=metrics)
    deliveries = sample_year(seed, altered=False)
    known = read_keys(keys)
    for _ in range(rounds):
        publish_all(deliveries, addresses, known)
    with client_of(processing, 30.0) as http:
        client = FiguresClient(http, processing)
        settled = settle_all(http, client, addresses)
        outcome = Outcome(settled, rounds * len(deliveries), time.monotonic() - began)
        out.print(departments_table(client.departments(), outcome.figures))
    say_outcome(outcome)
    say(
        f"{whole(outcome.events)} sự kiện, {outcome.seconds:.0f} giây.",
        f"{outcome.events:,} deliveries, {outcome.seconds:.0f} s.",
    )
    if outcome.faults():
        raise typer.Exit(1)
