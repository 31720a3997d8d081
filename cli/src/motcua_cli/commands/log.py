"""`motcua log backup|verify|restore`."""

import asyncio
import time
from pathlib import Path
from typing import Annotated

import typer

from motcua_cli.commands.options import USUAL_KAFKA, Kafka
from motcua_cli.console import counting, reports_failures, say
from motcua_cli.errors import CommandError
from motcua_cli.log_backup.copying import copy_log
from motcua_cli.log_backup.inventory import damaged, existing_inventory, read_inventory
from motcua_cli.log_backup.restoring import restore_log
from motcua_cli.topic_admin import topic_admin
from motcua_cli.vietnamese import whole

app = typer.Typer(
    no_args_is_help=True, help="Sao lưu nhật ký Kafka · Copies of the log, and the log of them"
)

Folder = Annotated[Path, typer.Argument(help="Thư mục bản sao lưu · folder of the copies")]


@app.command()
@reports_failures
def backup(folder: Folder, kafka: Kafka = USUAL_KAFKA) -> None:
    """Chép những bản ghi chưa có · Copy what the log got since the last time."""
    started = time.monotonic()
    before = read_inventory(folder)
    with topic_admin(kafka) as admin:
        cluster = admin.cluster()
    with counting() as bars:
        task = bars.add_task("Sao lưu nhật ký · copying the log", total=None)
        copied = asyncio.run(
            copy_log(kafka, folder, cluster, lambda number: bars.advance(task, number))
        )
    new = copied.records() - (before.records() if before else 0)
    seconds = time.monotonic() - started
    say(
        f"{whole(new)} bản ghi mới, tất cả {whole(copied.records())}, "
        f"{len(copied.topics)} chủ đề, {seconds:.1f} giây.",
        f"{new:,} new records, {copied.records():,} in all, {len(copied.topics)} topics, "
        f"{seconds:.1f} s.",
    )


@app.command()
@reports_failures
def verify(folder: Folder) -> None:
    """Đối chiếu các tệp với bảng kê · Hold the files against the inventory."""
    inventory = existing_inventory(folder)
    broken = damaged(folder, inventory)
    if broken:
        raise CommandError(
            f"{len(broken)} tệp hỏng hoặc thiếu.",
            f"{len(broken)} files are damaged or missing.",
            [(name, name) for name in broken],
        )
    say(f"{whole(inventory.records())} bản ghi, nguyên vẹn.", f"{inventory.records():,} intact.")


@app.command()
@reports_failures
def restore(
    folder: Folder,
    kafka: Kafka = USUAL_KAFKA,
    replication: Annotated[
        int, typer.Option(min=1, help="Số bản sao · replication factor of new topics")
    ] = 1,
) -> None:
    """Dựng lại nhật ký trong một Kafka trống · Make the log again in an empty Kafka.

    Afterwards: motcua rebuild. Nothing may write meanwhile.
    """
    started = time.monotonic()
    inventory = existing_inventory(folder)
    with topic_admin(kafka) as admin, counting(inventory.records()) as bars:
        task = bars.add_task("Phục hồi nhật ký · restoring the log", total=inventory.records())
        asyncio.run(
            restore_log(
                kafka,
                folder,
                inventory,
                admin,
                replication=replication,
                advanced=lambda number: bars.advance(task, number),
            )
        )
    seconds = time.monotonic() - started
    say(
        f"Đã phục hồi {whole(inventory.records())} bản ghi, {seconds:.1f} giây.",
        f"{inventory.records():,} records restored, {seconds:.1f} s.",
    )
