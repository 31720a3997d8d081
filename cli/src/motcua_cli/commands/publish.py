"""`motcua publish`."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer
from motcua_client import Progress, Spool
from rich.progress import Progress as Bars

from motcua_cli.console import counting, plain, reports_failures, say
from motcua_cli.errors import CommandError
from motcua_cli.processing_api import KEY_VARIABLE
from motcua_cli.publishing.deliveries import count_lines, read_deliveries
from motcua_cli.publishing.file_events import spool_file
from motcua_cli.publishing.intake_client import DEADLINE_SECONDS
from motcua_cli.publishing.keys import read_keys
from motcua_cli.publishing.publish import publish
from motcua_cli.publishing.spooled import drain, reason, told_in_both_languages
from motcua_cli.vietnamese import whole

_SHOWN = 20


@reports_failures
def publish_file(  # noqa: PLR0917 - the options of the command
    file: Annotated[
        Path | None, typer.Argument(help="Mỗi dòng một sự kiện JSON · JSON events, one a line")
    ] = None,
    url: Annotated[str, typer.Option(help="Dịch vụ tiếp nhận · intake")] = "http://127.0.0.1:8101",
    spool: Annotated[
        Path, typer.Option(help="Thư mục hàng đợi, mỗi hệ thống gửi một · folder of the spool")
    ] = Path("motcua-spool"),
    patience: Annotated[
        float, typer.Option(min=0.0, help="Giây chờ khi tiếp nhận vắng mặt · seconds to retry")
    ] = DEADLINE_SECONDS,
    try_again: Annotated[
        bool, typer.Option("--try-again", help="Gửi lại sự kiện bị để riêng · those set aside too")
    ] = False,
    keys: Annotated[
        Path | None,
        typer.Option(help="JSON: publisher → key; mỗi dòng có publisher, delivered_at, event"),
    ] = None,
) -> None:
    """Gửi sự kiện qua hàng đợi trên đĩa; khóa ở MOTCUA_KEY · Publish events; goes on if killed."""
    if keys is not None:
        _publish_deliveries(file, url, keys, patience)
        return
    with told_in_both_languages(url), Spool(spool) as opened:
        if try_again:
            opened.try_again()
        known = {one.event.place for one in opened.set_aside()}
        with counting() as bars:
            if file is not None:
                _read(opened, file, bars)
            progress = _send(opened, url, patience, bars)
        say(
            f"Đã tiếp nhận {whole(progress.accepted)} sự kiện, "
            f"{whole(progress.repeated)} đã có từ trước.",
            f"{progress.accepted:,} events accepted, {progress.repeated:,} repeated.",
        )
        _report_set_aside(opened, known)


def _read(spool: Spool, file: Path, bars: Bars) -> None:
    size = file.stat().st_size if file.is_file() else None
    task = bars.add_task("Ghi vào hàng đợi · spooling (bytes)", total=size)
    spool_file(spool, file, lambda count: bars.advance(task, count))


def _send(spool: Spool, url: str, patience: float, bars: Bars) -> Progress:
    waiting = spool.waiting()
    task = bars.add_task("Gửi sự kiện · publishing", total=waiting)

    def shown(progress: Progress) -> None:
        trouble = f" ({progress.trouble})" if progress.trouble else ""
        what = f"Gửi sự kiện · publishing{trouble}"
        bars.update(task, completed=progress.settled, description=what)

    if not waiting:
        return Progress()
    key = os.environ.get(KEY_VARIABLE, "")
    if not key:
        raise CommandError(f"Thiếu biến môi trường {KEY_VARIABLE}.", f"{KEY_VARIABLE} is not set.")
    return asyncio.run(drain(spool, url, key, patience, shown))


def _report_set_aside(spool: Spool, known: set[int]) -> None:
    aside = [one for one in spool.set_aside() if one.event.place not in known]
    for one in aside[:_SHOWN]:
        plain(reason(one))
    if aside:
        raise CommandError(
            f"{whole(len(aside))} sự kiện bị từ chối, để riêng trong {spool.path}.",
            f"{len(aside):,} events were rejected and are set aside, none is lost.",
        )


def _publish_deliveries(file: Path | None, url: str, keys: Path, patience: float) -> None:
    """What several publishers hand in, in the order of the file."""
    if file is None:
        raise CommandError("Thiếu tệp.", "A file is missing.")
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
