"""What a batch means on each backend: span, failures, seeking, commits, errors, odd records."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import psutil
from confluent_kafka import Producer
from faststream import AckPolicy

from bench.backends.subscription import (
    BACKENDS,
    Backend,
    Handle,
    Polled,
    Wanted,
    partition_and_offset,
    subscribed,
)
from bench.backends.tables import table
from bench.backends.topic import new_topic

_PARTITIONS, _EACH, _SIZE = 3, 100, 64
_ALL = {(part, offset) for part in range(_PARTITIONS) for offset in range(_EACH)}
_POLICIES = (
    AckPolicy.ACK_FIRST,
    AckPolicy.ACK,
    AckPolicy.REJECT_ON_ERROR,
    AckPolicy.NACK_ON_ERROR,
    AckPolicy.MANUAL,
)
_FIRST_SECONDS, _IDLE_SECONDS, _SUSPENDED_SECONDS = 8.0, 1.0, 1.5


class BatchError(Exception):
    """The handler could not do its work."""


@dataclass(slots=True)
class Ledger:
    """What a handler has applied; `offsets` is what a database would hold in the same commit."""

    fails: Callable[[int], bool]
    applied: Counter[tuple[int, int]] = field(default_factory=Counter[tuple[int, int]])
    offsets: dict[int, int] = field(default_factory=dict[int, int])
    spans: list[int] = field(default_factory=list[int])
    failed: int = 0

    async def handle(self, polled: Polled) -> None:
        """Apply a batch whole, or fail whole."""
        places = [partition_and_offset(one) for one in polled.records]
        self.spans.append(len({partition for partition, _ in places}))
        if self.fails(len(self.spans)):
            self.failed += 1
            raise BatchError
        self.applied.update(places)
        self.offsets |= {partition: offset + 1 for partition, offset in places}

    async def stored(self) -> dict[int, int]:
        """Where reading goes on."""
        return dict(self.offsets)

    @property
    def missing(self) -> int:
        """Records that no successful batch held."""
        return len(_ALL - self.applied.keys())

    @property
    def repeated(self) -> int:
        """Records applied more than once."""
        return sum(times > 1 for times in self.applied.values())


async def _live(
    wanted: Wanted, handle: Handle, *, until: Callable[[], bool] = lambda: False
) -> None:
    """Consume until `until` holds or nothing has come for a second."""
    last = time.monotonic() + _FIRST_SECONDS

    async def noted(polled: Polled) -> None:
        nonlocal last
        last = time.monotonic() + _IDLE_SECONDS
        await handle(polled)

    broker, subscriber = subscribed(wanted, noted)
    await broker.connect()
    await subscriber.start()
    while time.monotonic() < last and not until():  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    await subscriber.stop()
    await broker.stop()


def _topic(bootstrap: str, partitions: int, records: Sequence[dict[str, Any]]) -> str:
    name = f"bench-semantics-{uuid4()}"
    new_topic(bootstrap, name, partitions)
    producer = Producer({"bootstrap.servers": bootstrap})
    for record in records:
        producer.produce(name, **record)
    producer.flush()
    return name


def _three_partitions(bootstrap: str) -> str:
    return _topic(
        bootstrap,
        _PARTITIONS,
        [{"value": b"x", "partition": part} for part, _ in sorted(_ALL, key=lambda one: one[1])],
    )


async def _policy(backend: Backend, bootstrap: str, policy: AckPolicy) -> list[str]:
    """The second batch fails once; the consumer runs on, and is started again at the end."""
    name = _three_partitions(bootstrap)
    wanted = Wanted(backend, bootstrap, name, name, _SIZE, own_parser=False, policy=policy)
    ledger = Ledger(lambda number: number == 2)  # noqa: PLR2004
    await _live(wanted, ledger.handle)
    running_on = ledger.missing
    await _live(wanted, ledger.handle)
    return [
        backend,
        policy.name,
        str(max(ledger.spans)),
        *map(str, (running_on, ledger.missing, ledger.repeated)),
    ]


async def _our_way(backend: Backend, bootstrap: str) -> list[str]:
    """Manual, own parser; a failure ends the consumer; partitions are sought to the ledger's."""
    name = _three_partitions(bootstrap)
    ledger = Ledger(lambda number: number > 1)
    wanted = Wanted(backend, bootstrap, name, name, _SIZE, offsets=ledger.stored)
    await _live(wanted, ledger.handle, until=lambda: ledger.failed > 0)
    ended = ledger.missing
    ledger.fails = lambda _: False
    await _live(wanted, ledger.handle)
    results = map(str, (ended, ledger.missing, ledger.repeated))
    return [backend, "MANUAL, end at a failure, seek", str(max(ledger.spans)), *results]


