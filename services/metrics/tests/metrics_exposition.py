"""Books with a collector on them, and the samples that a scrape would read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_cases import NOON, registry
from motcua_metrics.adapters.collector import FiguresCollector
from motcua_metrics.application.books import Books, Update
from motcua_metrics.application.residual import ResidualWatch
from prometheus_client import CollectorRegistry, generate_latest

if TYPE_CHECKING:
    from motcua_kernel.instant import Instant
    from motcua_platform.state_codec import PublishedState

Samples = dict[tuple[str, tuple[str, ...]], float]


@dataclass
class Bench:
    """Books and their exposition at a clock that the test sets."""

    now: Instant = NOON
    is_complete: bool = True
    residual: ResidualWatch = field(default_factory=ResidualWatch)

    def __post_init__(self) -> None:
        self.books = Books(lambda: self.now)
        self.books.advance(registry())
        self.prometheus = CollectorRegistry()
        self.prometheus.register(
            FiguresCollector(
                self.books,
                self.residual,
                shard=0,
                now=lambda: self.now,
                is_complete=lambda: self.is_complete,
                watermark=lambda: 1.5,
            )
        )

    def read(self, *states: PublishedState, live: bool = True) -> None:
        """Apply states one after the other."""
        self.books.apply([Update(state.dossier, state, live) for state in states])

    def exposition(self) -> str:
        return generate_latest(self.prometheus).decode()

    def samples(self) -> Samples:
        return {
            (sample.name, tuple(sample.labels.values())): sample.value
            for family in self.prometheus.collect()
            for sample in family.samples
        }

    def value(self, name: str, *labels: str) -> float | None:
        return self.samples().get((name, labels))
