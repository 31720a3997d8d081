"""Two consumers of one group under load; one is ended and started again."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Any
from uuid import uuid4

from confluent_kafka import Producer

from bench.backends.subscription import (
    Polled,
    Wanted,
    appended_ms,
    partition_and_offset,
    subscribed,
)
from bench.backends.tables import table
from bench.backends.topic import PARTITIONS, new_topic

PAUSE_SECONDS = 0.04
_STEADY_SECONDS = 2.5
_DEADLINE_SECONDS = 60.0
WAYS = (
    ("aiokafka", ""),
    ("confluent", ""),
    ("confluent", "cooperative-sticky"),
)


async def work(out: str, wanted: str) -> None:
    """The consumer process: a line (time, partition, delay) a record, until SIGTERM."""
    ending = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ending.set)
    with Path(out).open("a", buffering=1, encoding="utf-8") as lines:  # noqa: ASYNC230

        async def handle(polled: Polled) -> None:
            now = time.time()
            for record in polled.records:
                partition, _ = partition_and_offset(record)
                lines.write(f"{now:.4f} {partition} {now - appended_ms(record) / 1000:.4f}\n")

        broker, subscriber = subscribed(Wanted(**json.loads(wanted)), handle)
        await broker.connect()
        await subscriber.start()
        await ending.wait()
        await subscriber.stop()
        await broker.stop()


@dataclass(frozen=True, slots=True)
class Delivery:
    """A record that reached a handler."""

    at: float
    partition: int
    delay: float


class Worker:
    """One consumer process."""

    def __init__(self, out: Path, wanted: dict[str, Any]) -> None:
        self._out, self._wanted = out, wanted
        self.start()

    def start(self) -> None:
        """Start it, or start it again under the same name."""
        arguments = ["work", str(self._out), json.dumps(self._wanted)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.backends", *arguments],
            env={"PYTHONPATH": str(Path.cwd()), **os.environ},
        )

    def end(self, sign: signal.Signals) -> None:
        """End it and wait."""
        self.process.send_signal(sign)
        self.process.wait(30)

    def deliveries(self) -> list[Delivery]:
        """What it has read so far."""
        if not self._out.exists():
            return []
        whole = self._out.read_text("utf-8").rpartition("\n")[0]
        words = [line.split() for line in whole.splitlines()]
        return [Delivery(float(at), int(part), float(delay)) for at, part, delay in words]


@contextmanager
def _load(bootstrap: str, topic: str) -> Generator[None]:
    """One record to every partition every 40 ms."""
    stop = Flag()
    producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 0})

    def write() -> None:
        while not stop.wait(PAUSE_SECONDS):
            for partition in range(PARTITIONS):
                producer.produce(topic, b"x", partition=partition)
            producer.poll(0)

    writer = Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        stop.set()
        writer.join()
        producer.flush()


async def _until_shared(one: Worker, other: Worker, since: float) -> None:
    """Until both have delivered in the last half second, and between them every partition."""
    ends = time.monotonic() + _DEADLINE_SECONDS
    while time.monotonic() < ends:
        await asyncio.sleep(0.2)
        latest = max(since, time.time() - 0.5)
        mine, others = (
            {each.partition for each in worker.deliveries() if each.at > latest}
            for worker in (one, other)
        )
        if mine and others and len(mine | others) == PARTITIONS and not mine & others:
            return
    raise TimeoutError


def _longest(deliveries: list[Delivery], partitions: set[int]) -> float:
    """The longest time for which one of the partitions delivered nothing."""
    longest = 0.0
    for partition in partitions:
        times = sorted(each.at for each in deliveries if each.partition == partition)
        longest = max([longest, *(later - earlier for earlier, later in pairwise(times))])
    return longest


async def _restart(
    bootstrap: str, folder: Path, way: tuple[str, str], sign: signal.Signals, *, static: bool
) -> list[str]:
    backend, strategy = way
    name = f"bench-rebalancing-{uuid4()}"
    new_topic(bootstrap, name)
    base: dict[str, Any] = {
        "backend": backend,
        "bootstrap": bootstrap,
        "topic": name,
        "group": name,
        "reset": "latest",
        "strategy": strategy or None,
    }
    with _load(bootstrap, name):
        workers = [
            Worker(folder / f"{name}-{each}", base | {"instance": each if static else None})
            for each in ("staying", "restarted")
        ]
        staying, restarted = workers
        try:
            await _until_shared(staying, restarted, time.time())
            await asyncio.sleep(_STEADY_SECONDS)
            began = time.time()
            steady = [one for each in workers for one in each.deliveries() if one.at > began - 2]
            of_staying = {one.partition for one in staying.deliveries() if one.at > began - 2}
            restarted.end(sign)
            restarted.start()
            await _until_shared(staying, restarted, time.time())
            await asyncio.sleep(1)
        finally:
            for each in workers:
                if each.process.poll() is None:
                    each.end(signal.SIGTERM)
    both = [one for each in workers for one in each.deliveries()]
    seen = [one for one in both if one.at > began - 0.5]
    back = min(one.at for one in restarted.deliveries() if one.at > began + 0.3) - began
    row = [
        " ".join(part for part in way if part),
        "yes" if static else "no",
        "stopped" if sign is signal.SIGTERM else "killed",
        f"{_longest(seen, set(range(PARTITIONS)) - of_staying):.1f}",
        f"{_longest(seen, of_staying):.1f}",
        f"{back:.1f}",
        f"{statistics.median(one.delay for one in steady) * 1000:.0f}",
    ]
    print(*row, sep="; ", file=sys.stderr, flush=True)
    return row


async def rebalancing(bootstrap: str, folder: Path) -> None:
    """Stop or kill one of two consumers and start it again; prints a table."""
    rows = [
        await _restart(bootstrap, folder, way, sign, static=static)
        for sign in (signal.SIGTERM, signal.SIGKILL)
        for static in (False, True)
        for way in WAYS
    ]
    table(
        [
            "backend",
            "static member",
            "one consumer is",
            "longest silence of its partitions, s",
            "of the other's partitions, s",
            "it delivers again after, s",
            "median delay at rest, ms",
        ],
        rows,
    )
