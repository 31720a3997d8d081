"""The one place that knows which adapter fills which port."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Collection, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import structlog
from fastapi import FastAPI
from motcua_contracts.topics import DOSSIER_STATES, topics
from motcua_kernel.registry import Entry, Registry
from motcua_platform.access.guard import Guard, install_guard
from motcua_platform.domain_clock import DomainClock, real_now
from motcua_platform.errors import Transient
from motcua_platform.kafka import make_broker
from motcua_platform.process import Failpoints, crash_on_error
from motcua_platform.registry_feed import RegistryFeed
from motcua_platform.service import make_app
from prometheus_client import CollectorRegistry
from sqlalchemy.ext.asyncio import create_async_engine

from motcua_processing.adapters.admin_events import refill_admin_events
from motcua_processing.adapters.board_trends import BoardTrends
from motcua_processing.adapters.event_logs import EventLogs
from motcua_processing.adapters.log_books import ForeignLog
from motcua_processing.adapters.postgres import PostgresStore, connect
from motcua_processing.adapters.previews import PreviewsInPostgres
from motcua_processing.adapters.projections import SqlProjections
from motcua_processing.adapters.publications import Publications
from motcua_processing.adapters.publisher_activity import PublisherActivity
from motcua_processing.adapters.publisher_gates import PublisherGates
from motcua_processing.adapters.reporting_books import keep_reporting
from motcua_processing.adapters.set_aside import SetAsideInPostgres
from motcua_processing.adapters.states_topic import lane_of
from motcua_processing.adapters.telling import Telling
from motcua_processing.adapters.wake import WAKE_CHANNEL
from motcua_processing.application.apply_batch import Applied, Batch, apply_batch
from motcua_processing.application.refolding import refold_outdated
from motcua_processing.application.registry_works import begin_work
from motcua_processing.entrypoints.board.routes import board_routes
from motcua_processing.entrypoints.events import EventsConsumer
from motcua_processing.entrypoints.following import following_routes
from motcua_processing.entrypoints.gates import gate_routes
from motcua_processing.entrypoints.http import Sources, routes
from motcua_processing.entrypoints.metrics import ProcessingMetrics
from motcua_processing.entrypoints.public import public_routes
from motcua_processing.entrypoints.publisher import Wake
from motcua_processing.entrypoints.quarantine import quarantine_routes
from motcua_processing.entrypoints.recalculation import do_works, recalculation_routes
from motcua_processing.locked_lanes import LockedLanes
from motcua_processing.migrate import sqlalchemy_url
from motcua_processing.patience import patiently
from motcua_processing.settings import Settings

_log = structlog.get_logger()
_LOG_CHECK_SECONDS = 30.0


class Processing:
    """A processing process: consumer, publishers, and the answers to questions."""

    def __init__(self, settings: Settings) -> None:
        """Put the parts together; nothing connects before `run`."""
        self.settings = settings
        self.metrics = CollectorRegistry()
        self._broker = make_broker(settings.kafka, "motcua-processing")
        self._feed = RegistryFeed(
            self._broker,
            refuse_mapping=settings.environment == "production",
            on_entries=self._on_registry,
        )
        self._clock = DomainClock(self._feed.current)
        self._seen = ProcessingMetrics(self.metrics, self._feed.current, real_now)
        self._failpoints = Failpoints(settings.failpoint)
        self._logs = EventLogs(settings.kafka)
        self._telling = Telling(self._broker)
        self._wake = Wake()
        self._one_at_a_time = asyncio.Lock()
        self._states = topics()[DOSSIER_STATES]
        self._consuming = False
        self._foreign_log = False
        self._events = EventsConsumer(
            self._broker,
            settings,
            clock=self._clock,
            apply=self._apply,
            next_offsets=self._next_offsets,
            registry_up_to_date=self._feed.up_to_date,
            as_known=self._feed.history.as_known,
        )
        self._tasks: list[asyncio.Task[Any]] = []

    def app(self) -> FastAPI:
        """The HTTP app, whose lifespan is the process's."""
        app = make_app(
            "Motcua processing", self._lifespan, self._readiness, self.metrics, self.settings
        )
        self._engine = create_async_engine(
            sqlalchemy_url(self.settings.database_url.get_secret_value()),
            pool_size=4,
            connect_args={"server_settings": {"search_path": self.settings.database_schema}},
        )
        desk = SetAsideInPostgres(lambda: self._pool)
        self._projections = SqlProjections(self._engine)
        sources = Sources(
            self._projections,
            self._feed.current,
            self._clock.now,
            self._logs.ends,
            self._feed.history,
            desk,
        )
        install_guard(
            app,
            Guard(
                self._feed.current, lambda: self._feed.is_complete, self._clock.now, self.settings
            ),
        )
        app.include_router(routes(sources))
        app.include_router(board_routes(sources, BoardTrends(self._engine)))
        app.include_router(following_routes(sources, desk))
        app.include_router(gate_routes(PublisherGates(lambda: self._pool), self._clock.now))
        app.include_router(quarantine_routes(desk, self._feed.current, self._clock.now))
        if self.settings.public_totals:
            app.include_router(public_routes(sources, smallest=self.settings.small_cell))
        app.include_router(
            recalculation_routes(
                lambda: PreviewsInPostgres(self._pool),
                lambda: Publications(self._pool, self.settings.database_schema),
                self._feed.current,
                self._clock.now,
            )
        )
        return app

    def _readiness(self) -> dict[str, bool]:
        return {"registry": self._feed.is_complete, "consuming": self._consuming}

    @asynccontextmanager
    async def _lifespan(self, _: FastAPI) -> AsyncGenerator[None]:
        settings = self.settings
        self._pool = await patiently(
            lambda: connect(settings.database_url.get_secret_value(), settings.database_schema)
        )
        self._store = PostgresStore(self._pool, self._lane_of)
        await self._broker.connect()
        await self._feed.start()
        lanes = self._lanes()
        self._start(self._consume(lanes))
        self._start(self._watch_log())
        self._start(self._ring_on_notice())
        self._start(lanes.publish_quarantine())
        self._start(lanes.publish_admin_events())
        yield
        if self._consuming:
            await self._events.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._feed.stop()
        await self._broker.stop()
        await self._engine.dispose()
        self._pool.terminate()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.ensure_future(crash_on_error(lambda: work)()))

    async def _consume(self, lanes: LockedLanes) -> None:
        """Open the books of the log and consume it, unless it is a foreign one.

        States of another revision of the fold are folded anew first, and only then published.
        """
        registry = await self._feed.complete()
        await patiently(lambda: refill_admin_events(self.settings.kafka, self._pool))
        self._start(self._watch_publishers())
        async with self._one_at_a_time:
            await patiently(lambda: refold_outdated(self._store, registry))
        self._start(
            do_works(
                self._store,
                self._feed.current,
                self._feed.history.up_to,
                self._one_at_a_time,
                wake=self._wake,
                failpoints=self._failpoints,
            )
        )
        for lane in range(self.settings.publication_lanes):
            self._start(lanes.publish(lane))
        try:
            await self._next_offsets()
        except ForeignLog as error:
            self._say_foreign(error)
            return
        await self._events.start()
        self._consuming = True
        self._start(lanes.watch_deadlines())
        self._start(self._seen.consumer.watch(self._events.consumer))

    async def _watch_log(self) -> None:
        """A topic created anew while it is read is noticed, and nothing more of it is read.

        Once it is adopted the process ends, and its successor reads it from the start.
        """
        while True:
            await asyncio.sleep(_LOG_CHECK_SECONDS)
            if not self._consuming and not self._foreign_log:
                continue
            try:
                await self._next_offsets()
            except ForeignLog as error:
                if self._consuming:
                    await self._events.stop()
                    self._consuming = False
                    self._say_foreign(error)
                continue
            if self._foreign_log:
                raise Transient("the topic has been adopted: to be read from its start")

    async def _watch_publishers(self) -> None:
        activity = PublisherActivity(lambda: self._pool)

        async def unpublished() -> int:
            _, marks = await self._projections.progress()
            return marks

        await self._seen.watch(
            activity.last_spoke, activity.waiting, unpublished, self._clock.now()
        )

    def _say_foreign(self, error: ForeignLog) -> None:
        self._foreign_log = True
        self._seen.foreign.set(1)
        _log.error("foreign_log", reason=str(error))

    async def _next_offsets(
        self, topics: Collection[str] | None = None
    ) -> dict[tuple[str, int], int]:
        return await patiently(lambda: self._logs.open(self._pool, topics))

    async def _apply(self, batch: Batch) -> Applied:
        async with self._one_at_a_time:
            started = time.perf_counter()
            applied = await apply_batch(self._store, batch, self._feed.registry, self._failpoints)
        self._seen.applied(batch, applied, time.perf_counter() - started)
        if applied.dossiers or applied.quarantined:
            await self._wake.ring()
        return applied

    async def _on_registry(self, registry: Registry, entries: Sequence[tuple[int, Entry]]) -> None:
        """From here on every fold uses the new registry; what it touches is brought up after."""
        now = DomainClock(lambda: registry).now()
        async with self._one_at_a_time:
            begun = await patiently(lambda: begin_work(self._store, registry, entries, now))
            self._feed.registry = registry
        await patiently(lambda: keep_reporting(self._pool, registry, self.settings.small_cell))
        if begun:
            _log.info("registry_work_begun", offset=registry.offset, entries=len(entries))
            await self._wake.ring()

    def _lanes(self) -> LockedLanes:
        return LockedLanes(
            self.settings,
            self._pool,
            wake=self._wake,
            failpoints=self._failpoints,
            published=self._seen.published,
            now=self._clock.now,
            registry=self._feed.current,
            ends=self._logs.ends,
            telling=self._telling,
        )

    def _lane_of(self, code: str) -> int:
        return lane_of(code, self._states.partitions, self.settings.publication_lanes)

    async def _ring_on_notice(self) -> None:
        """Other processes mark dossiers too: PostgreSQL passes their notice on."""
        connection = await asyncpg.connect(self.settings.database_url.get_secret_value())
        rung = asyncio.Event()
        await connection.add_listener(WAKE_CHANNEL, _setter(rung))
        try:
            while not connection.is_closed():
                await rung.wait()
                rung.clear()
                await self._wake.ring()
        finally:
            connection.terminate()


def _setter(event: asyncio.Event) -> Callable[..., None]:
    def rung(*_: object) -> None:
        event.set()

    return rung
