"""Brings Grafana in step with the registry, counts how that went, and can be stopped.

A run blocks its thread while it speaks to Grafana; nothing here is shared with the books.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

import structlog
from motcua_grafana.adapters.address import Address
from motcua_grafana.connect import Library, connect
from motcua_grafana.domain.wanted import Templates, wanted_of
from motcua_grafana.synchronise import Outcome, Progress, synchronise
from motcua_grafana.template_files import NoTemplate, read_templates
from motcua_kernel.instant import Instant, day_number
from motcua_platform.errors import Misconfigured

from motcua_metrics import catalogue as c
from motcua_metrics.domain.labels import SyncOutcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from motcua_kernel.registry import Registry
    from prometheus_client import CollectorRegistry

    from motcua_metrics.settings import MetricsSettings

_PAUSE_SECONDS: Final = 5.0

_log = structlog.get_logger()


class Stopped(Exception):  # noqa: N818
    """The process ends; the run is gone on with by the next process."""


class GrafanaKeeper:
    """The runs of this process."""

    def __init__(
        self,
        settings: MetricsSettings,
        registry: Callable[[], Registry],
        now: Callable[[], Instant],
        prometheus: CollectorRegistry,
    ) -> None:
        """Nothing is asked of Grafana yet.

        Raises:
            Misconfigured: the address or a template cannot be used.
        """
        self._registry = registry
        self._now = now
        self._templates = _templates(settings.grafana_dashboards)
        try:
            token = settings.grafana_token.get_secret_value()
            address = Address(settings.grafana_url, token, settings.grafana_ca)
        except ValueError as error:
            raise Misconfigured(f"MOTCUA_GRAFANA_URL: {error}") from error
        self._grafana = connect(address, Library(settings.grafana_library))
        self._stopping = Event()
        self._runs = c.GRAFANA_SYNCS.counter(prometheus)
        for outcome in SyncOutcome:
            self._runs.labels(outcome.value)

    def run(self) -> None:
        """Look, plan and act once.

        Raises:
            Stopped: `stop` was called meanwhile.
        """
        today = date.fromordinal(day_number(self._now()))
        wanted = wanted_of(self._registry(), today, self._templates)
        if not wanted.places:
            _log.info("grafana_not_synchronised", reason="the registry has no unit")
            return
        outcome = synchronise(self._grafana, wanted, _Heeding(self._stopping), self._pause)
        self._tell(outcome)

    def failed(self) -> None:
        """A run ended in a defect."""
        self._runs.labels(SyncOutcome.FAILED.value).inc()

    def stop(self) -> None:
        """Let a run end after the request that it is waiting for."""
        self._stopping.set()

    def _tell(self, outcome: Outcome) -> None:
        if outcome.stopped is not None:
            self.failed()
            reason = str(outcome.stopped)
            _log.warning("grafana_unavailable", reason=reason, done=len(outcome.done))
        elif outcome.left:
            self._runs.labels(SyncOutcome.INCOMPLETE.value).inc()
            _, why = outcome.left[0]
            _log.warning("grafana_refused", left=len(outcome.left), reason=why)
        else:
            self._runs.labels(SyncOutcome.IN_STEP.value).inc()
            if outcome.done:
                _log.info("grafana_synchronised", done=len(outcome.done))

    def _pause(self, number: int) -> None:
        self._stopping.wait(number * _PAUSE_SECONDS)


class _Heeding(Progress):
    """Ends a run between two requests."""

    def __init__(self, stopping: Event) -> None:
        self._stopping = stopping

    def looked(self, done: int, total: int) -> None:  # noqa: ARG002
        self._heed()

    def acted(self, done: int, total: int) -> None:  # noqa: ARG002
        self._heed()

    def _heed(self) -> None:
        if self._stopping.is_set():
            raise Stopped


def _templates(folder: str) -> Templates:
    try:
        return read_templates(Path(folder)) if folder else Templates()
    except NoTemplate as error:
        raise Misconfigured(f"MOTCUA_GRAFANA_DASHBOARDS: {error}") from error
