"""The one request of both clients, and the HTTP clients that send it."""

from __future__ import annotations

from typing import Final

import httpx

from motcua_client.delivery import CONTENT_TYPE
from motcua_client.retrying import Pace

PATH: Final = "/v1/events"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


def headers_of(key: str, language: str) -> dict[str, str]:
    """The headers of every request; the key goes nowhere else."""
    return {
        "Authorization": f"Bearer {key}",
        "Accept-Language": language,
        "Content-Type": CONTENT_TYPE,
    }


def sync_http(url: str, pace: Pace, transport: httpx.BaseTransport | None) -> httpx.Client:
    """A client of intake; redirections are not followed, as they would carry the key away."""
    return httpx.Client(
        base_url=url, timeout=pace.request, trust_env=_beyond(url), transport=transport
    )


def async_http(
    url: str, pace: Pace, transport: httpx.AsyncBaseTransport | None
) -> httpx.AsyncClient:
    """The same for `async` programs."""
    return httpx.AsyncClient(
        base_url=url, timeout=pace.request, trust_env=_beyond(url), transport=transport
    )


def _beyond(url: str) -> bool:
    """Whether a proxy of the environment may stand between."""
    return httpx.URL(url).host not in _LOOPBACK
