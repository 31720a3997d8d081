"""The registry as a service follows it: read to the end as of its start before anything else."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# The annotations of aiokafka are incomplete.

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

import structlog
from aiokafka import TopicPartition as KafkaPartition
from faststream.kafka import KafkaBroker, TopicPartition
from motcua_contracts.topics import REGISTRY_EVENTS
from motcua_kernel.instant import Instant
from motcua_kernel.registry import ClockMapping, Entry, Registry

from motcua_platform.domain_clock import DomainClock
from motcua_platform.errors import Misconfigured, Unreadable
from motcua_platform.process import crash_on_error
from motcua_platform.records import RecordBatch
from motcua_platform.registry_codec import entry_from_value
from motcua_platform.registry_history import RegistryHistory

OnEntries = Callable[[Registry, Sequence[tuple[int, Entry]]], Awaitable[None]]

_log = structlog.get_logger()


class RegistryFeed:
    """Holds the registry as known now, and says when it is complete as of the start.

    `on_entries` is awaited with the next registry before it becomes the current one, so that a
    service can bring its own books up to date first.
    """

    def __init__(
        self, broker: KafkaBroker, *, refuse_mapping: bool, on_entries: OnEntries | None = None
    ) -> None:
        """Subscribe on the broker; nothing flows before `start`."""
        self.registry = Registry()
        self.history = RegistryHistory()
        self._refuse_mapping = refuse_mapping
        self._on_entries = on_entries
        self._asking: Any = None
        self._target: int | None = None
        self._position = 0
        self._complete = asyncio.Event()
        self._advanced = asyncio.Condition()
        self._subscriber = broker.subscriber(
            partitions=[TopicPartition(REGISTRY_EVENTS, 0)],
            batch=True,
            auto_offset_reset="earliest",
            batch_timeout_ms=200,
            max_records=2000,
        )
        self._subscriber(crash_on_error(self._receive))

    def current(self) -> Registry:
        """The registry as known now."""
        return self.registry

    async def start(self) -> None:
        """Start reading, and fix the end that has to be reached. The broker is connected."""
        # A question on the reading connection would wait behind the fetch that the broker holds.
        self._asking = self._subscriber.builder()
        await self._asking.start()
        await self._subscriber.start()
        partition = KafkaPartition(REGISTRY_EVENTS, 0)
        ends: Any = await self._asking.end_offsets([partition])
        self._target = ends[partition]
        self._check_complete()

    async def up_to_date(self) -> Registry:
        """Read the registry to its end as of now.

        Whoever judges records that are in hand knows every entry that was written before them, so
        that a rebuild, which reads the registry first, comes to the same.
        """
        partition = KafkaPartition(REGISTRY_EVENTS, 0)
        ends: Any = await self._asking.end_offsets([partition])
        async with self._advanced:
            await self._advanced.wait_for(lambda: self._position >= ends[partition])
        return self.registry

    async def complete(self) -> Registry:
        """Wait until the registry as of the start has been read."""
        await self._complete.wait()
        return self.registry

    async def stop(self) -> None:
        """Close the connection that asks; the broker's own end is the broker's business."""
        if self._asking is not None:
            with suppress(asyncio.CancelledError):
                await self._asking.stop()

    @property
    def is_complete(self) -> bool:
        """Whether the registry as of the start has been read."""
        return self._complete.is_set()

    async def _receive(self, batch: RecordBatch) -> None:
        records = batch.records
        entries: list[tuple[int, Entry]] = []
        appended: list[int] = []
        for record in records:
            try:
                entry = entry_from_value(record.value or b"", Instant(record.timestamp))
            except Unreadable as error:
                _log.error("registry_entry_unreadable", offset=record.offset, rule=error.rule)
                continue
            if isinstance(entry, ClockMapping) and self._refuse_mapping:
                raise Misconfigured("production refuses a mapping of domain time")
            entries.append((record.offset, entry))
            appended.append(record.timestamp)
        following = self.registry.with_entries(entries)
        clock = DomainClock(lambda: following)
        self.history.append(following, entries, [clock.recorded_at(time) for time in appended])
        if self._on_entries is not None:
            await self._on_entries(following, entries)
        self.registry = following
        async with self._advanced:
            self._position = records[-1].offset + 1
            self._advanced.notify_all()
        self._check_complete()

    def _check_complete(self) -> None:
        if self._target is not None and self._position >= self._target:
            self._complete.set()
