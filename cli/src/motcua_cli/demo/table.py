"""The table by commune and department, in the official words."""

from collections.abc import Iterable
from typing import Final

from rich.table import Table

from motcua_cli.demo.figures import DepartmentFigures, Figures
from motcua_cli.vietnamese import percent, whole

_COLUMNS: Final = (
    "Tiếp nhận\nreceived",
    "Trước hạn\nearly",
    "Đúng hạn\non time",
    "Quá hạn\noverdue",
    "Trong hạn\nwithin",
    "Sắp đến hạn\ndue soon",
    "Quá hạn\noverdue",
    "Tạm dừng\npaused",
    "Không hạn\nno deadline",
    "Tỷ lệ đúng hạn\non-time rate",
)


def departments_table(rows: Iterable[DepartmentFigures], total: Figures) -> Table:
    """Resolved dossiers stand left of those in progress; the last line is the district's."""
    table = Table(title="Đã giải quyết (resolved) | Đang giải quyết (in progress)")
    table.add_column("Đơn vị\nunit")
    table.add_column("Bộ phận\ndepartment")
    for title in _COLUMNS:
        table.add_column(title, justify="right")
    last_unit = ""
    for row in rows:
        unit = row.unit_name or row.unit
        shown = "" if unit == last_unit else unit
        table.add_row(shown, row.department_name or row.department or "–", *_cells(row))
        last_unit = unit
    table.add_section()
    table.add_row("Toàn huyện / district", "", *_cells(total), style="bold")
    return table


def _cells(figures: Figures) -> tuple[str, ...]:
    resolved, in_progress = figures.resolved, figures.in_progress
    counts = (
        figures.received,
        resolved.early,
        resolved.on_time,
        resolved.overdue,
        in_progress.within,
        in_progress.due_soon,
        in_progress.overdue,
        in_progress.paused,
        in_progress.no_deadline,
    )
    return (*(whole(count) for count in counts), percent(figures.on_time_percent))
