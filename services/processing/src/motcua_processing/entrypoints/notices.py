"""The loop that watches deadlines, for the one process that holds its lock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import structlog
from motcua_contracts.topics import DEADLINE_NOTICES
from motcua_platform.errors import Transient
from motcua_platform.kafka_connection import KafkaConnection

from motcua_processing.adapters.log_identity import log_identity
from motcua_processing.adapters.notice_books import PostgresNotices
from motcua_processing.adapters.notices_topic import read_notices
from motcua_processing.application.notice_deadlines import Watcher
from motcua_processing.entrypoints.publisher import Wake

_log = structlog.get_logger()

RESTS_FOR_WORK: Final = 50
"""After a round the loop rests so many times as long as the round took."""
_LONGEST_REST_SECONDS: Final = 10.0
_CAUGHT_UP_SECONDS: Final = 10.0
_RETRY_SECONDS: Final = 0.5

Offsets = Callable[[], Awaitable[Mapping[tuple[str, int], int]]]


class CaughtUp:
    """Whether all that the log held a short while ago has been applied.

    A notice is not decided from a dossier whose later events are still to be read, after an
    outage of ours or of Kafka.
    """

    def __init__(self, ends: Offsets, applied: Offsets) -> None:
        """`ends` asks the broker, `applied` the books."""
        self._ends = ends
        self._applied = applied
        self._target: Mapping[tuple[str, int], int] = {}
        self._asked_at = 0.0
        self._reached_at: float | None = None

    async def __call__(self) -> bool:
        """Ask; a yes holds for some seconds.

        Raises:
            Transient: Kafka is away.
        """
        now = time.monotonic()
        if self._reached_at is not None and now - self._reached_at < _CAUGHT_UP_SECONDS:
            return True
        if self._reached_at is not None or not self._target:
            self._target, self._reached_at = await self._ends(), None
            self._asked_at = now
        applied = await self._applied()
        if all(applied.get(partition, 0) >= end for partition, end in self._target.items()):
            self._reached_at = self._asked_at
            return True
        return False


async def watch_deadlines(
    watcher: Watcher,
    books: PostgresNotices,
    wake: Wake,
    caught_up: Callable[[], Awaitable[bool]],
    tick_seconds: float,
) -> None:
    """Watch for ever; the books are connected anew when the database was away."""
    ticket = wake.ticket() - 1
    while True:
        started = time.monotonic()
        try:
            if wake.ticket() != ticket:
                ticket = wake.ticket()
                watcher.ring()
            if watcher.has_work() and await caught_up():
                sent = await watcher.round()
                if sent:
                    _log.info("notices_sent", notices=sent)
        except Transient as error:
            _log.warning("notices_wait", reason=str(error))
            watcher.forget()
            await start_patiently(books.start)
        spent = time.monotonic() - started
        await asyncio.sleep(max(tick_seconds, min(_LONGEST_REST_SECONDS, RESTS_FOR_WORK * spent)))


async def refill_lost(kafka: KafkaConnection, books: PostgresNotices) -> None:
    """Books without a notice may be new ones made from the log: what it tells was told already."""
    if await books.are_empty():
        ends = (await log_identity(kafka, DEADLINE_NOTICES)).ends
        await books.refill(read_notices(kafka, DEADLINE_NOTICES, {}, ends))


async def start_patiently(start: Callable[[], Awaitable[None]]) -> None:
    """Connect, however long what is to be connected to is away."""
    while True:
        try:
            return await start()
        except Transient as error:
            _log.warning("notices_wait", reason=str(error))
            await asyncio.sleep(_RETRY_SECONDS)
