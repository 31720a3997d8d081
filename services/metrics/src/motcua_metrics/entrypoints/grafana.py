"""The loop that keeps Grafana in step, beside the serving of figures and never in its way."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from motcua_metrics.adapters.grafana_keeper import Stopped

if TYPE_CHECKING:
    from motcua_metrics.adapters.grafana_keeper import GrafanaKeeper

_log = structlog.get_logger()


async def keep_in_step(keeper: GrafanaKeeper, every_seconds: float) -> None:
    """Run for ever, in a thread; whatever goes wrong is logged and tried again next time."""
    try:
        while True:
            try:
                await asyncio.to_thread(keeper.run)
            except Stopped:
                return
            except Exception as error:  # noqa: BLE001 - figures are served whatever Grafana does
                keeper.failed()
                _log.error("grafana_sync_failed", exc_info=error)
            await asyncio.sleep(every_seconds)
    finally:
        keeper.stop()
