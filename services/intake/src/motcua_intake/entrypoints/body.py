"""The body of a request, never more of it in memory than the limit.

What a publisher sends beyond the limit is thrown away by the server unread, so that the client
gets the answer instead of a broken connection.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect

from motcua_intake.entrypoints.refusals import body_too_large, body_too_slow, malformed

if TYPE_CHECKING:
    from fastapi import Request


async def read_body(request: Request, limit: int, patience_seconds: float) -> bytes:
    """The whole body.

    Raises:
        Problem: 413 when it is, or says that it is, larger than `limit` bytes; 408 when it does
            not arrive within `patience_seconds`; 400 when it breaks off.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit:
        raise body_too_large(limit)
    try:
        async with asyncio.timeout(patience_seconds):
            return await _collect(request, limit)
    except TimeoutError as error:
        raise body_too_slow() from error
    except ClientDisconnect as error:
        raise malformed("The body broke off.") from error


async def _collect(request: Request, limit: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise body_too_large(limit)
        chunks.append(chunk)
    return b"".join(chunks)
