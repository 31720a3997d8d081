"""`motcua clock freeze|run|show`: domain time of a stack that is no production."""

import asyncio
from typing import Annotated

import typer
from motcua_kernel.instant import format_local
from motcua_platform.domain_clock import real_now
from motcua_platform.kafka_connection import KafkaConnection

from motcua_cli import clock_entries
from motcua_cli.commands.options import USUAL_KAFKA, Kafka
from motcua_cli.console import reports_failures, say
from motcua_cli.registry.apply import apply_entries
from motcua_cli.registry.files import Sourced
from motcua_cli.registry.log import latest_entries

app = typer.Typer(no_args_is_help=True, help="Thời gian nghiệp vụ · Domain time")


@app.command()
@reports_failures
def freeze(
    time: Annotated[str, typer.Argument(help="Ví dụ / like 2020-10-30T17:00:00+07:00")],
    kafka: Kafka = USUAL_KAFKA,
) -> None:
    """Dừng đồng hồ tại một thời điểm · Freeze the clock."""
    _write(kafka, clock_entries.frozen(clock_entries.moment(time)))
    show(kafka)


@app.command()
@reports_failures
def run(
    begin: Annotated[
        str | None, typer.Option("--from", help="Bắt đầu từ · starts at (else: where it is)")
    ] = None,
    rate: Annotated[float, typer.Option(min=0.0, help="Tốc độ · rate, 1 is real time")] = 1.0,
    kafka: Kafka = USUAL_KAFKA,
) -> None:
    """Cho đồng hồ chạy · Let the clock run."""
    real = real_now()
    if begin is None:
        domain = clock_entries.domain_now(asyncio.run(latest_entries(kafka)), real)
    else:
        domain = clock_entries.moment(begin)
    _write(kafka, clock_entries.running(real, domain, rate))
    show(kafka)


@app.command()
@reports_failures
def show(kafka: Kafka = USUAL_KAFKA) -> None:
    """Xem giờ nghiệp vụ · Show domain time."""
    latest = asyncio.run(latest_entries(kafka))
    now = format_local(clock_entries.domain_now(latest, real_now()))
    if clock_entries.CLOCK_KEY not in latest:
        say(f"{now}: giờ thực", "real time")
        return
    rate = latest[clock_entries.CLOCK_KEY].clock_mapping.rate
    if rate == 0:
        say(f"{now}: đã dừng", "frozen")
    else:
        say(f"{now}: chạy với tốc độ {rate:g}", f"running at rate {rate:g}")


def _write(kafka: KafkaConnection, entry: Sourced) -> None:
    asyncio.run(apply_entries(kafka, [entry]))
