"""Read the registry once, from its start to its end as of now, for tools that do not follow it."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# The annotations of aiokafka are incomplete.

from __future__ import annotations

from typing import Any

from aiokafka import TopicPartition
from motcua_contracts.topics import REGISTRY_EVENTS
from motcua_kernel.instant import Instant
from motcua_kernel.registry import Entry, Registry

from motcua_platform.domain_clock import DomainClock
from motcua_platform.errors import Unreadable
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.log_reader import log_consumer, read_partition
from motcua_platform.registry_codec import entry_from_value
from motcua_platform.registry_history import RegistryHistory


async def read_registry(kafka: KafkaConnection) -> Registry:
    """The registry as the log has it now; entries that cannot be read are left out."""
    return Registry().with_entries(await read_entries(kafka))


async def read_history(kafka: KafkaConnection) -> RegistryHistory:
    """The registry with the moments at which its entries were recorded."""
    timed = await _read_timed(kafka)
    entries = [entry for _, entry in timed]
    registry = Registry().with_entries(entries)
    clock = DomainClock(lambda: registry)
    history = RegistryHistory()
    history.append(registry, entries, [clock.recorded_at(moment) for moment, _ in timed])
    return history


async def read_entries(kafka: KafkaConnection) -> list[tuple[int, Entry]]:
    """The entries of the registry with their offsets, as the log has them now."""
    return [entry for _, entry in await _read_timed(kafka)]


async def _read_timed(kafka: KafkaConnection) -> list[tuple[int, tuple[int, Entry]]]:
    """The entries with the moments at which the broker appended them."""
    entries: list[tuple[int, tuple[int, Entry]]] = []
    partition = TopicPartition(REGISTRY_EVENTS, 0)
    async with log_consumer(kafka) as consumer:
        ends: Any = await consumer.end_offsets([partition])
        async for records in read_partition(consumer, partition, 0, ends[partition]):
            for record in records:
                try:
                    entry = entry_from_value(record.value or b"", Instant(record.timestamp))
                except Unreadable:
                    continue
                entries.append((record.timestamp, (record.offset, entry)))
    return entries
