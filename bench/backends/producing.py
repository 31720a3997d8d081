"""What publishing states costs: transactions and whole batches, beside what FastStream offers."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from confluent_kafka import KafkaException, Producer
from faststream import confluent
from motcua_contracts.topics import DOSSIER_STATES, topics
from motcua_kernel.events import Event
from motcua_platform.dossier_codec import event_to_value
from motcua_platform.kafka import make_broker
from motcua_platform.kafka_connection import KafkaConnection
from motcua_processing.adapters.states_topic import StatesTopic

from bench.backends.tables import table

ROUND = 2_000
Pairs = Sequence[tuple[str, bytes]]
Write = Callable[[Pairs], Awaitable[None]]


@asynccontextmanager
async def _processing(bootstrap: str) -> AsyncGenerator[Write]:
    partitions = topics()[DOSSIER_STATES].partitions
    states = StatesTopic(KafkaConnection(bootstrap), DOSSIER_STATES, partitions, f"bench-{uuid4()}")
    await states.start()
    yield states.write
    await states.stop()


@asynccontextmanager
async def _bare_confluent(bootstrap: str) -> AsyncGenerator[Write]:
    """Blocking calls, as they would sit in a thread of their own."""
    producer = Producer(
        {
            "bootstrap.servers": bootstrap,
            "transactional.id": f"bench-{uuid4()}",
            "partitioner": "murmur2_random",
            "compression.type": "lz4",
            "linger.ms": 5,
        }
    )
    producer.init_transactions()

    async def write(pairs: Pairs) -> None:
        producer.begin_transaction()
        for code, value in pairs:
            producer.produce(DOSSIER_STATES, value, code.encode())
        producer.commit_transaction()

    yield write


@asynccontextmanager
async def _faststream_aiokafka(bootstrap: str) -> AsyncGenerator[Write]:
    broker = make_broker(KafkaConnection(bootstrap), "motcua-bench")
    await broker.start()

    async def write(pairs: Pairs) -> None:
        # publish_batch makes one batch for one partition, whatever the keys; 2,000 overflow it.
        await asyncio.gather(
            *(broker.publish(value, DOSSIER_STATES, key=code.encode()) for code, value in pairs)
        )

    yield write
    await broker.stop()


def _confluent_broker(bootstrap: str, config: dict[str, Any] | None = None) -> Any:
    return confluent.KafkaBroker(
        bootstrap,
        acks="all",
        enable_idempotence=True,
        compression_type="lz4",
        linger_ms=5,
        partitioner="murmur2_random",
        allow_auto_create_topics=False,
        logger=None,
        config=config,  # pyright: ignore[reportArgumentType]
    )


@asynccontextmanager
async def _faststream_confluent(bootstrap: str) -> AsyncGenerator[Write]:
    broker = _confluent_broker(bootstrap)
    await broker.start()

    async def write(pairs: Pairs) -> None:
        messages = [confluent.KafkaPublishMessage(value, key=code) for code, value in pairs]
        await broker.publish_batch(*messages, topic=DOSSIER_STATES)

    yield write
    await broker.stop()


async def _refusal_of_a_transactional_id(bootstrap: str) -> str:
    """What a confluent broker of FastStream says when it is given a transactional id."""
    broker = _confluent_broker(bootstrap, {"transactional.id": f"bench-{uuid4()}"})
    await broker.start()
    try:
        await broker.publish(b"x", topic=DOSSIER_STATES, key=b"x")
    except KafkaException as error:
        return str(error.args[0])
    finally:
        await broker.stop()
    return "nothing"


async def producing(bootstrap: str, district: Sequence[Event], rounds: int) -> None:
    """Write the district's values in rounds of 2,000, every way in turn; prints a table."""
    pairs = [(one.dossier, event_to_value(one)) for one in district]
    chunks = [pairs[start : start + ROUND] for start in range(0, len(pairs), ROUND)]
    ways = {
        "processing: aiokafka, transaction + send_batch": _processing,
        "confluent-kafka alone, transaction": _bare_confluent,
        "FastStream aiokafka, publish, no transaction": _faststream_aiokafka,
        "FastStream confluent, publish_batch, no transaction": _faststream_confluent,
    }
    costs: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name, way in ways.items():
            async with way(bootstrap) as write:
                await write(chunks[0])
                cpu, began = time.process_time(), time.monotonic()
                for chunk in chunks:
                    await write(chunk)
                cpu, seconds = time.process_time() - cpu, time.monotonic() - began
            if turn:
                costs[name].append((len(pairs) / seconds, cpu / len(pairs) * 1e6))
    table(
        ["way", "records/s (median)", "CPU µs a record (median)"],
        [
            [
                name,
                f"{statistics.median(rate for rate, _ in runs):,.0f}",
                f"{statistics.median(cpu for _, cpu in runs):.1f}",
            ]
            for name, runs in costs.items()
        ],
    )
    print("FastStream confluent with a transactional id:", end=" ")
    print(await _refusal_of_a_transactional_id(bootstrap), flush=True)
