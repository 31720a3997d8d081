"""The figures as Prometheus families, computed at each scrape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motcua_kernel.instant import day_number, local_date
from motcua_kernel.units import UnitLevel
from prometheus_client.registry import Collector

from motcua_metrics import catalogue as c
from motcua_metrics.adapters.unit_families import UnitFamilies
from motcua_metrics.application.reading import read_units
from motcua_metrics.domain.units_as_now import sum_as_now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from motcua_kernel.instant import Instant
    from motcua_kernel.registry import Registry
    from prometheus_client.core import Metric as PrometheusMetric

    from motcua_metrics.application.books import Books
    from motcua_metrics.application.residual import ResidualWatch


class FiguresCollector(Collector):
    """Serves the books; before they are complete only what the process knows of itself."""

    def __init__(
        self,
        books: Books,
        residual: ResidualWatch,
        *,
        shard: int,
        now: Callable[[], Instant],
        is_complete: Callable[[], bool],
        watermark: Callable[[], float | None],
    ) -> None:
        """Serve `books` at domain time `now()` once `is_complete()`."""
        self._books = books
        self._residual = residual
        self._shard = str(shard)
        self._now = now
        self._is_complete = is_complete
        self._watermark = watermark

    def describe(self) -> Iterable[PrometheusMetric]:
        """Nothing: the registry must not collect in order to describe."""
        return []

    def collect(self) -> Iterable[PrometheusMetric]:
        """The families of this moment."""
        yield from self._process()
        if not self._is_complete():
            return
        now = self._now()
        registry = self._books.registry
        families = UnitFamilies(self._books.movements)
        shown: list[str] = []
        for figures in read_units(self._books, registry, now):
            families.add(figures)
            shown.append(figures.unit)
        yield from families.families()
        yield from self._world(registry, now, shown)

    def _process(self) -> Iterable[PrometheusMetric]:
        books, tally = self._books, self._books.tally
        for metric, value in (
            (c.REGISTRY_OFFSET, books.registry.offset),
            (c.DOSSIERS_HELD, books.dossiers),
            (c.STATES_WAITING, books.held),
            (c.STATES_READ, tally.states),
            (c.TOMBSTONES_READ, tally.tombstones),
            (c.REGRESSIONS, tally.regressions),
        ):
            family = metric.family()
            family.add_metric([self._shard], value)
            yield family

    def _world(
        self, registry: Registry, now: Instant, shown: Sequence[str]
    ) -> Iterable[PrometheusMetric]:
        residual = c.BALANCE_RESIDUAL.family()
        residuals = sum_as_now(self._residual.residuals, registry, day_number(now))
        for unit, value in sorted(residuals.items()):
            residual.add_metric([unit], value)
        info = c.UNIT_INFO.family()
        for unit in (registry.units[name] for name in shown if name in registry.units):
            level = UnitLevel(unit.level).name.lower()
            *_, top = registry.chain(unit.id)
            parent, province = (
                registry.unit_map.on(above, local_date(now)) for above in (unit.parent, top)
            )
            info.add_metric([unit.id, unit.name, level, parent, province], 1)
        horizon = c.CALENDAR_HORIZON.family()
        for scope, week in sorted(registry.weeks.items()):
            if registry.unit_map.on(scope, local_date(now)) != scope:
                continue
            days = week.last_day.toordinal() - day_number(now)
            horizon.add_metric([scope or "national"], days)
        watermark = c.STATE_WATERMARK.family()
        newest = self._watermark()
        if newest is not None:
            watermark.add_metric([self._shard], newest)
        families = (residual, info, horizon, watermark)
        yield from (family for family in families if family.samples)
