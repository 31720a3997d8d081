"""Guards for tests."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from httpx import ASGITransport, AsyncClient, Response
from motcua_kernel.registry import Registry

from motcua_platform.access.guard import Guard
from motcua_platform.domain_clock import real_now
from motcua_platform.settings import ServiceSettings


def open_guard(registry: Callable[[], Registry]) -> Guard:
    """A guard that lets everyone ask, as on a developer's machine."""
    return Guard(registry, lambda: True, real_now, settings_of(access="open"))


def settings_of(**settings: object) -> ServiceSettings:
    """Settings of some service in development."""
    given = {"environment": "development", "kafka_bootstrap": "none:1", "http_port": 0}
    return ServiceSettings.model_validate(given | settings)


async def open_routes(app: FastAPI) -> set[str]:
    """The operations of an app that do not ask for a key, documented or not."""
    return {
        route
        async for route, answer in answers_of(app)
        if answer.status_code != HTTPStatus.UNAUTHORIZED
    }


async def answers_of(
    app: FastAPI,
    key: str = "",
    names: Mapping[str, str] | None = None,
    bodies: Mapping[str, Any] | None = None,
) -> AsyncIterator[tuple[str, Response]]:
    """Each operation of an app and what it answers; `names` fill in its path and its query.

    `bodies` are sent to the operations of which they tell the last part of the path.
    """
    known, told = names or {}, bodies or {}
    async with AsyncClient(
        transport=ASGITransport(app, raise_app_exceptions=False),
        base_url="http://guarded",
        headers={"X-API-Key": key} if key else {},
    ) as client:
        for route in iter_route_contexts(app.routes):
            path = _PARAMETER.sub(lambda found: known.get(found[1], "x"), route.path or "")
            for method in sorted((route.methods or {"GET"}) - {"HEAD"}):
                sent = told.get(path.rpartition("/")[2])
                answer = await client.request(method, path, params=known, json=sent)
                yield f"{method} {route.path}", answer


_PARAMETER: Final = re.compile(r"{(\w+)[^}]*}")
