"""Intake's own metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram

from motcua_intake.application.accept import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class IntakeMetrics:
    """`motcua_intake_events_total{result}` and `motcua_intake_request_seconds`."""

    def __init__(self, registry: CollectorRegistry) -> None:
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
