"""One HTTP client for all questions: a new one each time costs more than the question."""

from __future__ import annotations

from typing import Final

import httpx

HTTP: Final = httpx.Client(
    timeout=20.0,
    trust_env=False,
    limits=httpx.Limits(max_keepalive_connections=0),  # its other end may have been killed
)


def answers(url: str) -> bool:
    """Whether a GET succeeds now."""
    try:
        return HTTP.get(url, timeout=2.0).is_success
    except httpx.TransportError:
        return False
