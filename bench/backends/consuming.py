"""What decoding costs below each backend, beside the bare loop of its library."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from aiokafka import AIOKafkaConsumer
from confluent_kafka import Consumer
from motcua_contracts.topics import DOSSIER_EVENTS
from motcua_kernel.events import Event
from motcua_kernel.instant import Instant
from motcua_platform.dossier_codec import event_from_record, event_headers, event_to_value

from bench.backends.subscription import (
    BACKENDS,
    POLL_MS,
    Backend,
    Polled,
    Wanted,
    partition_and_offset,
    subscribed,
)
from bench.backends.tables import table

_NOW = Instant(1_604_052_000_000)


@dataclass(frozen=True, slots=True)
class Cost:
    """One run: CPU of all threads over all records; the rate after the first batch."""

    rate: float
    cpu_us: float
    mean_batch: float
    mean_partitions: float


class Meter:
    """Counts batches until all records have come."""

    def __init__(self, expected: int) -> None:
        self._expected = expected
        self._cpu = time.process_time()
        self._first_at = 0.0
        self._first = self._seen = 0
        self._partitions: list[int] = []
        self.complete = asyncio.Event()
        self.cost: Cost | None = None

    def count(self, records: Sequence[Any]) -> None:
        """Note a decoded batch."""
        if not self._seen:
            self._first_at, self._first = time.monotonic(), len(records)
        self._seen += len(records)
        self._partitions.append(len({partition_and_offset(one)[0] for one in records[::5]}))
        if self._seen >= self._expected:
            seconds = time.monotonic() - self._first_at
            self.cost = Cost(
                (self._seen - self._first) / seconds,
                (time.process_time() - self._cpu) / self._seen * 1e6,
                self._seen / len(self._partitions),
                statistics.mean(self._partitions),
            )
            self.complete.set()


def _decode_aiokafka(records: Sequence[Any]) -> None:
    for one in records:
        event_from_record(one.value, one.headers, _NOW)


def _decode_confluent(records: Sequence[Any]) -> None:
    for one in records:
        event_from_record(one.value(), one.headers(), _NOW)


_DECODE: dict[Backend, Callable[[Sequence[Any]], None]] = {
    "aiokafka": _decode_aiokafka,
    "confluent": _decode_confluent,
}


def _group() -> str:
    return f"bench-consuming-{uuid4()}"


async def _faststream(backend: Backend, bootstrap: str, size: int, meter: Meter) -> None:
    decode = _DECODE[backend]

    async def handle(polled: Polled) -> None:
        decode(polled.records)
        meter.count(polled.records)

    wanted = Wanted(backend, bootstrap, DOSSIER_EVENTS, _group(), size)
    broker, subscriber = subscribed(wanted, handle)
    await broker.connect()
    await subscriber.start()
    await asyncio.wait_for(meter.complete.wait(), 120)
    await subscriber.stop()
    await broker.stop()


async def _bare_aiokafka(bootstrap: str, size: int, meter: Meter) -> None:
    consumer: Any = AIOKafkaConsumer(
        DOSSIER_EVENTS,
        bootstrap_servers=bootstrap,
        group_id=_group(),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        fetch_max_bytes=16 * 1024 * 1024,
        max_partition_fetch_bytes=2 * 1024 * 1024,
    )
    await consumer.start()
    while meter.cost is None:
        polled = await consumer.getmany(timeout_ms=POLL_MS, max_records=size)
        records = [one for part in polled.values() for one in part]
        if records:
            _decode_aiokafka(records)
            meter.count(records)
    await consumer.stop()


async def _bare_confluent(bootstrap: str, size: int, meter: Meter) -> None:
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": _group(),
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "fetch.max.bytes": 16 * 1024 * 1024,
            "max.partition.fetch.bytes": 2 * 1024 * 1024,
        }
    )
    consumer.subscribe([DOSSIER_EVENTS])
    while meter.cost is None:
        records = [one for one in consumer.consume(size, POLL_MS / 1000) if not one.error()]
        if records:
            _decode_confluent(records)
            meter.count(records)
    consumer.close()


def _decode_alone(events: Sequence[Event]) -> float:
    """CPU µs a record of decoding alone, without a client."""
    values = [(event_to_value(one), event_headers(one)) for one in events]
    cpu = time.process_time()
    for value, headers in values:
        event_from_record(value, headers, _NOW)
    return (time.process_time() - cpu) / len(values) * 1e6


async def consuming(bootstrap: str, district: Sequence[Event], records: int, rounds: int) -> None:
    """Every way in turn, `rounds` times after one round that warms up; prints a table."""
    bare = {"aiokafka": _bare_aiokafka, "confluent": _bare_confluent}
    costs: dict[tuple[str, str, int], list[Cost]] = {}
    alone: list[float] = []
    for turn in range(rounds + 1):
        alone.append(_decode_alone(district))
        for size in (500, 8_000):
            for backend in BACKENDS:
                for way in ("bare loop", "FastStream"):
                    meter = Meter(records)
                    if way == "FastStream":
                        await _faststream(backend, bootstrap, size, meter)
                    else:
                        await bare[backend](bootstrap, size, meter)
                    if turn and meter.cost:
                        costs.setdefault((backend, way, size), []).append(meter.cost)
    rows: list[list[str]] = []
    for (backend, way, size), runs in sorted(costs.items(), key=lambda item: item[0][::-1]):
        cpu = [run.cpu_us for run in runs]
        least = min(one.cpu_us for one in costs["confluent", "bare loop", size])
        rows.append(
            [
                backend,
                way,
                f"{size:,}",
                f"{statistics.median(run.rate for run in runs):,.0f}",
                f"{statistics.median(cpu):.1f} ({min(cpu):.1f} to {max(cpu):.1f})",
                f"{min(cpu) / least:.2f}",
                f"{runs[-1].mean_batch:,.0f}",
                f"{runs[-1].mean_partitions:.1f}",
            ]
        )
    table(
        [
            "backend",
            "way",
            "asked batch",
            "records/s (median)",
            "CPU µs a record (median, range)",
            "least CPU beside the bare confluent loop's",
            "mean batch",
            "partitions in a batch",
        ],
        rows,
    )
    print(f"decoding alone: {statistics.median(alone):.1f} ({min(alone):.1f} to {max(alone):.1f})")
