"""Intake's own metrics."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from motcua_platform.metric_catalogue import DURATIONS, SIZES, Label, Metric, declared

from motcua_intake.application.accept import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from motcua_kernel.events import Event
    from prometheus_client import CollectorRegistry

    from motcua_intake.application.ports import EventLog
    from motcua_intake.domain.gates import Gates

PUBLISHERS_CLOSED = Metric(
    "motcua_intake_publishers_closed",
    "gauge",
    "Publishers that intake is closed to, as too many of their records were quarantined.",
)
EVENTS = Metric(
    "motcua_intake_events_total",
    "counter",
    "Events answered, by the answer.",
    (Label("result", tuple(status.value for status in Status)),),
)
REQUEST_SECONDS = Metric(
    "motcua_intake_request_seconds",
    "histogram",
    "Time from a request's headers to its answer, in seconds.",
    buckets=DURATIONS,
)
APPEND_SECONDS = Metric(
    "motcua_intake_append_seconds",
    "histogram",
    "Time until the log acknowledged the events of a request, or did not.",
    buckets=DURATIONS,
)
BATCH_EVENTS = Metric(
    "motcua_intake_batch_events",
    "histogram",
    "Events of a request that were appended together.",
    buckets=SIZES,
)
METRICS: Final = declared(globals())


class IntakeMetrics:
    """Events by their answer, the time of requests, and the publishers that it is closed to."""

    def __init__(self, registry: CollectorRegistry, gates: Gates) -> None:
        PUBLISHERS_CLOSED.gauge(registry).set_function(lambda: len(gates.closed))
        events = EVENTS.counter(registry)
        self._events = {status: events.labels(status.value) for status in Status}
        self._seconds = REQUEST_SECONDS.histogram(registry)
        self._append = APPEND_SECONDS.histogram(registry)
        self._batches = BATCH_EVENTS.histogram(registry)

    def count(self, counts: Mapping[Status, int]) -> None:
        """Add the answers of a request."""
        for status, number in counts.items():
            self._events[status].inc(number)

    def observe(self, seconds: float) -> None:
        """Add the duration of a request."""
        self._seconds.observe(seconds)

    def appended(self, events: int, seconds: float) -> None:
        """Add an answer of the log."""
        self._batches.observe(events)
        self._append.observe(seconds)


class TimedLog:
    """The event log, with its answers timed."""

    def __init__(self, log: EventLog, metrics: IntakeMetrics) -> None:
        self._log = log
        self._metrics = metrics

    @property
    def is_reachable(self) -> bool:
        """As the log says."""
        return self._log.is_reachable

    async def append(self, events: Sequence[Event]) -> None:
        """Append to the log."""
        started = time.perf_counter()
        try:
            await self._log.append(events)
        finally:
            self._metrics.appended(len(events), time.perf_counter() - started)
