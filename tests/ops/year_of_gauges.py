"""The gauges of a stretch of the sample year, taken by the code of metrics moment after moment.

Every delivery is folded when it arrives and written into the books of metrics; at each step of
four minutes the families are those that a scrape would have served. Where no event has arrived, no
working time is on and no day has begun, no figure can have moved: the lines are repeated. When a
publisher last spoke is told by the code of processing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from motcua_contracts.topics import DOSSIER_EVENTS
from motcua_kernel import events as k
from motcua_kernel.derive import derive
from motcua_kernel.fold import fold
from motcua_kernel.instant import MINUTE, Instant, day_number
from motcua_kernel.parties import Publisher
from motcua_kernel.registry import Registry
from motcua_kernel.snapshot import Snapshot
from motcua_metrics.adapters.figures_page import FiguresPage
from motcua_metrics.adapters.lines import Lines
from motcua_metrics.application.books import Books, Update
from motcua_metrics.application.residual import ResidualWatch
from motcua_metrics.settings import MetricsSettings
from motcua_platform.state_codec import state_from_value, state_to_value
from motcua_processing.application.apply_batch import Applied, Batch
from motcua_processing.domain.identity import Entry, Place
from motcua_processing.entrypoints.metrics import PUBLISHER_LAST_EVENT, ProcessingMetrics
from motcua_sample_dak_rlap import Delivery
from motcua_sample_dak_rlap.publishers import PUBLISHERS
from msgspec.structs import replace
from prometheus_client import CollectorRegistry
from sample_registry import event_of

STEP: Final = 4 * MINUTE
"""Less than the five minutes that Prometheus looks back."""


@dataclass(frozen=True, slots=True)
class Scrape:
    """What one scrape shows: by family the lines, without a time."""

    at: Instant
    families: dict[str, list[str]]


class GaugeYear:
    """Books that are fed with deliveries in their order, and scraped in between."""

    def __init__(self, registry: Registry, kept: Mapping[str, tuple[str, ...]]) -> None:
        """Scrape these families; where texts are given, only lines with one of them."""
        self._registry = registry
        self._kept = kept
        self._now = Instant(0)
        self._books = Books(lambda: self._now)
        self._books.advance(registry)
        self._told: dict[str, dict[k.Identity, k.Event]] = {}
        settings = MetricsSettings(kafka_bootstrap="nowhere:0", environment="development")
        self._page = FiguresPage(
            self._books,
            ResidualWatch(),
            settings,
            now=lambda: self._now,
            is_complete=lambda: True,
            watermark=lambda: self._now / 1000,
        )
        self._heard = _Heard(registry)

    def scrapes(
        self, deliveries: Sequence[Delivery], first: Instant, last: Instant
    ) -> Iterator[Scrape]:
        """One scrape each `STEP` from `first` to `last`; what arrived before is in them."""
        waiting = iter(deliveries)
        coming = next(waiting, None)
        scrape: Scrape | None = None
        for moment in range(first, last + 1, STEP):
            moved = scrape is None or day_number(Instant(moment)) != day_number(self._now)
            while coming is not None and coming.delivered_at <= moment:
                self._tell(coming)
                coming, moved = next(waiting, None), True
            was_working = self._is_working()
            self._now = Instant(moment)
            if moved or scrape is None or was_working or self._is_working():
                scrape = Scrape(self._now, self._families())
            yield Scrape(self._now, scrape.families)

    def _is_working(self) -> bool:
        if not self._now:
            return False
        calendars = (self._registry.calendar(unit) for unit in self._registry.units)
        return any(one is not None and one.is_working(self._now) for one in calendars)

    def _tell(self, delivery: Delivery) -> None:
        self._now = Instant(delivery.delivered_at)
        event = replace(event_of(delivery), recorded_at=self._now)
        self._heard.tell(event)
        told = self._told.setdefault(event.dossier, {})
        if event.identity in told:
            return
        told[event.identity] = event
        state = fold(event.dossier, told.values(), self._registry)
        value = state_to_value(Snapshot(state, derive(state, self._registry)))
        self._books.apply([Update(event.dossier, state_from_value(value))])

    def _families(self) -> dict[str, list[str]]:
        scraped = {
            family.metric.name: [line.rstrip("\n") for line in self._of(family)]
            for family in self._page.families()
            if family.metric.name in self._kept
        }
        if PUBLISHER_LAST_EVENT.name in self._kept:
            scraped[PUBLISHER_LAST_EVENT.name] = self._heard.lines()
        return scraped

    def _of(self, family: Lines) -> Iterator[str]:
        texts = self._kept[family.metric.name]
        return (line for line in family.written if not texts or any(text in line for text in texts))


class _Heard:
    """When each publisher of the sample last spoke, kept by processing's own metrics."""

    def __init__(self, registry: Registry) -> None:
        publishers = [Publisher(one.id, one.name, one.units) for one in PUBLISHERS]
        known = registry.with_entries(enumerate(publishers, registry.offset + 1))
        self._collectors = CollectorRegistry()
        self._metrics = ProcessingMetrics(self._collectors, lambda: known, lambda: 0)
        self._told = 0

    def tell(self, event: k.Event) -> None:
        """The log has an event more."""
        place = Place(event.recorded_at, DOSSIER_EVENTS, 0, self._told)
        self._told += 1
        after = {(place.topic, place.partition): self._told}
        batch = Batch([Entry(event, b"", b"", place, b"")], [], after)
        self._metrics.applied(batch, Applied(1, 0, 0, 1), 0.0)

    def lines(self) -> list[str]:
        """The lines of the family."""
        return [
            f'{sample.name}{{publisher="{sample.labels["publisher"]}"}} {sample.value}'
            for family in self._collectors.collect()
            if family.name == PUBLISHER_LAST_EVENT.name
            for sample in family.samples
        ]
