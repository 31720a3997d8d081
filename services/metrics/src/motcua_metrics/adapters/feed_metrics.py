"""How fresh the gauges are, and how long the work of the feed and of a scrape takes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from motcua_kernel.state import NEVER

from motcua_metrics import catalogue as c

if TYPE_CHECKING:
    from collections.abc import Sequence

    from motcua_platform.domain_clock import DomainClock
    from motcua_platform.exposition import Figures
    from prometheus_client import CollectorRegistry

    from motcua_metrics.application.books import Update


class FeedMetrics:
    """The histograms of this process."""

    def __init__(self, registry: CollectorRegistry, clock: DomainClock) -> None:
        self._clock = clock
        self._recorded = c.FRESHNESS_RECORDED.histogram(registry)
        self._occurred = c.FRESHNESS_OCCURRED.histogram(registry)
        self._apply = c.APPLY_SECONDS.histogram(registry)
        self._render = c.RENDER_SECONDS.histogram(registry)

    def counted(self, updates: Sequence[Update]) -> None:
        """These are in the gauges from now on; what was read while catching up is no news."""
        for update in updates:
            state = update.state
            if not update.live or state is None:
                continue
            age = self._clock.real_seconds_since(state.recorded_at)
            if age is not None and state.recorded_at != NEVER:
                self._recorded.observe(max(age, 0.0))
            if state.occurred_at != NEVER:
                self._occurred.observe(max(self._clock.now() - state.occurred_at, 0) / 1000)

    def applied(self, seconds: float) -> None:
        """A batch took so long."""
        self._apply.observe(seconds)

    def timed(self, render: Figures) -> Figures:
        """The same rendering, with its time observed."""

        def rendered(is_open_metrics: bool) -> bytes:
            started = time.perf_counter()
            try:
                return render(is_open_metrics)
            finally:
                self._render.observe(time.perf_counter() - started)

        return rendered
