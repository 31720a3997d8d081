"""`motcua registry apply|diff|check`."""

import asyncio
from collections.abc import Iterable, Sequence

import typer
from motcua_platform.kafka_connection import KafkaConnection

from motcua_cli.commands.options import USUAL_KAFKA, Kafka, RegistryPaths
from motcua_cli.console import counting, plain, reports_failures, say
from motcua_cli.registry.apply import pending_changes
from motcua_cli.registry.difference import Change
from motcua_cli.registry.faults import refuse
from motcua_cli.registry.files import Sourced, read_registry, scan_registry
from motcua_cli.registry.log import write_entries
from motcua_cli.registry.references import reference_faults
from motcua_cli.vietnamese import whole

app = typer.Typer(
    no_args_is_help=True,
    help="Danh mục: đơn vị, thủ tục, lịch, nguồn gửi · Registry: units, procedures, calendars",
)


@app.command()
@reports_failures
def apply(paths: RegistryPaths, kafka: Kafka = USUAL_KAFKA) -> None:
    """Ghi những mục khác với hiện tại · Write the entries that differ."""
    entries = read_registry(paths)
    found = asyncio.run(pending_changes(kafka, entries))
    if found:
        _write(kafka, [change.new for change in found])
    _list(found)
    say(
        f"Đã ghi {whole(len(found))} trên {whole(len(entries))} mục.",
        f"{len(found):,} of {len(entries):,} entries written.",
    )


@app.command()
@reports_failures
def diff(paths: RegistryPaths, kafka: Kafka = USUAL_KAFKA) -> None:
    """Liệt kê những mục sẽ được ghi · List what apply would write."""
    found = asyncio.run(pending_changes(kafka, read_registry(paths)))
    _list(found)
    say(f"{whole(len(found))} mục khác.", f"{len(found):,} entries differ.")


@app.command()
@reports_failures
def check(paths: RegistryPaths) -> None:
    """Kiểm tra tệp, không cần Kafka · Check the files by themselves, and name every fault."""
    reading = scan_registry(paths)
    entries = reading.entries
    refuse([*reading.faults, *reference_faults(entries)])
    say(f"{whole(len(entries))} mục hợp lệ.", f"{len(entries):,} entries are valid.")


def _write(kafka: KafkaConnection, entries: Sequence[Sourced]) -> None:
    with counting(len(entries)) as bars:
        task = bars.add_task("Ghi danh mục · writing", total=len(entries))
        asyncio.run(write_entries(kafka, entries, lambda _: bars.advance(task)))


def _list(found: Iterable[Change]) -> None:
    for change in found:
        sign = "+" if change.old is None else "~"
        members = ", ".join(change.members())
        plain(f"{sign} {change.new.key}  {members}".rstrip())
