"""What metrics serves without a key."""

from __future__ import annotations

from motcua_metrics.bootstrap import build
from motcua_metrics.entrypoints.app import metrics_app
from motcua_metrics.settings import MetricsSettings
from motcua_platform.access.testing import open_routes

DOCUMENT = {"GET /openapi.json", "GET /docs", "GET /docs/oauth2-redirect", "GET /redoc"}
HEALTH = {"GET /livez", "GET /readyz"}


async def test_with_a_metrics_key_every_figure_asks_for_it() -> None:
    settings = MetricsSettings.model_validate(
        {"kafka_bootstrap": "127.0.0.1:1", "metrics_key": "mc_scraper"}
    )
    assert await open_routes(metrics_app(build(settings))) == DOCUMENT | HEALTH


async def test_without_one_the_figures_are_for_who_reaches_the_port() -> None:
    app = metrics_app(build(MetricsSettings(kafka_bootstrap="127.0.0.1:1")))
    figures = {"GET /metrics", "GET /v1/accounted"}
    assert await open_routes(app) == DOCUMENT | HEALTH | figures