async def _attempts(backend: Backend, bootstrap: str) -> str:
    """How often a batch that always fails comes back under NACK_ON_ERROR."""
    name = _three_partitions(bootstrap)
    wanted = Wanted(
        backend, bootstrap, name, name, _SIZE, own_parser=False, policy=AckPolicy.NACK_ON_ERROR
    )
    ledger = Ledger(lambda _: True)
    began = 0.0

    def over() -> bool:
        nonlocal began
        began = began or (time.monotonic() if ledger.failed else 0.0)
        return bool(began) and time.monotonic() > began + 2

    await _live(wanted, ledger.handle, until=over)
    return f"{ledger.failed / 2:,.0f} a second"


def _kafka() -> list[psutil.Process]:
    """The broker and whatever stands between it and us."""
    children = psutil.Process().children(recursive=True)
    return [each for each in children if any("kafka.Kafka" in word for word in each.cmdline())]


def _resume(processes: Sequence[psutil.Process]) -> None:
    for process in processes:
        process.resume()


async def _acknowledging(backend: Backend, bootstrap: str) -> str:
    """How long `ack` takes while the broker is suspended for 1.5 s."""
    name = _three_partitions(bootstrap)
    took: list[float] = []

    async def handle(polled: Polled) -> None:
        if took:
            return
        kafka = _kafka()
        for process in kafka:
            process.suspend()
        asyncio.get_running_loop().call_later(_SUSPENDED_SECONDS, _resume, kafka)
        began = time.monotonic()
        await polled.message.ack()
        took.append(time.monotonic() - began)
        await asyncio.sleep(_SUSPENDED_SECONDS)

    wanted = Wanted(backend, bootstrap, name, name, _SIZE, own_parser=False)
    await _live(wanted, handle)
    return f"{took[0] * 1000:,.0f} ms" if took else "never"


class _Counting(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(
            f"{record.getMessage()} {record.exc_info[1]!r}" if record.exc_info else ""
        )


async def _errors(backend: Backend, bootstrap: str) -> str:
    """Errors that are logged in 8 s when a partition has no offset to start from."""
    name = _three_partitions(bootstrap)
    counting = _Counting()
    logger = logging.getLogger(name)
    logger.addHandler(counting)
    wanted = Wanted(
        backend,
        bootstrap,
        name,
        name,
        own_parser=False,
        reset="none" if backend == "aiokafka" else "error",
        logger=logger,
    )
    ledger = Ledger(lambda _: False)
    await _live(wanted, ledger.handle)
    first = f": {counting.lines[0][:60]}" if counting.lines else ""
    return f"{len(counting.lines)} logged{first}; {len(ledger.spans)} batches"


_ODD: dict[str, dict[str, Any]] = {
    "a null value": {"value": None, "key": b"k"},
    "a header that is not UTF-8": {"value": b"x", "headers": [("h", b"\xff\xfe")]},
    "a null header": {"value": b"x", "headers": [("h", None)]},
}


async def _odd(backend: Backend, bootstrap: str, odd: str, *, own_parser: bool) -> str:
    """How many of three records reach the handler when the second is odd."""
    name = _topic(bootstrap, 1, [{"value": b"x"}, _ODD[odd], {"value": b"x"}])
    ledger = Ledger(lambda _: False)
    wanted = Wanted(backend, bootstrap, name, name, own_parser=own_parser)
    await _live(wanted, ledger.handle)
    return f"{len(ledger.applied)} of 3"


async def semantics(bootstrap: str) -> None:
    """Every experiment on both backends; prints two tables."""
    rows = [
        await _policy(backend, bootstrap, policy) for policy in _POLICIES for backend in BACKENDS
    ]
    rows += [await _our_way(backend, bootstrap) for backend in BACKENDS]
    table(
        [
            "backend",
            "acknowledgement",
            "partitions in a batch (most)",
            "missing while it runs on (at its end)",
            "missing after a restart",
            "applied twice",
        ],
        rows,
    )
    seen: list[list[str]] = [
        ["a batch that always fails comes back (NACK_ON_ERROR)"]
        + [await _attempts(backend, bootstrap) for backend in BACKENDS],
        ["`ack` while the broker is suspended for 1,500 ms takes"]
        + [await _acknowledging(backend, bootstrap) for backend in BACKENDS],
        ["no offset to start from, 8 s"]
        + [await _errors(backend, bootstrap) for backend in BACKENDS],
    ]
    for odd in _ODD:
        for own in (False, True):
            parser = "our parser" if own else "FastStream's parser"
            seen.append(
                [f"{odd}, {parser}: records handled"]
                + [await _odd(backend, bootstrap, odd, own_parser=own) for backend in BACKENDS]
            )
    table(["experiment", *BACKENDS], seen)
