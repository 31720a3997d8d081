"""The figures as text for Prometheus, computed at each scrape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motcua_kernel.instant import day_number, local_date
from motcua_kernel.units import UnitLevel

from motcua_metrics import catalogue as c
from motcua_metrics.adapters.lines import LinePrefixes, Lines, page
from motcua_metrics.adapters.unit_families import UnitFamilies
from motcua_metrics.application.reading import read_units
from motcua_metrics.domain.units_as_now import objective_of, sum_as_now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from motcua_kernel.instant import Instant
    from motcua_kernel.registry import Registry
    from motcua_platform.metric_catalogue import Metric

    from motcua_metrics.application.books import Books
    from motcua_metrics.application.residual import ResidualWatch
    from motcua_metrics.settings import MetricsSettings


class FiguresPage:
    """Serves the books; before they are complete only what the process knows of itself."""

    def __init__(
        self,
        books: Books,
        residual: ResidualWatch,
        settings: MetricsSettings,
        *,
        now: Callable[[], Instant],
        is_complete: Callable[[], bool],
        watermark: Callable[[], float],
    ) -> None:
        """Serve `books` at domain time `now()` once `is_complete()`."""
        self._books = books
        self._residual = residual
        self._shard = (str(settings.shard_ordinal),)
        self._shards = settings.shard_count
        self._objective = settings.on_time_objective
        self._now = now
        self._is_complete = is_complete
        self._watermark = watermark
        self._prefixes = LinePrefixes()

    def render(self, is_open_metrics: bool) -> bytes:
        """The page of this moment."""
        return page(self.families(), is_open_metrics=is_open_metrics)

    def families(self, at: float | None = None) -> Iterable[Lines]:
        """The families of this moment; with `at` every sample carries that time, in seconds.

        What says how far the states have been read is looked up first: the figures may be newer,
        never older.
        """

        def lines(metric: Metric) -> Lines:
            return self._prefixes.lines(metric, at)

        ready = self._is_complete()
        yield from self._process(lines, ready=ready)
        if not ready:
            return
        now = self._now()
        registry = self._books.registry
        families = UnitFamilies(self._books.movements, lines)
        shown: list[str] = []
        for figures in read_units(self._books, registry, now):
            families.add(figures)
            shown.append(figures.unit)
        yield from families.families()
        yield from self._world(lines, registry, now, shown)

    def _process(self, lines: Callable[[Metric], Lines], *, ready: bool) -> Iterable[Lines]:
        books, tally = self._books, self._books.tally
        for metric, value in (
            (c.READY, int(ready)),
            (c.STATE_WATERMARK, self._watermark()),
            (c.SHARD_COUNT, self._shards),
            (c.REGISTRY_OFFSET, books.registry.offset),
            (c.DOSSIERS_HELD, books.dossiers),
            (c.STATES_WAITING, books.held),
            (c.STATES_READ, tally.states),
            (c.TOMBSTONES_READ, tally.tombstones),
            (c.REGRESSIONS, tally.regressions),
        ):
            family = lines(metric)
            family.add(self._shard, value)
            yield family

    def _world(
        self,
        lines: Callable[[Metric], Lines],
        registry: Registry,
        now: Instant,
        shown: Sequence[str],
    ) -> Iterable[Lines]:
        residual = lines(c.BALANCE_RESIDUAL)
        residuals = sum_as_now(self._residual.residuals, registry, day_number(now))
        for unit, value in sorted(residuals.items()):
            residual.add((unit,), value)
        info, objective = lines(c.UNIT_INFO), lines(c.OBJECTIVE)
        for unit in (registry.units[name] for name in shown if name in registry.units):
            level = UnitLevel(unit.level).name.lower()
            *_, top = registry.chain(unit.id)
            parent, province = (
                registry.unit_map.on(above, local_date(now)) for above in (unit.parent, top)
            )
            info.add((unit.id, unit.name, level, parent, province), 1)
            objective.add((unit.id,), objective_of(registry, unit.id) or self._objective)
        horizon = lines(c.CALENDAR_HORIZON)
        for scope, week in sorted(registry.weeks.items()):
            if registry.unit_map.on(scope, local_date(now)) != scope:
                continue
            days = week.last_day.toordinal() - day_number(now)
            horizon.add((scope or "national",), days)
        clock = lines(c.DOMAIN_TIME)
        clock.add((), now / 1000)
        yield from (residual, info, objective, horizon, clock)
