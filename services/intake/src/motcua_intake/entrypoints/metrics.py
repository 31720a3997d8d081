"""Intake's own metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from motcua_intake.application.accept import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from motcua_intake.domain.gates import Gates

_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class IntakeMetrics:
    """Events by their answer, the time of requests, and the publishers that it is closed to."""

    def __init__(self, registry: CollectorRegistry, gates: Gates) -> None:
        closed = Gauge(
            "motcua_intake_publishers_closed",
            "Publishers that intake is closed to, as too many of their records were quarantined",
            registry=registry,
        )
        closed.set_function(lambda: len(gates.closed))
        events = Counter(
            "motcua_intake_events_total",
            "Events answered, by the answer",
            ["result"],
            registry=registry,
        )
        self._events = {status: events.labels(status.value) for status in Status}
        self._seconds = Histogram(
            "motcua_intake_request_seconds",
            "Time from a request's headers to its answer, in seconds",
            buckets=_BUCKETS,
            registry=registry,
        )

    def count(self, counts: Mapping[Status, int]) -> None:
        """Add the answers of a request."""
        for status, number in counts.items():
            self._events[status].inc(number)

    def observe(self, seconds: float) -> None:
        """Add the duration of a request."""
        self._seconds.observe(seconds)
