"""The parts of intake put together."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from motcua_platform.access.guard import Guard, install_guard
from motcua_platform.domain_clock import DomainClock
from motcua_platform.kafka import make_broker
from motcua_platform.process import Failpoints, crash_on_error
from motcua_platform.registry_feed import RegistryFeed
from motcua_platform.service import make_app
from prometheus_client import CollectorRegistry

from motcua_intake.adapters.gate_feed import GateFeed
from motcua_intake.adapters.kafka_log import KafkaEventLog
from motcua_intake.adapters.processing import Processing
from motcua_intake.adapters.tables.reading import TableProcess
from motcua_intake.application.accept import AcceptEvents
from motcua_intake.application.import_tables import ImportTables
from motcua_intake.application.sync_portal import SyncPortal
from motcua_intake.domain.gates import Gates
from motcua_intake.domain.recent import RecentEvents
from motcua_intake.entrypoints.admission import Admission
from motcua_intake.entrypoints.body import BodyReader
from motcua_intake.entrypoints.following import following_router
from motcua_intake.entrypoints.http import events_router
from motcua_intake.entrypoints.imports import Limits, imports_router
from motcua_intake.entrypoints.metrics import IntakeMetrics, TimedLog
from motcua_intake.entrypoints.openapi import install_openapi
from motcua_intake.entrypoints.portal import portal_router
from motcua_intake.entrypoints.speaking import Speaking

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from contextlib import AbstractAsyncContextManager

    from fastapi import FastAPI

    from motcua_intake.application.ports import Clock, EventLog, RegistrySource
    from motcua_intake.settings import IntakeSettings


@dataclass(frozen=True)
class World:
    """What intake stands on; tests put fakes here."""

    log: EventLog
    registry: RegistrySource
    clock: Clock
    running: AbstractAsyncContextManager[None]
    """Entered while the app serves."""
    gates: Gates
    """The publishers that it is closed to."""
    processing: Processing | None = None
    """Where processing answers what became of an event."""


def kafka_world(settings: IntakeSettings) -> World:
    """The real world: Kafka."""
    broker = make_broker(settings.kafka, "motcua-intake")
    feed = RegistryFeed(broker, refuse_mapping=settings.environment == "production")
    gates = Gates(are_known=False)
    gate_feed = GateFeed(broker, gates)
    log = KafkaEventLog(broker, settings.log_patience.total_seconds())

    async def connect() -> None:
        await log.connect()
        await feed.start()
        await gate_feed.start()

    @asynccontextmanager
    async def running() -> AsyncGenerator[None]:
        connecting = asyncio.ensure_future(crash_on_error(connect)())
        try:
            yield
        finally:
            connecting.cancel()
            await log.close()
            await broker.stop()

    following = Processing(settings.processing_url) if settings.processing_url else None
    return World(log, feed, DomainClock(feed.current), running(), gates, following)


def build_app(settings: IntakeSettings, world: World) -> FastAPI:
    """The app of intake on a world."""
    collectors = CollectorRegistry()
    following = world.processing
    metrics = IntakeMetrics(collectors, world.gates)
    accept = AcceptEvents(
        TimedLog(world.log, metrics),
        world.registry,
        world.clock,
        RecentEvents(settings.recent_events),
        Failpoints(settings.failpoint),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with world.running:
            yield
        if following is not None:
            await following.close()

    def readiness() -> dict[str, bool]:
        return {
            "registry": world.registry.is_complete,
            "gates": world.gates.are_known,
            "kafka": world.log.is_reachable,
        }

    def may_judge() -> bool:
        return world.registry.is_complete and world.gates.are_known

    guard = Guard(world.registry.current, may_judge, world.clock.now, settings)
    speaking = Speaking(guard, world.gates, settings.events_per_minute, settings.events_per_day)
    app = make_app("Motcua intake", lifespan, readiness, collectors, settings)
    install_guard(app, guard)
    app.include_router(
        events_router(
            accept,
            speaking,
            Admission(settings.max_active, settings.max_waiting),
            metrics,
            BodyReader(settings.body_limit, settings.body_patience),
        )
    )
    app.include_router(
        imports_router(
            ImportTables(TableProcess(), accept, world.registry, world.clock),
            world.registry,
            speaking,
            Admission(settings.max_imports, 0),
            metrics,
            Limits(settings.import_limit, settings.import_patience),
        )
    )
    app.include_router(
        portal_router(
            SyncPortal(accept, world.registry, world.clock),
            speaking,
            Admission(settings.max_active, settings.max_waiting),
            metrics,
            settings.body_limit,
            settings.body_patience,
        )
    )
    if following is not None:
        app.include_router(following_router(speaking, following))
    install_openapi(app)
    return app
