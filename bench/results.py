"""Rows of results: printed as they come, and kept in bench/results/latest.json."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

LATEST = Path(__file__).parent / "results" / "latest.json"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure; `ratio` is value / baseline, `target` what the design asks of the value."""

    name: str
    value: float
    unit: str
    target: float
    baseline: float
    ratio: float

    @classmethod
    def of(cls, name: str, value: float, unit: str, *, target: float, baseline: float) -> Row:
        """A row with its ratio worked out."""
        return cls(
            name, round(value, 2), unit, target, round(baseline, 2), round(value / baseline, 3)
        )

    def line(self) -> str:
        """The row as a person reads it."""
        return (
            f"{self.name:<26} {self.value:>12,.1f} {self.unit:<9}"
            f" target {self.target:>10,.0f}   baseline {self.baseline:>12,.1f}"
            f"   ratio {self.ratio:.2f}"
        )


def write(rows: list[Row]) -> None:
    """Put these rows in the place of those with the same names."""
    kept: list[dict[str, object]] = []
    if LATEST.exists():
        names = {row.name for row in rows}
        kept = [row for row in json.loads(LATEST.read_text("utf-8")) if row["name"] not in names]
    LATEST.write_text(json.dumps([*kept, *map(asdict, rows)], indent=2) + "\n", "utf-8")
