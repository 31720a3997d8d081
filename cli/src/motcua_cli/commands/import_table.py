"""`motcua import`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from motcua_cli.console import counting, plain, reports_failures, say
from motcua_cli.errors import CommandError
from motcua_cli.importing.mapping import mapping_file
from motcua_cli.importing.sending import Line, own_publisher, sending
from motcua_cli.processing_api import client_of
from motcua_cli.vietnamese import whole

_SECONDS = 600.0
_SHOWN = 20


@reports_failures
def import_table(  # noqa: PLR0917 - the options of the command
    file: Annotated[Path, typer.Argument(help="Tệp CSV hoặc XLSX · a CSV or XLSX file")],
    url: Annotated[str, typer.Option(help="Dịch vụ tiếp nhận · intake")] = "http://127.0.0.1:8101",
    mapping: Annotated[
        str, typer.Option(help="Tên cấu hình nhập đã lưu · name of a saved mapping")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Chỉ kiểm tra, không ghi · judge only")
    ] = False,
    backfill: Annotated[
        bool, typer.Option("--backfill", help="Dữ liệu cũ, không thông báo · history, no notices")
    ] = False,
    from_row: Annotated[int, typer.Option(min=1, help="Bắt đầu từ dòng · row to begin at")] = 1,
    save_mapping: Annotated[
        str, typer.Option(help="In cấu hình nhập mang tên này · print a mapping of this name")
    ] = "",
) -> None:
    """Nhập bảng hồ sơ xuất từ phần mềm một cửa · Import an exported table of dossiers."""
    query = {
        "mapping": mapping,
        "dry_run": str(dry_run).lower(),
        "backfill": str(backfill).lower(),
        "from_row": str(from_row),
        "answers": "faults",
    }
    with client_of(url, _SECONDS) as http:
        if save_mapping:
            query["dry_run"] = "true"
            with sending(http, url, file, query) as lines:
                table = next(lines)
            plain(mapping_file(own_publisher(http, url), save_mapping, table).rstrip())
            return
        with sending(http, url, file, query) as lines, counting() as bars:
            task = bars.add_task("Nhập bảng · importing", total=None)
            faults, last = _follow(lines, lambda rows: bars.update(task, completed=rows))
    _report(faults, last, dry_run=dry_run)


def _follow(lines: Iterator[Line], advanced: Callable[[int], None]) -> tuple[list[Line], Line]:
    faults: list[Line] = []
    last: Line = {}
    for line in lines:
        last = line
        if line["kind"] == "row":
            faults.append(line)
        elif "totals" in line:
            advanced(line["totals"]["rows"])
    return faults, last


def _report(faults: list[Line], last: Line, *, dry_run: bool) -> None:
    for row in faults[:_SHOWN]:
        for fault in row["faults"]:
            column = fault.get("column") or fault["field"]
            plain(f"dòng {row['row']} {row.get('dossier', '')} {column}: {fault['expected']}")
    if len(faults) > _SHOWN:
        rest = whole(len(faults) - _SHOWN)
        say(f"… và {rest} dòng khác có lỗi.", f"and {rest} more rows with faults.")
    totals = last.get("totals", {})
    if totals:
        _totals(totals, dry_run=dry_run)
    if last.get("kind") != "summary":
        row = last.get("next_row", 1)
        title = last.get("problem", {}).get("title", "")
        raise CommandError(
            f"Dừng ở dòng {row}: {title}. Gửi lại cùng tệp, hoặc thêm --from-row {row}.",
            f"Stopped at row {row}; send the same file again, or add --from-row {row}.",
        )
    if faults:
        raise typer.Exit(1)


def _totals(totals: dict[str, int], *, dry_run: bool) -> None:
    rows, bad = whole(totals["rows"]), whole(totals["rows_rejected"])
    accepted, repeated = whole(totals["events_accepted"]), whole(totals["events_repeated"])
    verb, said = ("Sẽ nhận", "Would accept") if dry_run else ("Đã nhận", "Accepted")
    say(
        f"{verb} {accepted} sự kiện từ {rows} dòng; {repeated} đã có từ trước; {bad} dòng có lỗi.",
        f"{said} {accepted} events of {rows} rows; {repeated} known; {bad} rows with faults.",
    )
