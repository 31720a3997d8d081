"""Waiting until what is away comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import structlog
from motcua_platform.errors import Transient

T = TypeVar("T")

RETRY_SECONDS: Final = 0.5

_log = structlog.get_logger()


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """Call again while the failure is transient."""
    while True:
        try:
            return await call()
        except Transient as error:
            _log.warning("waits", reason=str(error))
            await asyncio.sleep(RETRY_SECONDS)
