"""The whole sample year through the spike alert: `python tests/ops/alert_year.py`, with progress.

Writes the table of hits and false alarms into `docs/alerts.md`, between its markers.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "services/processing/tests"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from alert_replay import ALERT, Fired, Stretch, evaluate, load
from motcua_cli.console import counting, plain
from motcua_cli.stack.observability_binaries import find_observability
from motcua_sample_dak_rlap.instants import midnight
from motcua_sample_dak_rlap.office_hours import LAST_DAY, WORKING_DAYS
from motcua_sample_dak_rlap.spikes import Spike, spiked_year

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "alerts.md"
BEGIN: Final = "<!-- replay: begin -->"
END: Final = "<!-- replay: end -->"
_LIES: Final = timedelta(days=14)
"""A page within a fortnight of the due day belongs to the spike: it lasts a working week."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A spike and the pages that belong to it."""

    spike: Spike
    pages: tuple[Fired, ...]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Every spike with its pages, and the pages that belong to none."""

    spikes: tuple[Verdict, ...]
    false_alarms: tuple[Fired, ...]

    def faults(self) -> list[str]:
        """Spikes that were not paged exactly once, and pages without a spike."""
        return [
            f"{one.spike.unit} {one.spike.department} {one.spike.due_day}: {len(one.pages)} pages"
            for one in self.spikes
            if len(one.pages) != 1
        ] + [
            f"{one.unit} {one.department} {local(one.episode.began)}: no spike"
            for one in self.false_alarms
        ]


def judge(spikes: Sequence[Spike], fired: Sequence[Fired]) -> Verdicts:
    """Which pages belong to which spike."""
    owned: set[Fired] = set()
    found: list[Verdict] = []
    for spike in spikes:
        pages = tuple(one for one in fired if _belongs(one, spike))
        owned.update(pages)
        found.append(Verdict(spike, pages))
    return Verdicts(tuple(found), tuple(one for one in fired if one not in owned))


def _belongs(one: Fired, spike: Spike) -> bool:
    begins = spike.begins // 1000
    return (one.unit, one.department) == (
        spike.unit,
        spike.department,
    ) and begins <= one.episode.began < begins + _LIES.total_seconds()


def local(seconds: int) -> datetime:
    """The local time of an instant in seconds."""
    return datetime.fromtimestamp(seconds, UTC) + timedelta(hours=7)


def table(verdicts: Verdicts, samples: int, loading: float, evaluating: float) -> str:
    """What the page says: totals, then a line for each spike."""
    days = (LAST_DAY - WORKING_DAYS[0]).days + 1
    hits = sum(len(one.pages) == 1 for one in verdicts.spikes)
    totals = (
        f"{len(verdicts.spikes)} spikes injected, {hits} paged exactly once, "
        f"{len(verdicts.false_alarms)} false alarms, over {days} days in steps of one minute. "
        f"{samples:,} samples, made and loaded in {loading:.0f} s; rules evaluated in "
        f"{evaluating:.0f} s."
    )
    heads = (
        "| due day | unit | department | pages | first page | until |",
        "|---|---|---|---:|---|---|",
    )
    return "\n".join((totals, "", *heads, *_rows(verdicts)))


def _rows(verdicts: Verdicts) -> Iterator[str]:
    for one in verdicts.spikes:
        spike, pages = one.spike, one.pages
        first = f"{local(pages[0].episode.began):%d/%m %H:%M}" if pages else "none"
        until = f"{local(pages[-1].episode.ended):%d/%m %H:%M}" if pages else ""
        place = f"{spike.unit} | {spike.department}"
        yield f"| {spike.due_day:%d/%m/%Y} | {place} | {len(pages)} | {first} | {until} |"
    for one in verdicts.false_alarms:
        began, ended = (local(at) for at in (one.episode.began, one.episode.ended))
        place = f"{one.unit} | {one.department}"
        yield f"| **false alarm** | {place} | 1 | {began:%d/%m %H:%M} | {ended:%d/%m %H:%M} |"


def main() -> int:
    """Replay, judge, and write the table; how many faults there are."""
    binaries = find_observability()
    year = spiked_year()
    stretch = Stretch(midnight(WORKING_DAYS[0]) // 1000, midnight(LAST_DAY) // 1000)
    with TemporaryDirectory(prefix="motcua-year-") as folder, counting() as bars:
        task = bars.add_task("Dựng chỉ số của năm · gauges of the year", total=None)

        def told(what: str, share: float) -> None:
            bars.update(task, description=f"{what} {share:.0%}")

        began = time.monotonic()
        samples = load(binaries, Path(folder), year.deliveries, stretch, told)
        loaded = time.monotonic()
        fired = evaluate(binaries, Path(folder), stretch, told)
        evaluated = time.monotonic()
    verdicts = judge(year.spikes, fired)
    text = table(verdicts, samples, loaded - began, evaluated - loaded)
    plain(text)
    write_table(text)
    for fault in verdicts.faults():
        plain(f"✗ {ALERT} {fault}")
    return len(verdicts.faults())


def write_table(text: str) -> None:
    """Put the table between the markers of the page."""
    page = PAGE.read_text("utf-8")
    marked = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    PAGE.write_text(marked.sub(lambda _: f"{BEGIN}\n{text}\n{END}", page, count=1), "utf-8")


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
