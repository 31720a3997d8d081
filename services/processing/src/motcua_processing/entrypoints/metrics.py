"""Processing's own metrics: what becomes of the records, who speaks, what waits for people."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Final

import structlog
from motcua_kernel.instant import DAY, Instant
from motcua_kernel.registry import Registry
from motcua_platform.consumer_metrics import METRICS as CONSUMER_METRICS
from motcua_platform.consumer_metrics import ConsumerMetrics
from motcua_platform.metric_catalogue import DURATIONS, Label, Metric, declared
from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric as Family
from prometheus_client.registry import Collector

from motcua_processing.adapters.postgres import transient_errors
from motcua_processing.application.apply_batch import Applied, Batch

_PUBLISHER = Label("publisher", source="publishers of the registry")
_RESULTS: Final = ("new", "repeated", "quarantined")
_UNKNOWN: Final = "unknown"
"""The `publisher` of quarantined records that name none of the registry."""

RECORDS = Metric(
    "motcua_processing_records_total",
    "counter",
    "Records of the log by what became of them.",
    (Label("result", _RESULTS),),
)
FOREIGN_LOG = Metric(
    "motcua_processing_foreign_log",
    "gauge",
    "1 while the events topic is not the one that was read before; see motcua topics adopt.",
)
PUBLISHER_LAST_EVENT = Metric(
    "motcua_publisher_last_event_timestamp_seconds",
    "gauge",
    "Domain time at which the log had the newest event of a publisher (hệ thống gửi), each of the "
    "registry that is not revoked; 0 for one that has been silent since 31 days before this "
    "process began, or ever.",
    (_PUBLISHER,),
)
QUARANTINE_RECORDS = Metric(
    "motcua_quarantine_records",
    "gauge",
    "Quarantined records (bản ghi bị cách ly) of a publisher that wait for a decision; unknown: "
    "of those that name no publisher of the registry.",
    (_PUBLISHER,),
)
APPLY_SECONDS = Metric(
    "motcua_processing_apply_seconds",
    "histogram",
    "Time in which a batch is applied: one transaction of journal, dossiers and offsets.",
    buckets=DURATIONS,
)
PUBLISH_SECONDS = Metric(
    "motcua_processing_publish_seconds",
    "histogram",
    "Time in which a round of states is read, written, acknowledged and ticked off.",
    buckets=DURATIONS,
)
PUBLISHED = Metric("motcua_processing_states_published_total", "counter", "States published.")
UNPUBLISHED = Metric(
    "motcua_processing_marks_waiting",
    "gauge",
    "Marks of unpublished dossiers, one a batch and lane, and changes of the registry under way.",
)
METRICS: Final = (*declared(globals()), *CONSUMER_METRICS)

LOOK_BACK: Final = 31 * DAY
_EVERY_SECONDS: Final = 15.0

LastSpoke = Callable[[Instant], Awaitable[Mapping[str, int]]]
Waiting = Callable[[], Awaitable[Mapping[str, int]]]
Unpublished = Callable[[], Awaitable[int]]

_log = structlog.get_logger()


class ProcessingMetrics:
    """What processing counts and times, and what it asks its books for every few seconds."""

    def __init__(
        self,
        collectors: CollectorRegistry,
        registry: Callable[[], Registry],
        now: Callable[[], int],
    ) -> None:
        """`now` is real time in milliseconds."""
        self.consumer = ConsumerMetrics(collectors, now)
        self.foreign = FOREIGN_LOG.gauge(collectors)
        self._publishers = _Publishers(registry)
        self._records = RECORDS.counter(collectors)
        for result in _RESULTS:
            self._records.labels(result)
        self._apply = APPLY_SECONDS.histogram(collectors)
        self._publish = PUBLISH_SECONDS.histogram(collectors)
        self._published = PUBLISHED.counter(collectors)
        self._unpublished = UNPUBLISHED.gauge(collectors)
        collectors.register(self._publishers)

    def applied(self, batch: Batch, applied: Applied, seconds: float) -> None:
        """A batch has been applied, by this time after it was begun."""
        self._apply.observe(seconds)
        self.consumer.took(len(batch.entries) + len(batch.unreadable))
        for result in _RESULTS:
            self._records.labels(result).inc(getattr(applied, result))
        appended: dict[tuple[str, int], int] = {}
        spoke = self._publishers.spoke
        for entry in batch.entries:
            event, place = entry.event, entry.place
            appended[place.topic, place.partition] = place.appended_at
            spoke[event.publisher] = max(event.recorded_at, spoke.get(event.publisher, 0))
        for row in batch.unreadable:
            appended[row.topic, row.partition] = row.appended_at
        for (topic, partition), offset in batch.next_offsets.items():
            if (topic, partition) in appended:
                self.consumer.worked_in(topic, partition, offset, appended[topic, partition])

    def published(self, states: int, seconds: float) -> None:
        """A round of states has been published."""
        self._publish.observe(seconds)
        self._published.inc(states)

    async def watch(
        self, last_spoke: LastSpoke, waiting: Waiting, unpublished: Unpublished, now: Instant
    ) -> None:
        """Look once who spoke before `now`, in domain time, and then for ever at what waits."""
        told = False
        while True:
            try:
                if not told:
                    self._publishers.remember(await last_spoke(Instant(now - LOOK_BACK)))
                    told = True
                self._publishers.waiting = await waiting()
                self._unpublished.set(await unpublished())
            except transient_errors() as error:
                _log.warning("metrics_wait", error=type(error).__name__)
            await asyncio.sleep(_EVERY_SECONDS)


class _Publishers(Collector):
    """Of every publisher of the registry, when it last spoke, and what of it waits."""

    def __init__(self, registry: Callable[[], Registry]) -> None:
        self._registry = registry
        self.spoke: dict[str, int] = {}
        self.waiting: Mapping[str, int] | None = None

    def remember(self, spoke: Mapping[str, int]) -> None:
        """What the journal has from before; what was heard meanwhile is newer."""
        self.spoke = {**spoke, **self.spoke}

    def describe(self) -> Iterable[Family]:
        """Nothing: the registry must not collect in order to describe."""
        return []

    def collect(self) -> Iterable[Family]:
        """The families of this moment."""
        known = self._registry().publishers.values()
        publishers = sorted(one.id for one in known if not one.revoked)
        last = PUBLISHER_LAST_EVENT.family()
        for publisher in publishers:
            last.add_metric([publisher], self.spoke.get(publisher, 0) / 1000)
        yield last
        if self.waiting is None:
            return
        counts = dict.fromkeys([*publishers, _UNKNOWN], 0)
        for publisher, number in self.waiting.items():
            counts[publisher if publisher in counts else _UNKNOWN] += number
        records = QUARANTINE_RECORDS.family()
        for publisher, number in counts.items():
            records.add_metric([publisher], number)
        yield records
