"""The publishing loop of one lane, and that of rows that wait for publication one by one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

import structlog
from motcua_platform.errors import Transient
from motcua_platform.process import Failpoints

from motcua_processing.adapters.postgres import transient_errors
from motcua_processing.adapters.publications import Publications
from motcua_processing.application.publish_states import MARKS_A_ROUND, States, publish_round

_log = structlog.get_logger()


IDLE_SECONDS = 5.0
_BACKOFF_SECONDS = 0.2


class Wake:
    """Wakes waiting publishers when something was marked."""

    def __init__(self) -> None:
        self._count = 0
        self._condition = asyncio.Condition()

    def ticket(self) -> int:
        """The state of affairs before looking for work."""
        return self._count

    async def ring(self) -> None:
        """Say that there may be work."""
        async with self._condition:
            self._count += 1
            self._condition.notify_all()

    async def wait(self, ticket: int, seconds: float) -> None:
        """Wait until rung since `ticket`, but not longer than `seconds`."""
        try:
            async with asyncio.timeout(seconds), self._condition:
                await self._condition.wait_for(lambda: self._count != ticket)
        except TimeoutError:
            return


async def publish_lane(
    books: Publications,
    states: States,
    lane: int,
    wake: Wake,
    failpoints: Failpoints,
    *,
    published: Callable[[int, float], None],
) -> None:
    """Publish for ever what is marked in a lane whose lock is held.

    `published` is told of each round: how many states, and seconds.
    """
    while True:
        ticket = wake.ticket()
        started = time.perf_counter()
        try:
            written = await publish_round(books, states, lane, failpoints)
        except transient_errors() as error:
            _log.warning("publication_waits", lane=lane, error=type(error).__name__)
            await asyncio.sleep(_BACKOFF_SECONDS)
            continue
        if not written:
            await wake.wait(ticket, IDLE_SECONDS)
            continue
        published(written, time.perf_counter() - started)


async def publish_pending(
    pending: Callable[[int], Awaitable[list[tuple[str, bytes]]]],
    send: Callable[[str, bytes], Awaitable[None]],
    published: Callable[[Sequence[str]], Awaitable[None]],
    wake: Wake,
) -> None:
    """Publish for ever rows that wait for it, under names that no repetition changes."""
    while True:
        ticket = wake.ticket()
        try:
            rows = await pending(MARKS_A_ROUND)
            for name, record in rows:
                await send(name, record)
            if rows:
                await published([name for name, _ in rows])
                continue
        except (*transient_errors(), Transient) as error:
            _log.warning("publication_waits", error=type(error).__name__)
            await asyncio.sleep(_BACKOFF_SECONDS)
            continue
        await wake.wait(ticket, IDLE_SECONDS)
