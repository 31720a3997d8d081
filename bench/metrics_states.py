"""States of a province as processing publishes them: most ended in 2025, the rest in progress.

Lâm Đồng's 124 communes at the turn of the year. Of those in progress two in three have a limit in
days, the others one in hours; all are in a step with a budget in hours.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from confluent_kafka import Consumer, Producer, TopicPartition
from motcua.dossier.v1 import state_pb2 as pb
from motcua_contracts.topics import DOSSIER_STATES, topics
from motcua_kernel.instant import HOUR, Instant, at_local, midnight
from motcua_kernel.state import FOLD_REVISION
from motcua_platform.state_codec import state_from_value

from bench.province import DEPARTMENTS

_NEW_YEAR: Final = date(2026, 1, 1).toordinal()
_CHANNELS: Final = 3


def ended_states(communes: list[str], number: int) -> Iterator[tuple[str, bytes]]:
    """Dossiers received and resolved in 2025."""
    rng = random.Random(1)
    for place in range(number):
        day = _NEW_YEAR - 1 - rng.randrange(350)
        state = _state(communes, rng, place, f"E{place}", day)
        state.status = pb.STATUS_RETURNED
        state.due.day, state.due.by_day = day + 8, True
        state.resolved_at = midnight(min(day + rng.randrange(11), _NEW_YEAR)) + 10 * HOUR
        yield state.dossier, state.SerializeToString()


def open_states(communes: list[str], number: int, first: int = 0) -> Iterator[tuple[str, bytes]]:
    """Dossiers received in December and in progress on the 5th of January."""
    rng = random.Random(first + 2)
    for place in range(first, first + number):
        day = _NEW_YEAR - 1 - rng.randrange(30)
        state = _state(communes, rng, place, f"O{place}", day)
        state.status = pb.STATUS_IN_PROCESS
        by_day = rng.random() < 2 / 3
        _set_due(state.due, rng, _NEW_YEAR - 10 + rng.randrange(50), by_day=by_day)
        _set_due(state.step_due, rng, _NEW_YEAR + rng.randrange(12), by_day=False)
        state.steps.add(department=rng.choice(DEPARTMENTS), step="tham-dinh", entered=1)
        yield state.dossier, state.SerializeToString()


def _set_due(due: pb.Due, rng: random.Random, day: int, *, by_day: bool) -> None:
    due.day, due.by_day = day, by_day
    due.moment = midnight(day) + rng.randrange(8 * HOUR, 17 * HOUR, 60_000)


def _state(
    communes: list[str], rng: random.Random, place: int, number: str, day: int
) -> pb.DossierState:
    unit = communes[place % len(communes)]
    received = Instant(at_local(date.fromordinal(day), 450 + rng.randrange(480)))
    version = pb.StateVersion(
        fold_revision=FOLD_REVISION, registry_offset=rng.randrange(300), events=rng.randrange(3, 14)
    )
    channel: Any = 1 + rng.randrange(_CHANNELS)
    return pb.DossierState(
        dossier=f"H36.{place % 1000:03d}-{date.fromordinal(day):%y%m%d}-{number}",
        version=version,
        channel=channel,
        receiving_unit=unit,
        resolving_unit=unit,
        reporting_unit=unit,
        department=rng.choice(DEPARTMENTS),
        received_at=received,
        recorded_at=received,
        occurred_at=received,
    )


def write_states(bootstrap: str, states: Iterator[tuple[str, bytes]]) -> None:
    """Append states to their topic."""
    producer = Producer(
        {
            "bootstrap.servers": bootstrap,
            "partitioner": "murmur2_random",
            "compression.type": "lz4",
            "linger.ms": 20,
            "queue.buffering.max.messages": 400_000,
        }
    )
    for code, value in states:
        while True:
            try:
                producer.produce(DOSSIER_STATES, value, code.encode())
                break
            except BufferError:
                producer.poll(0.1)
        producer.poll(0)
    producer.flush()


def bare_seconds(bootstrap: str, number: int) -> float:
    """The floor of reading them: a bare consumer that decodes each, and keeps nothing."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "bench-states"})
    partitions = topics()[DOSSIER_STATES].partitions
    consumer.assign([TopicPartition(DOSSIER_STATES, one, 0) for one in range(partitions)])
    started, read = time.monotonic(), 0
    while read < number:
        for record in consumer.consume(5000, 1.0):
            state_from_value(record.value() or b"")
            read += 1
    seconds = time.monotonic() - started
    consumer.close()
    return seconds
