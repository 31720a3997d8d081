"""`python -m bench.scale`: a nation on paper, simulated from measured speeds.

Dossiers are dealt to partitions by the hash of their codes, partitions to processes; each second
brings events and lets each process work off what waits in its partitions, at the speed that
bench/results/latest.json has. Prints the table that docs/architecture/scale.md holds; `--write`
puts it there.
"""

from __future__ import annotations

import json
import random
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "architecture" / "scale.md"
BEGIN: Final = "<!-- refresh: python -m bench.scale --write -->\n"
END: Final = "<!-- end of refresh -->"

EVENTS_A_YEAR: Final = 700_000_000
PROVINCES: Final = 34
WORKING_SECONDS: Final = 250 * 8 * 3_600
"""A year of counters: 250 working days of eight hours."""
PEAK: Final = 3.0
"""The busiest hour, of the mean of the working hours."""
PARTITIONS: Final = 24
DOSSIERS: Final = 5_000
"""Active at a time and a province: how even the hash deals depends on how many there are."""
HOT_SHARE: Final = 0.2
"""Of all events, when one import tells dossiers of one partition only: the worst skew."""
SAFE: Final = 0.5
"""Of the measured speed: other machines, and questions asked meanwhile."""
LONGEST: Final = 24 * 3_600


@dataclass(frozen=True, slots=True)
class Case:
    """A load on one log."""

    name: str
    events_a_second: float
    processes: int
    away_seconds: int
    hot_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the load does."""

    busiest_partition: float
    """Its share, times the number of partitions: 1 is even."""
    utilisation: float
    """Of the busiest process."""
    most_waiting: int
    recovery_seconds: int | None
    """From the end of the outage until nothing waits; None: never."""


def measured(name: str) -> float:
    """A value of bench/results/latest.json."""
    rows = json.loads((ROOT / "bench/results/latest.json").read_text("utf-8"))
    return next(row["value"] for row in rows if row["name"] == name)


def simulate(case: Case, speed: float, seed: int = 2026) -> Outcome:
    """Second by second: the outage, then the way back, under the same load."""
    shares = _shares(case.hot_share, seed)
    owned = [shares[process :: case.processes] for process in range(case.processes)]
    waiting = [0.0] * case.processes
    most = 0.0
    arriving = [sum(own) * case.events_a_second for own in owned]
    for second in range(case.away_seconds + LONGEST):
        works = second >= case.away_seconds
        for process, events in enumerate(arriving):
            left = waiting[process] + events - (speed if works else 0)
            waiting[process] = max(0.0, left)
        if second == case.away_seconds - 1:
            most = sum(waiting)
        if works and not any(waiting):
            recovered = second - case.away_seconds + 1
            break
    else:
        recovered = None
    busiest = max(shares) * PARTITIONS
    return Outcome(busiest, max(arriving) / speed, round(most), recovered)


def _shares(hot: float, seed: int) -> list[float]:
    """The share of the events of each partition: dossiers with 1 to 22 events, hashed."""
    drawn = random.Random(seed)
    weights = [0.0] * PARTITIONS
    for _ in range(DOSSIERS):
        weights[drawn.randrange(PARTITIONS)] += drawn.randint(1, 22)
    total = sum(weights)
    even = [(1 - hot) * weight / total for weight in weights]
    even[0] += hot
    return even


def cases() -> list[Case]:
    """Provinces and nations, at rest and in trouble."""
    mean = EVENTS_A_YEAR / WORKING_SECONDS
    province, nation = PEAK * mean / PROVINCES, PEAK * mean
    return [
        Case("a province, busiest hour", province, 1, 300),
        Case("a province ten times as busy", 10 * province, 1, 300),
        Case("an import of history at 5,000/s", 5_000, 1, 300),
        Case("the same, a fifth into one partition", 5_000, 2, 300, HOT_SHARE),
        Case("the nation in one log, busiest hour", nation, 1, 300),
        Case("the nation ten times as busy", 10 * nation, 3, 300),
        Case("the nation away for 8 hours", nation, 2, 8 * 3_600),
        Case("more than a process can do", 15_000, 1, 300),
        Case("the same, four processes", 15_000, 4, 300),
    ]


def table() -> str:
    """The table in Markdown."""
    speed = SAFE * measured("live.events_per_s")
    lines = [
        (
            "| load | events/s | processes | busiest partition, of even | busiest process "
            "| away, s | waiting then | caught up after |"
        ),
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for case in cases():
        found = simulate(case, speed)
        back = "never" if found.recovery_seconds is None else f"{found.recovery_seconds:,} s"
        lines.append(
            f"| {case.name} | {case.events_a_second:,.1f} | {case.processes} "
            f"| {found.busiest_partition:.2f} | {found.utilisation:.1%} | {case.away_seconds:,} "
            f"| {found.most_waiting:,} | {back} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print the table, or put it into the page."""
    if "--write" in sys.argv:
        page = PAGE.read_text("utf-8")
        before, rest = page.split(BEGIN, 1)
        PAGE.write_text(before + BEGIN + table() + END + rest.split(END, 1)[1], "utf-8")
    print(table(), end="")


if __name__ == "__main__":
    main()
