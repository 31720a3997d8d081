"""Puts the parts of metrics together; the only place that knows all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from motcua_contracts.topics import DOSSIER_STATES, topics
from motcua_platform.consumer_metrics import ConsumerMetrics
from motcua_platform.domain_clock import DomainClock, RealClock, real_now
from motcua_platform.kafka import make_broker
from motcua_platform.registry_feed import RegistryFeed
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector

from motcua_metrics.adapters.feed_metrics import FeedMetrics
from motcua_metrics.adapters.figures_page import FiguresPage
from motcua_metrics.adapters.grafana_keeper import GrafanaKeeper
from motcua_metrics.adapters.states_feed import StatesFeed, partitions_of_shard
from motcua_metrics.application.books import Books
from motcua_metrics.application.residual import ResidualWatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from faststream.kafka import KafkaBroker
    from motcua_kernel.registry import Entry, Registry
    from motcua_platform.exposition import Figures

    from motcua_metrics.settings import MetricsSettings


@dataclass(frozen=True, slots=True)
class Metrics:
    """The parts of a running service."""

    settings: MetricsSettings
    broker: KafkaBroker
    registry: RegistryFeed
    states: StatesFeed
    books: Books
    residual: ResidualWatch
    prometheus: CollectorRegistry
    consumer_metrics: ConsumerMetrics
    figures: Figures
    """Renders the figures of a scrape."""
    grafana: GrafanaKeeper | None
    """None where Grafana is not to be kept in step."""

    def readiness(self) -> dict[str, bool]:
        """Ready when both topics have been read to their ends as of the start."""
        return {"registry": self.registry.is_complete, "states": self.states.is_complete}


def build(settings: MetricsSettings, real_clock: RealClock = real_now) -> Metrics:
    """All parts, wired; nothing runs yet."""
    broker = make_broker(settings.kafka, f"motcua-metrics-{settings.shard_ordinal}")

    async def on_entries(following: Registry, _: Sequence[tuple[int, Entry]]) -> None:
        books.advance(following)

    feed = RegistryFeed(
        broker, refuse_mapping=settings.environment == "production", on_entries=on_entries
    )
    clock = DomainClock(lambda: books.registry, real_clock)
    books = Books(clock.now)
    partitions = partitions_of_shard(
        settings.shard_ordinal, settings.shard_count, topics()[DOSSIER_STATES].partitions
    )
    prometheus = CollectorRegistry()
    consumer_metrics = ConsumerMetrics(prometheus, real_clock)
    feed_metrics = FeedMetrics(prometheus, clock)
    states = StatesFeed(broker, books, partitions, consumer_metrics, feed_metrics)
    residual = ResidualWatch()
    figures = FiguresPage(
        books,
        residual,
        settings,
        now=clock.now,
        is_complete=lambda: feed.is_complete and states.is_complete,
        watermark=lambda: states.watermark,
    )
    ProcessCollector(registry=prometheus)
    PlatformCollector(registry=prometheus)
    GCCollector(registry=prometheus)
    return Metrics(
        settings,
        broker,
        feed,
        states,
        books,
        residual,
        prometheus,
        consumer_metrics,
        feed_metrics.timed(figures.render),
        GrafanaKeeper(settings, feed.current, clock.now, prometheus)
        if settings.keeps_grafana
        else None,
    )
