"""Books with a collector on them, and the samples that a scrape would read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_cases import NOON, registry
from motcua_metrics.adapters.figures_page import FiguresPage
from motcua_metrics.application.books import Books, Update
from motcua_metrics.application.residual import ResidualWatch
from motcua_metrics.settings import MetricsSettings
from prometheus_client.parser import text_string_to_metric_families

if TYPE_CHECKING:
    from motcua_kernel.instant import Instant
    from motcua_platform.state_codec import PublishedState
    from prometheus_client.core import Metric as Family

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
        self.page = FiguresPage(
            self.books,
            self.residual,
            MetricsSettings(kafka_bootstrap="127.0.0.1:1"),
            now=lambda: self.now,
            is_complete=lambda: self.is_complete,
            watermark=lambda: 1.5,
        )

    def read(self, *states: PublishedState, live: bool = True) -> None:
        """Apply states one after the other."""
        self.books.apply([Update(state.dossier, state, live) for state in states])

    def exposition(self) -> str:
        return self.page.render(is_open_metrics=False).decode()

    def families(self) -> list[Family]:
        return list(text_string_to_metric_families(self.exposition()))

    def samples(self) -> Samples:
        return {
            (sample.name, tuple(sample.labels.values())): sample.value
            for family in self.families()
            for sample in family.samples
        }

    def value(self, name: str, *labels: str) -> float | None:
        return self.samples().get((name, labels))
