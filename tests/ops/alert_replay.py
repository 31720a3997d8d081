"""The overdue spike alert over a stretch of the sample year, on a real Prometheus.

The gauges become blocks, the shipped rules are asked at every minute, and what they answer lives
under `for` and `keep_firing_for`. Rules that are sparse and used often are recorded first, by the
same questions; the others are put in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alert_states import Episode, episodes, seconds
from motcua_cli.local.observability import observability
from motcua_cli.stack.observability_binaries import ObservabilityBinaries
from motcua_kernel.instant import Instant
from motcua_sample_dak_rlap import Delivery
from prometheus_over_blocks import Labels, Points, prometheus_over
from rules_inlined import RuleBook
from sample_blocks import BlockWriter
from sample_registry import sample_registry
from year_of_gauges import STEP, GaugeYear

ALERT: Final = "MotcuaOverdueSpike"
MINUTE: Final = 60
FAMILIES: Final[Mapping[str, tuple[str, ...]]] = {
    "motcua_dossiers_in_progress": (),
    "motcua_metrics_ready": (),
    "motcua_metrics_shard_count": (),
    "motcua_overdue_within_days": (),
    "motcua_state_watermark_timestamp_seconds": (),
    "motcua_working_time": (),
}
"""What the rules of the alert rest on, whole families."""
_BEGINNING: Final = "department:motcua_overdue_spike:beginning"
_LASTING: Final = "department:motcua_overdue_spike:lasting"
_RECORDED: Final = (
    ("department:motcua_newly_overdue:last15m", MINUTE),
    ("department:motcua_newly_overdue:baseline", 15 * MINUTE),
    ("department:motcua_newly_overdue:wilson_lower", MINUTE),
)
"""In the order in which they rest on each other, with the interval of their group."""
_EXPRESSION: Final = (
    f"{_BEGINNING} or {_LASTING} and on (unit, department) "
    f'last_over_time(ALERTS{{alertname="{ALERT}", alertstate="firing"}}[20m])'
)
_FIRED_WITHIN: Final = 20 * MINUTE

Told = Callable[[str, float], None]
"""Hears what is being done, and which share of it."""


@dataclass(frozen=True, slots=True)
class Fired:
    """An alert of a department that fired."""

    unit: str
    department: str
    episode: Episode


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the year: the first and the last second."""

    first: int
    last: int

    def minutes(self) -> range:
        """Every minute of it."""
        return range(self.first, self.last + 1, MINUTE)


def load(  # noqa: PLR0917 - what, where, which stretch of which families
    binaries: ObservabilityBinaries,
    folder: Path,
    deliveries: Sequence[Delivery],
    stretch: Stretch,
    told: Told,
    kept: Mapping[str, tuple[str, ...]] = FAMILIES,
) -> int:
    """Write the gauges of a stretch as blocks into `<folder>/data`; how many samples."""
    year = GaugeYear(sample_registry(), kept)
    first, last = Instant(stretch.first * 1000), Instant(stretch.last * 1000)
    (folder / "data").mkdir(parents=True, exist_ok=True)
    with BlockWriter(binaries, folder / "data") as writer:
        for scrape in year.scrapes(deliveries, first, last):
            for family, lines in scrape.families.items():
                writer.add(family, scrape.at // 1000, lines)
            if not (scrape.at - first) % (360 * STEP):
                told("gauges", (scrape.at - first) / max(1, last - first))
    return writer.samples


def evaluate(
    binaries: ObservabilityBinaries, folder: Path, stretch: Stretch, told: Told
) -> list[Fired]:
    """When the alert fired in a stretch that is loaded, for whom."""
    rules = RuleBook(observability() / "rules", [name for name, _ in _RECORDED])
    (alert,) = rules.alerts(ALERT)
    if " ".join(alert.expression.split()) != _EXPRESSION:
        raise AssertionError(f"{ALERT} asks otherwise than this replay does: {alert.expression}")
    for number, (name, interval) in enumerate(_RECORDED):
        told("rules", number / (len(_RECORDED) + 2))
        _record(
            binaries,
            folder,
            name=name,
            question=rules.question(name),
            stretch=stretch,
            interval=interval,
        )
    with prometheus_over(binaries, folder) as blocks:
        seen: dict[str, dict[Labels, set[int]]] = {}
        for number, name in enumerate((_BEGINNING, _LASTING)):
            told("rules", (number + len(_RECORDED)) / (len(_RECORDED) + 2))
            answers = blocks.over(rules.question(name), stretch.first, stretch.last, MINUTE)
            seen[name] = _moments(point for answer in answers for point in _flat(answer))
    told("rules", 1.0)
    found: list[Fired] = []
    for labels, begins in seen[_BEGINNING].items():
        lasts = seen[_LASTING].get(labels, set[int]())
        place = dict(labels)
        found += [
            Fired(place["unit"], place["department"], one)
            for one in episodes(
                stretch.minutes(),
                begins,
                lasts,
                fired_within=_FIRED_WITHIN,
                waits=seconds(alert.waits),
                stays=seconds(alert.stays),
            )
        ]
    return sorted(found, key=lambda one: one.episode.began)


def _record(
    binaries: ObservabilityBinaries,
    folder: Path,
    *,
    name: str,
    question: str,
    stretch: Stretch,
    interval: int,
) -> None:
    """Ask what a rule would have recorded, and write it down beside the gauges."""
    with (
        prometheus_over(binaries, folder) as blocks,
        BlockWriter(binaries, folder / "data") as writer,
    ):
        for answer in blocks.over(question, stretch.first, stretch.last, interval):
            for labels, at, value in sorted(_flat(answer), key=lambda point: point[1]):
                pairs = ",".join(f'{label}="{told}"' for label, told in sorted(labels))
                writer.add(name, at, (f"{name}{{{pairs}}} {value}",))


def _flat(answer: Iterable[Points]) -> Iterator[tuple[Labels, int, str]]:
    """The points of an answer, without the name that a recorded rule bears."""
    for series in answer:
        labels = frozenset(pair for pair in series.labels if pair[0] != "__name__")
        for at, value in series.values:
            yield labels, int(at), value


def _moments(points: Iterable[tuple[Labels, int, str]]) -> dict[Labels, set[int]]:
    found: dict[Labels, set[int]] = {}
    for labels, at, _ in points:
        found.setdefault(labels, set()).add(at)
    return found
