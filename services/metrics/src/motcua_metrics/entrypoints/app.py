"""The HTTP face: health and /metrics, and behind it the reading of the two topics."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from motcua_platform.process import crash_on_error
from motcua_platform.service import make_app

from motcua_metrics.adapters.processing_client import processing_client, watch_balance

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from fastapi import FastAPI

    from motcua_metrics.bootstrap import Metrics


def metrics_app(metrics: Metrics) -> FastAPI:
    """The app; it answers at once and is ready once both topics have been read to their ends."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with AsyncExitStack() as stack:
            await metrics.broker.connect()
            stack.push_async_callback(metrics.broker.stop)
            tasks = [asyncio.ensure_future(crash_on_error(_read_topics)(metrics))]
            watching = metrics.consumer_metrics.watch(metrics.states.consumer)
            tasks.append(asyncio.ensure_future(watching))
            # One shard alone has all states of a unit to hold against all its receipts.
            if metrics.settings.processing_url and metrics.settings.shard_count == 1:
                tasks.append(asyncio.ensure_future(crash_on_error(_watch)(metrics)))
            stack.push_async_callback(_cancel, tasks)
            yield

    return make_app(
        "Motcua metrics",
        lifespan,
        metrics.readiness,
        metrics.prometheus,
        metrics.settings,
        figures=metrics.figures,
    )


async def _read_topics(metrics: Metrics) -> None:
    """Registry first (design section 3), then the states."""
    await metrics.registry.start()
    await metrics.registry.complete()
    await metrics.states.catch_up()


async def _watch(metrics: Metrics) -> None:
    settings = metrics.settings
    async with processing_client(
        settings.processing_url, settings.processing_key.get_secret_value()
    ) as client:
        await watch_balance(metrics.books, metrics.residual, client, settings.balance_poll_seconds)


async def _cancel(tasks: Sequence[asyncio.Future[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
