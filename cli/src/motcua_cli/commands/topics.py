"""`motcua topics apply|list|ingress`."""

from typing import Annotated, Final

import typer
from motcua_contracts.topics import ingress_of, topics
from rich.table import Table

from motcua_cli.commands.options import USUAL_KAFKA, Kafka
from motcua_cli.console import out, reports_failures, say
from motcua_cli.errors import CommandError
from motcua_cli.topic_admin import topic_admin
from motcua_cli.topic_plan import Action, Step, plan

app = typer.Typer(no_args_is_help=True, help="Chủ đề Kafka · Kafka topics")

_DONE: Final = {
    Action.CREATE: ("đã tạo", "created"),
    Action.CONFIGURE: ("đã chỉnh cấu hình", "configured"),
    Action.KEEP: ("không đổi", "unchanged"),
    Action.REFUSE: ("sai số phân vùng", "other partition count"),
}
_FOUND: Final = _DONE | {
    Action.CREATE: ("chưa có", "missing"),
    Action.CONFIGURE: ("khác cấu hình", "other configuration"),
    Action.KEEP: ("đúng", "as declared"),
}


@app.command()
@reports_failures
def apply(
    kafka: Kafka = USUAL_KAFKA,
    replication: Annotated[
        int, typer.Option(min=1, help="Số bản sao · replication factor of new topics")
    ] = 1,
) -> None:
    """Tạo các chủ đề còn thiếu và chỉnh cấu hình · Create missing topics, set what differs."""
    with topic_admin(kafka) as admin:
        steps = admin.apply(topics().values(), replication=replication)
    for step in steps:
        vietnamese, english = _DONE[step.action]
        say(f"{step.topic.name}: {vietnamese}{_details(step)}", english)


@app.command("list")
@reports_failures
def list_topics(kafka: Kafka = USUAL_KAFKA) -> None:
    """So sánh chủ đề khai báo với cụm Kafka · Compare the declared topics with the cluster."""
    declared = topics()
    with topic_admin(kafka) as admin:
        steps = plan(declared.values(), admin.existing(declared))
    table = Table("Chủ đề / topic", "Phân vùng / partitions", "Khóa / key", "Tình trạng / status")
    for step in steps:
        there = "–" if step.existing is None else str(step.existing.partitions)
        found = f"{' / '.join(_FOUND[step.action])}{_details(step)}"
        table.add_row(step.topic.name, f"{there} / {step.topic.partitions}", step.topic.key, found)
    out.print(table)


@app.command()
@reports_failures
def ingress(
    publisher: Annotated[str, typer.Argument(help="Mã hệ thống gửi · publisher")],
    partitions: Annotated[int, typer.Option(min=1, help="Số phân vùng · partitions")] = 1,
    principal: Annotated[
        str, typer.Option(help="Chủ thể Kafka được ghi, ví dụ User:xa-24733 · who may write")
    ] = "",
    kafka: Kafka = USUAL_KAFKA,
    replication: Annotated[int, typer.Option(min=1, help="Số bản sao · replication factor")] = 1,
) -> None:
    """Tạo chủ đề riêng cho một hệ thống gửi · A topic of its own for a publisher."""
    try:
        topic = ingress_of(publisher, partitions)
    except ValueError as error:
        raise CommandError(
            f"{publisher} không dùng được làm tên chủ đề.", f"{publisher} names no topic."
        ) from error
    with topic_admin(kafka) as admin:
        (step,) = admin.apply([topic], replication=replication)
        if principal:
            admin.let_write(topic.name, principal)
    vietnamese, english = _DONE[step.action]
    say(f"{topic.name}: {vietnamese}{_details(step)}", english)


def _details(step: Step) -> str:
    differing = (f"{name}: {has} → {wanted}" for name, has, wanted in step.differing)
    listed = "; ".join(differing)
    return f" ({listed})" if listed else ""
