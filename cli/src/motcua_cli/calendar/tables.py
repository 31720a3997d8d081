"""The tables of a preview and of a restatement, in the official words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from motcua.registry.v1 import registry_pb2 as pb
from rich.table import Table

from motcua_cli.calendar.effects import Effect, EffectRow, Restatement, Verdicts
from motcua_cli.vietnamese import whole

_COUNTS: Final = (
    "Hồ sơ đi qua\ncrossing",
    "Hạn trả thay đổi\ndue date moves",
    "Rút quá hạn\noverdue withdrawn",
    "Thành quá hạn\nnow overdue",
)
_VERDICTS: Final = (
    ("Đã giải quyết trước hạn", "resolved early", "resolved_early"),
    ("Đã giải quyết đúng hạn", "resolved on time", "resolved_on_time"),
    ("Đã giải quyết quá hạn", "resolved overdue", "resolved_overdue"),
    ("Đã giải quyết, không có hạn", "resolved, no deadline", "resolved_no_deadline"),
    ("Đang giải quyết, quá hạn", "in progress, overdue", "open_overdue"),
    ("Đang giải quyết, còn lại", "in progress, others", "open_other"),
    ("Rút, dừng, không tiếp nhận", "closed", "closed"),
)


class Names:
    """The names of units and departments, by the newest entries of the registry."""

    def __init__(self, entries: Iterable[pb.RegistryEntry]) -> None:
        units = [entry.unit for entry in entries if entry.HasField("unit")]
        self._units: Mapping[str, str] = {unit.id: unit.name for unit in units}
        self._departments: Mapping[tuple[str, str], str] = {
            (unit.id, one.id): one.name for unit in units for one in unit.departments
        }

    def unit(self, unit: str) -> str:
        """A unit's name, or its id where the registry has none."""
        return self._units.get(unit, unit)

    def department(self, unit: str, department: str) -> str:
        """A department's name in its unit; a dash where events named none."""
        return self._departments.get((unit, department), department) or "–"


def by_weight(rows: Iterable[EffectRow]) -> list[EffectRow]:
    """Rows by how many verdicts change in them, then by how many due dates move."""
    return sorted(
        rows, key=lambda row: (-row.withdrawn - row.appeared, -row.moved, row.unit, row.department)
    )


def effects_table(
    rows: Sequence[EffectRow], total: Effect, names: Names, most: int | None = None
) -> Table:
    """A line for each commune and department, at most `most` of them, and the total."""
    table = Table()
    table.add_column("Đơn vị\nunit")
    table.add_column("Bộ phận\ndepartment")
    for title in _COUNTS:
        table.add_column(title, justify="right")
    for row in rows[:most]:
        unit, department = names.unit(row.unit), names.department(row.unit, row.department)
        table.add_row(unit, department, *_counts(row))
    if most is not None and len(rows) > most:
        table.add_row("…", f"{whole(len(rows) - most)} dòng nữa / more lines")
    table.add_section()
    table.add_row("Tổng cộng / total", "", *_counts(total), style="bold")
    return table


def restatement_table(restatement: Restatement) -> Table:
    """The figures before and after, of the dossiers that the change may reach."""
    entries = f"{restatement.first_offset}–{restatement.last_offset}"
    title = f"Điều chỉnh số liệu, mục {entries} của danh mục / restatement by entries {entries}"
    table = Table(title=title, title_justify="left")
    table.add_column("Hồ sơ\ndossiers")
    for title in ("Trước\nbefore", "Sau\nafter", "Chênh lệch\ndifference"):
        table.add_column(title, justify="right")
    for vietnamese, english, name in _VERDICTS:
        before, after = _count(restatement.before, name), _count(restatement.after, name)
        if before or after:
            row = (whole(before), whole(after), _signed(after - before))
            table.add_row(f"{vietnamese} / {english}", *row)
    return table


def _counts(effect: Effect) -> tuple[str, ...]:
    counts = (effect.crossing, effect.moved, effect.withdrawn, effect.appeared)
    return tuple(whole(count) for count in counts)


def _count(verdicts: Verdicts, name: str) -> int:
    return getattr(verdicts, name)


def _signed(difference: int) -> str:
    return "0" if not difference else f"{'+' if difference > 0 else '−'}{whole(abs(difference))}"
