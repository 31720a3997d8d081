"""`motcua publish`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from motcua_cli.console import counting, reports_failures, say
from motcua_cli.publishing.deliveries import count_lines, read_deliveries
from motcua_cli.publishing.intake_client import DEADLINE_SECONDS
from motcua_cli.publishing.keys import read_keys
from motcua_cli.publishing.publish import publish
from motcua_cli.vietnamese import whole


@reports_failures
def publish_file(
    file: Annotated[Path, typer.Argument(help="JSON lines: publisher, delivered_at, event")],
    keys: Annotated[Path, typer.Option(help="JSON: publisher → key")],
    url: Annotated[str, typer.Option(help="Dịch vụ tiếp nhận · intake")] = "http://127.0.0.1:8101",
    patience: Annotated[
        float, typer.Option(min=0.0, help="Giây chờ khi tiếp nhận vắng mặt · seconds to retry")
    ] = DEADLINE_SECONDS,
) -> None:
    """Gửi sự kiện đến dịch vụ tiếp nhận theo thứ tự · Publish deliveries to intake in order."""
    known = read_keys(keys)
    total = count_lines(file)
    with counting(total) as bars:
        task = bars.add_task("Gửi sự kiện · publishing", total=total)
        answer = asyncio.run(
            publish(
                read_deliveries(file),
                url=url,
                keys=known,
                advanced=lambda count: bars.advance(task, count),
                deadline=patience,
            )
        )
    say(
        f"Đã tiếp nhận {whole(answer.accepted)} sự kiện, {whole(answer.repeated)} đã có từ trước.",
        f"{answer.accepted:,} events accepted, {answer.repeated:,} repeated.",
    )
