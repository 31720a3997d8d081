"""Figures by commune: from the API's rows of departments, beside the gauges of each unit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from rich.table import Table

from motcua_cli.demo.figures import DepartmentFigures, Figures
from motcua_cli.demo.gauges import Gauges
from motcua_cli.vietnamese import whole


@dataclass(frozen=True)
class Counts:
    """Dossiers of a commune, or of several."""

    received: int = 0
    resolved: int = 0
    in_progress: int = 0
    overdue: int = field(default=0)
    """In progress and overdue (quá hạn)."""

    @classmethod
    def of_api(cls, figures: Figures) -> Self:
        """From an answer of the API."""
        in_progress = figures.in_progress
        return cls(figures.received, figures.resolved.total, in_progress.total, in_progress.overdue)

    @classmethod
    def of_gauges(cls, gauges: Gauges) -> Self:
        """From the gauges of a unit, of this year."""
        total = {
            kind: sum(count for name, count in gauges.items() if name.startswith(f"{kind}."))
            for kind in ("resolved", "in_progress")
        }
        return cls(
            gauges.get("received", 0),
            total["resolved"],
            total["in_progress"],
            gauges.get("in_progress.overdue", 0),
        )

    def __add__(self, other: Self) -> Self:
        return type(self)(
            self.received + other.received,
            self.resolved + other.resolved,
            self.in_progress + other.in_progress,
            self.overdue + other.overdue,
        )

    def __str__(self) -> str:
        counts = (self.received, self.resolved, self.in_progress, self.overdue)
        return " / ".join(whole(count) for count in counts)


ByUnit = Mapping[str, Counts]


def of_departments(rows: Iterable[DepartmentFigures]) -> ByUnit:
    """The figures of each unit, its departments together."""
    units: dict[str, Counts] = {}
    for row in rows:
        units[row.unit] = units.get(row.unit, Counts()) + Counts.of_api(row)
    return units


def of_gauges(gauges: Mapping[str, Gauges]) -> ByUnit:
    """The gauges of each unit that has any dossier."""
    counts = {unit: Counts.of_gauges(one) for unit, one in gauges.items()}
    return {unit: one for unit, one in counts.items() if one != Counts()}


def total_of(units: ByUnit) -> Counts:
    """All units together."""
    return sum(units.values(), Counts())


def communes_table(units: ByUnit, names: Mapping[str, str]) -> Table:
    """A line a commune, and the total."""
    table = Table()
    table.add_column("Mã\nid")
    table.add_column("Xã, thị trấn\ncommune")
    for title in (
        "Tiếp nhận\nreceived",
        "Đã giải quyết\nresolved",
        "Đang giải quyết\nin progress",
        "Trong đó quá hạn\nof them overdue",
    ):
        table.add_column(title, justify="right")
    for unit, counts in sorted(units.items()):
        table.add_row(unit, names.get(unit, ""), *_cells(counts))
    table.add_section()
    table.add_row("", "Tổng cộng / total", *_cells(total_of(units)), style="bold")
    return table


def _cells(counts: Counts) -> tuple[str, ...]:
    every = (counts.received, counts.resolved, counts.in_progress, counts.overdue)
    return tuple(whole(count) for count in every)
