"""How a metric is declared: its name, its labels and its meaning, in one place a service.

Each service declares its metrics as a tuple of these values; what it serves is made from them, and
so is the page `docs/metrics.md`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

Family: TypeAlias = GaugeMetricFamily | CounterMetricFamily

DURATIONS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds, in seconds, of how long a piece of work took."""
SIZES: Final = (1.0, 10.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 2500.0, 5000.0, 10000.0)
"""Upper bounds of how many records were taken at once."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label: its name, and either its fixed values or where they come from."""

    name: str
    values: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric; `always` marks those served before the figures are complete.

    `buckets` are the upper bounds of a histogram.
    """

    name: str
    kind: Literal["gauge", "counter", "histogram"]
    help: str
    labels: tuple[Label, ...] = ()
    always: bool = False
    buckets: tuple[float, ...] = ()

    @property
    def label_names(self) -> list[str]:
        """The names of the labels, in their order."""
        return [label.name for label in self.labels]

    def family(self) -> Family:
        """An empty family to add samples to."""
        make = CounterMetricFamily if self.kind == "counter" else GaugeMetricFamily
        return make(self.name, self.help, labels=self.label_names)

    def gauge(self, registry: CollectorRegistry) -> Gauge:
        """A gauge that is set where things happen."""
        return Gauge(self.name, self.help, self.label_names, registry=registry)

    def counter(self, registry: CollectorRegistry) -> Counter:
        """A counter that is raised where things happen."""
        return Counter(self.name, self.help, self.label_names, registry=registry)

    def histogram(self, registry: CollectorRegistry) -> Histogram:
        """A histogram that observes where things happen."""
        return Histogram(
            self.name, self.help, self.label_names, buckets=self.buckets, registry=registry
        )


def declared(names: dict[str, object]) -> tuple[Metric, ...]:
    """The metrics among the names of a module, in their order."""
    return tuple(value for value in names.values() if isinstance(value, Metric))


def table(metrics: Iterable[Metric]) -> str:
    """Metrics as a Markdown table."""
    rows = ["| metric | type | labels | meaning |", "|---|---|---|---|"]
    for metric in metrics:
        labels = "; ".join(_described(label) for label in metric.labels)
        mark = " *" if metric.always else ""
        rows.append(f"| `{metric.name}`{mark} | {metric.kind} | {labels} | {metric.help} |")
    return "\n".join(rows) + "\n"


def _described(label: Label) -> str:
    return f"{label.name} = {', '.join(label.values)}" if label.values else label.name
