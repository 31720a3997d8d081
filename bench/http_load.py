"""Load over HTTP/1.1 that costs the machine little: ready-made requests over kept connections.

A steady load is an open loop: each request has its moment, and its latency counts from there, so a
stall is seen in every request that it held up.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Final

_LENGTH: Final = b"content-length:"
_ACCEPTED: Final = 202


class Connection:
    """One kept connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def exchange(self, request: bytes) -> bytes:
        """Send a request; the body of its answer. Raises RuntimeError for any but a 202."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        status, *headers = head.split(b"\r\n")
        length = next(int(h[len(_LENGTH) :]) for h in headers if h.lower().startswith(_LENGTH))
        body = await self._reader.readexactly(length)
        if int(status.split()[1]) != _ACCEPTED:
            raise RuntimeError(f"{status.decode()}: {body[:500].decode()}")
        return body

    async def close(self) -> None:
        """Close the connection."""
        self._writer.close()
        await self._writer.wait_closed()


def request(path: str, body: bytes, **headers: str) -> bytes:
    """A whole POST request; `headers` with underscores for hyphens."""
    lines = [f"POST {path} HTTP/1.1", "host: 127.0.0.1", f"content-length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join((*lines, "", "")).encode() + body


async def burst(port: int, requests: Sequence[bytes], connections: int) -> float:
    """Seconds until every request was answered, as many at a time as there are connections."""
    waiting = list(reversed(requests))
    async with AsyncExitStack() as stack:
        opened = [await _open(stack, port) for _ in range(connections)]
        started = time.perf_counter()

        async def work(connection: Connection) -> None:
            while waiting:
                await connection.exchange(waiting.pop())

        await asyncio.gather(*map(work, opened))
        return time.perf_counter() - started


async def steady(
    port: int, requests: Sequence[bytes], per_second: float, connections: int
) -> list[float]:
    """Seconds that each request took, counted from the moment at which it was due."""
    took: list[float] = []
    queue: asyncio.Queue[tuple[float, bytes] | None] = asyncio.Queue()
    async with AsyncExitStack() as stack:
        opened = [await _open(stack, port) for _ in range(connections)]

        async def work(connection: Connection) -> None:
            while (due := await queue.get()) is not None:
                moment, one = due
                await connection.exchange(one)
                took.append(time.perf_counter() - moment)

        workers = [asyncio.ensure_future(work(connection)) for connection in opened]
        started = time.perf_counter()
        for number, one in enumerate(requests):
            moment = started + number / per_second
            await asyncio.sleep(max(0.0, moment - time.perf_counter()))
            queue.put_nowait((moment, one))
        for _ in workers:
            queue.put_nowait(None)
        await asyncio.gather(*workers)
    return took


async def _open(stack: AsyncExitStack, port: int) -> Connection:
    connection = Connection(*await asyncio.open_connection("127.0.0.1", port))
    stack.push_async_callback(connection.close)
    return connection
