"""The HTTP face: health and /metrics, and behind it the reading of the two topics."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from motcua_platform.process import crash_on_error
from motcua_platform.service import check_metrics_key, make_app

from motcua_metrics.adapters.other_shards import OtherShards
from motcua_metrics.adapters.processing_client import processing_client, watch_balance
from motcua_metrics.application.reading import read_accounted
from motcua_metrics.entrypoints.grafana import keep_in_step

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from motcua_metrics.adapters.grafana_keeper import GrafanaKeeper
    from motcua_metrics.bootstrap import Metrics


def metrics_app(metrics: Metrics) -> FastAPI:
    """The app; it answers at once and is ready once both topics have been read to their ends."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with AsyncExitStack() as stack:
            await metrics.broker.connect()
            stack.push_async_callback(metrics.broker.stop)
            tasks = [asyncio.ensure_future(crash_on_error(_read_topics)(metrics))]
            watch_lag = crash_on_error(metrics.consumer_metrics.watch)
            tasks.append(asyncio.ensure_future(watch_lag(metrics.states.consumer)))
            if metrics.settings.watches_balance:
                tasks.append(asyncio.ensure_future(crash_on_error(_watch)(metrics)))
            if metrics.grafana is not None:
                tasks.append(asyncio.ensure_future(_keep_grafana(metrics, metrics.grafana)))
            stack.push_async_callback(_cancel, tasks)
            yield

    app = make_app(
        "Motcua metrics",
        lifespan,
        metrics.readiness,
        metrics.prometheus,
        metrics.settings,
        figures=metrics.figures,
    )

    @app.get("/v1/accounted", tags=["figures"])
    def accounted(request: Request) -> dict[str, Any]:
        """What this shard holds of each unit's received dossiers: its right side of the balance."""
        check_metrics_key(request, metrics.settings)
        return {
            "shard": metrics.settings.shard_ordinal,
            "shard_count": metrics.settings.shard_count,
            "complete": all(metrics.readiness().values()),
            "units": read_accounted(metrics.books),
        }

    _ = accounted
    return app


async def _read_topics(metrics: Metrics) -> None:
    """Registry first (design section 3), then the states."""
    await metrics.registry.start()
    await metrics.registry.complete()
    await metrics.states.catch_up()


async def _watch(metrics: Metrics) -> None:
    settings = metrics.settings
    others = OtherShards(
        settings.shard_ordinal,
        settings.shard_count,
        settings.peers,
        settings.metrics_key.get_secret_value(),
    )
    async with (
        processing_client(
            settings.processing_url, settings.processing_key.get_secret_value()
        ) as client,
        aclosing(others),
    ):
        await watch_balance(
            metrics.books, metrics.residual, client, settings.balance_poll_seconds, others
        )


async def _keep_grafana(metrics: Metrics, keeper: GrafanaKeeper) -> None:
    """The registry as of the start first: half of it would archive the other half."""
    await metrics.registry.complete()
    await keep_in_step(keeper, metrics.settings.grafana_every_seconds)


async def _cancel(tasks: Sequence[asyncio.Future[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
