"""One worker of a rebuild: a process of its own that fills its share of the partitions."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from typing import Any, Final

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from motcua_platform.domain_clock import DomainClock
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.log_reader import log_consumer, read_partition
from motcua_platform.registry_reader import read_history

from motcua_processing.adapters import shadow_fence
from motcua_processing.adapters.bulk import copy_dossiers, copy_journal
from motcua_processing.adapters.postgres import insert_quarantine
from motcua_processing.application.apply_batch import Batch
from motcua_processing.application.ingress import IngressChecks
from motcua_processing.application.ports import QuarantineRow
from motcua_processing.application.rebuild import Rebuilt, rebuild_partition
from motcua_processing.domain.identity import Entry
from motcua_processing.domain.projection import DossierRow
from motcua_processing.entrypoints.reading import read_batch

_ORPHANED: Final = 1


@dataclass(frozen=True, slots=True)
class Share:
    """What a worker is told."""

    kafka: KafkaConnection
    database_url: str
    schema: str
    number: int
    """PostgreSQL's own of the schema."""
    ends: Mapping[tuple[str, int], int]
    """The partitions of this worker, and where each one ends."""
    books: Mapping[tuple[str, int], int]


class _BulkBooks:
    def __init__(self, connection: Any, books: Mapping[tuple[str, int], int]) -> None:
        self._connection = connection
        self._books = books

    async def add(self, entries: Sequence[Entry]) -> None:
        await copy_journal(self._connection, entries, self._books)

    async def put(self, rows: Sequence[DossierRow]) -> None:
        await copy_dossiers(self._connection, rows)

    async def quarantine(self, rows: Sequence[QuarantineRow]) -> None:
        await insert_quarantine(self._connection, rows)


def end_with_parent() -> None:
    """See to it that this process ends when the rebuild is killed, whatever it waits for.

    A pool's process that lost its parent would finish its share, and then wait for ever for the
    next one.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_die_after, args=(parent,), daemon=True).start()


def _die_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(_ORPHANED)


def work(share: Share) -> tuple[int, int, int]:
    """Fill the share; returns records, events and dossiers. Runs in its own process."""
    gc.disable()  # everything is kept until its partition is folded, and nothing is cyclic
    return asyncio.run(_work(share))


async def _work(share: Share) -> tuple[int, int, int]:
    history = await read_history(share.kafka)
    registry = history.newest
    clock = DomainClock(lambda: registry)
    checks = IngressChecks(history.as_known)
    connection = await asyncpg.connect(
        share.database_url, server_settings={"search_path": share.schema}
    )
    total = Rebuilt()
    try:
        await shadow_fence.enter(connection, share.schema, share.number)
        async with log_consumer(share.kafka) as consumer:
            for partition, end in share.ends.items():
                batches = _batches(consumer, TopicPartition(*partition), end, clock, checks)
                done = await rebuild_partition(
                    batches, _BulkBooks(connection, share.books), registry
                )
                total.records += done.records
                total.events += done.events
                total.dossiers += done.dossiers
    finally:
        await connection.close()
    return total.records, total.events, total.dossiers


async def _batches(
    consumer: AIOKafkaConsumer,
    partition: TopicPartition,
    end: int,
    clock: DomainClock,
    checks: IngressChecks,
) -> AsyncIterator[Batch]:
    async for records in read_partition(consumer, partition, 0, end):
        yield read_batch(records, clock, checks)
