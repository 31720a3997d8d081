"""What only one process at a time may do: publish, and watch deadlines, each under a lock."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import asyncpg
from motcua_contracts.topics import DOSSIER_STATES, topics
from motcua_platform.errors import Transient

from motcua_processing.adapters.notice_books import PostgresNotices
from motcua_processing.adapters.notices_topic import NoticesTopic
from motcua_processing.adapters.publications import (
    ADMIN_LANE,
    NOTICES_LANE,
    QUARANTINE_LANE,
    Publications,
)
from motcua_processing.adapters.states_topic import StatesTopic
from motcua_processing.application.notice_deadlines import Watcher
from motcua_processing.entrypoints.notices import CaughtUp, Offsets, refill_lost, watch_deadlines
from motcua_processing.entrypoints.publisher import Wake, publish_lane, publish_pending
from motcua_processing.patience import RETRY_SECONDS, patiently

if TYPE_CHECKING:
    from motcua_kernel.instant import Instant
    from motcua_kernel.registry import Registry
    from motcua_platform.process import Failpoints

    from motcua_processing.adapters.telling import Telling
    from motcua_processing.settings import Settings


class LockedLanes:
    """The works of a processing process that take turns with those of other processes."""

    def __init__(
        self,
        settings: Settings,
        pool: asyncpg.Pool,
        *,
        wake: Wake,
        failpoints: Failpoints,
        published: Callable[[int, float], None],
        now: Callable[[], Instant],
        registry: Callable[[], Registry],
        ends: Offsets,
        telling: Telling,
    ) -> None:
        self._settings = settings
        self._pool = pool
        self._books = Publications(pool, settings.database_schema)
        self._states = topics()[DOSSIER_STATES]
        self._wake = wake
        self._failpoints = failpoints
        self._published = published
        self._now = now
        self._registry = registry
        self._ends = ends
        self._telling = telling

    async def publish(self, lane: int) -> None:
        """Publish a lane while its lock is held."""
        settings = self._settings
        states = StatesTopic(
            settings.kafka,
            self._states.name,
            self._states.partitions,
            f"{settings.database_schema}.states.{lane}",
        )

        async def work() -> None:
            await states.start()
            await publish_lane(
                self._books, states, lane, self._wake, self._failpoints, published=self._published
            )

        try:
            await self._while_locked(lane, work)
        finally:
            await states.stop()

    async def publish_quarantine(self) -> None:
        """Publish what was set aside."""
        await self._while_locked(
            QUARANTINE_LANE,
            lambda: publish_pending(
                self._books.pending_quarantine,
                self._telling.quarantined,
                self._books.quarantine_published,
                self._wake,
            ),
        )

    async def publish_admin_events(self) -> None:
        """Publish decisions."""
        await self._while_locked(
            ADMIN_LANE,
            lambda: publish_pending(
                self._books.pending_admin_events,
                self._telling.admin_event,
                self._books.admin_events_published,
                self._wake,
            ),
        )

    async def watch_deadlines(self) -> None:
        """Send the notices of deadlines."""
        settings = self._settings
        notices = PostgresNotices(
            settings.database_url.get_secret_value(), settings.database_schema
        )
        topic = NoticesTopic(settings.kafka)
        watcher = Watcher(
            notices,
            topic,
            now=self._now,
            registry=self._registry,
            failpoints=self._failpoints,
        )
        caught_up = CaughtUp(self._ends, notices.applied)

        async def work() -> None:
            await patiently(notices.start)
            await patiently(topic.start)
            await patiently(lambda: refill_lost(settings.kafka, notices))
            await watch_deadlines(
                watcher, notices, self._wake, caught_up, settings.notice_tick_seconds
            )

        try:
            await self._while_locked(NOTICES_LANE, work)
        finally:
            await notices.stop()
            await topic.stop()

    async def _while_locked(self, lane: int, work: Callable[[], Awaitable[None]]) -> None:
        """Do work for as long as the lock of a lane is held; a lost lock ends the process."""
        connection = await asyncpg.connect(self._settings.database_url.get_secret_value())
        while not await self._books.try_lock(connection, lane):  # noqa: ASYNC110 - no bell rings
            await asyncio.sleep(RETRY_SECONDS)
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        working = asyncio.ensure_future(work())
        watching = asyncio.ensure_future(lost.wait())
        try:
            done, _ = await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
            if watching in done:
                raise Transient(f"the lock of publication lane {lane} was lost")
            working.result()
        finally:
            working.cancel()
            watching.cancel()
            connection.terminate()
