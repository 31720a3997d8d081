"""Intake over HTTP: batches of 500, single events at 300/s, each with an API key and with a token.

The baseline of the batches is a bare confluent-kafka producer that writes the same records to the
same broker with the same promise (acks=all, idempotent); of the single events the median.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from typing import Any, Final

import httpx
import msgspec
from confluent_kafka import Producer
from motcua_cli.demo.sample import keys_of
from motcua_contracts.topics import DOSSIER_EVENTS
from motcua_platform.dossier_codec import event_headers, event_to_value
from motcua_sample_dak_rlap import generate

from bench.http_load import burst, request, steady
from bench.results import Row
from bench.stack import Parts, end, until
from bench.workload import district_year

BATCH: Final = 500
BATCHES: Final = 240
SINGLES_PER_SECOND: Final = 300
SINGLES_SECONDS: Final = 20
CONNECTIONS: Final = 8
_PORT: Final = 29_101
_PUBLISHER: Final = "dak-rlap-666"


async def intake_rows(parts: Parts) -> list[Row]:
    """Accepted events a second in batches, and the 99th percentile of single events."""
    bare = bare_events_per_s(parts)
    key = keys_of(parts.folder)[_PUBLISHER]
    process = _intake(parts)
    try:
        await _ready()
        await _burst(_requests("warm", key, 20))
        rates = [await _burst(_requests(f"b{turn}", key, BATCHES)) for turn in range(3)]
        singles = _singles("s", key)
        took = await _away(steady, singles, SINGLES_PER_SECOND, CONNECTIONS)
    finally:
        end(process)
    p99 = statistics.quantiles(took, n=100)[98] * 1000
    print([round(rate) for rate in rates], [round(1000 * max(took), 1)])
    return [
        Row.of(
            "intake.batch_events_per_s",
            statistics.median(rates),
            "events/s",
            target=15_000,
            baseline=bare,
        ),
        Row.of(
            "intake.single_p99_ms", p99, "ms", target=25, baseline=1000 * statistics.median(took)
        ),
    ]


def bare_events_per_s(parts: Parts) -> float:
    """What the broker takes from a bare producer of the same records."""
    events = district_year()[: BATCH * BATCHES]
    records = [
        (event_to_value(event), event.dossier.encode(), event_headers(event)) for event in events
    ]
    producer = Producer(
        {
            "bootstrap.servers": parts.bootstrap,
            "enable.idempotence": True,
            "compression.type": "lz4",
            "linger.ms": 5,
            "queue.buffering.max.messages": len(records) + 1,
        }
    )
    started = time.perf_counter()
    for value, key, headers in records:
        producer.produce(DOSSIER_EVENTS, value, key, headers=headers)  # pyright: ignore[reportArgumentType]
    producer.flush()
    return len(records) / (time.perf_counter() - started)


def _intake(parts: Parts) -> subprocess.Popen[bytes]:
    environment = parts.environment(MOTCUA_HTTP_PORT=str(_PORT), MOTCUA_LOG_LEVEL="warning")
    return subprocess.Popen([sys.executable, "-m", "motcua_intake"], env=environment)


async def _ready() -> None:
    async with httpx.AsyncClient(trust_env=False) as http:

        async def ready() -> bool:
            try:
                return (await http.get(f"http://127.0.0.1:{_PORT}/readyz")).is_success
            except httpx.TransportError:
                return False

        await until(ready, 60)


async def _burst(requests: Sequence[bytes]) -> float:
    seconds = await _away(burst, requests, CONNECTIONS)
    return BATCH * len(requests) / seconds


async def _away(load_of: Any, requests: Sequence[bytes], *how: Any) -> Any:
    """Load from a process of its own."""
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(1) as processes:
        return await loop.run_in_executor(processes, _run, load_of, requests, how)


def _run(load_of: Any, requests: Sequence[bytes], how: tuple[Any, ...]) -> Any:
    return asyncio.run(load_of(_PORT, requests, *how))


def _requests(turn: str, bearer: str, batches: int) -> list[bytes]:
    told = _told(turn)
    return [
        request(
            "/v1/events",
            msgspec.json.encode(list(islice(told, BATCH))),
            content_type="application/cloudevents-batch+json",
            authorization=f"Bearer {bearer}",
        )
        for _ in range(batches)
    ]


def _singles(turn: str, bearer: str) -> list[bytes]:
    return [
        request(
            "/v1/events",
            msgspec.json.encode(event),
            content_type="application/cloudevents+json",
            authorization=f"Bearer {bearer}",
        )
        for event in islice(_told(turn), SINGLES_PER_SECOND * SINGLES_SECONDS)
    ]


def _told(turn: str) -> Iterator[dict[str, Any]]:
    """The district's own events, over and over, each time under ids and codes of its own."""
    own = [one.event for one in generate(2020) if one.publisher == _PUBLISHER]
    copy = 0
    while True:
        for event in own:
            yield event | {
                "id": f"{event['id']}-{turn}-{copy}",
                "subject": event["subject"].replace(".31.H16", f".{40 + copy}.H16"),
            }
        copy += 1
