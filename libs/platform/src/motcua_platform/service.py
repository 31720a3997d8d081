"""What every service serves: /livez, /readyz, /metrics, over uvicorn."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from hmac import compare_digest
from typing import Any

import uvicorn
from fastapi import FastAPI, Response
from prometheus_client import CollectorRegistry
from starlette.requests import Request

from motcua_platform.access.refusals import unauthenticated
from motcua_platform.documented import document_problems, responses_of
from motcua_platform.exposition import Figures, render
from motcua_platform.problems import Problem, install_problems
from motcua_platform.settings import ServiceSettings

Readiness = Callable[[], dict[str, bool]]
"""Each part that has to be there, by name, and whether it is."""


def make_app(
    title: str,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[Any]],
    readiness: Readiness,
    metrics: CollectorRegistry,
    settings: ServiceSettings,
    *,
    figures: Figures | None = None,
) -> FastAPI:
    """A FastAPI app with health, metrics and problem documents.

    `figures` renders what of /metrics the registry does not hold; a thread of its own asks it.
    /livez answers while the event loop turns; /readyz only when every part is there.
    """
    app = FastAPI(title=title, version="1", lifespan=lifespan)
    install_problems(app)
    document_problems(app, ())

    @app.get("/livez", tags=["operations"])
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @app.get(
        "/readyz",
        tags=["operations"],
        responses=responses_of(not_ready({"registry": True, "kafka": False})),
    )
    async def readyz() -> dict[str, bool]:
        parts = readiness()
        if not all(parts.values()):
            raise not_ready(parts)
        return parts

    @app.get("/metrics", tags=["operations"], response_class=Response)
    def exposition(request: Request) -> Response:
        check_metrics_key(request, settings)
        page = render(
            metrics,
            figures,
            accept=request.headers.get("accept", ""),
            accept_encoding=request.headers.get("accept-encoding", ""),
        )
        headers = {"content-encoding": page.encoding} if page.encoding else {}
        return Response(page.body, media_type=page.content_type, headers=headers)

    return app


def not_ready(parts: dict[str, bool]) -> Problem:
    """A part that has to be there is not yet, or not now; `parts` names it."""
    return Problem(503, "not-ready", "Not ready", vi=("Chưa sẵn sàng", ""), parts=parts)


def check_metrics_key(request: Request, settings: ServiceSettings) -> None:
    """/metrics may be closed to all but those who have its key."""
    key = settings.metrics_key.get_secret_value()
    given = request.headers.get("authorization", "")
    if key and not compare_digest(given.encode(), f"Bearer {key}".encode()):
        raise unauthenticated()


def serve(app: FastAPI, settings: ServiceSettings) -> None:
    """Serve until SIGTERM or SIGINT, then finish what was accepted."""
    uvicorn.run(
        app,
        host=settings.http_host,
        port=settings.http_port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=10,
        server_header=False,
        ssl_certfile=settings.tls_certificate or None,
        ssl_keyfile=settings.tls_key or None,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
    )
