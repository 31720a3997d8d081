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
from pathlib import Path
from typing import Any, Final

import httpx
import jwt
import msgspec
from confluent_kafka import Producer
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from motcua_cli.demo.sample import keys_of
from motcua_cli.registry.files import sourced
from motcua_cli.registry.log import latest_entries, write_entries
from motcua_contracts.topics import DOSSIER_EVENTS
from motcua_platform.dossier_codec import event_headers, event_to_value
from motcua_platform.kafka_connection import KafkaConnection
from motcua_sample_dak_rlap import generate

from bench.http_load import burst, request, steady
from bench.importing import import_rows
from bench.results import Row
from bench.stack import Parts, end, until
from bench.workload import district_year

BATCH: Final = 500
BATCHES: Final = 240
TURNS: Final = 3
SINGLES_PER_SECOND: Final = 300
SINGLES_SECONDS: Final = 20
CONNECTIONS: Final = 8
_PORT: Final = 29_101
_PUBLISHER: Final = "dak-rlap-666"


async def intake_rows(parts: Parts) -> list[Row]:
    """Accepted events a second in batches, the same with tokens, and single events' latency."""
    bare = bare_events_per_s(parts)
    key = keys_of(parts.folder)[_PUBLISHER]
    issuer = Issuer(parts.folder / "jwks.json")
    await issuer.speak_for(parts.bootstrap, _PUBLISHER)
    process = _intake(parts, issuer.settings())
    try:
        await _ready()
        await _burst(_requests("warm", key, 20))
        token = issuer.token()
        by_key: list[float] = []
        by_token: list[float] = []
        for turn in range(TURNS):
            by_key.append(await _burst(_requests(f"k{turn}", key, BATCHES)))
            by_token.append(await _burst(_requests(f"t{turn}", token, BATCHES)))
        took = [await _steady("sk", key), await _steady("st", token)]
        imported = await import_rows(f"http://127.0.0.1:{_PORT}", key, parts.folder, process.pid)
    finally:
        end(process)
    rate = statistics.median(by_key)
    p99 = [statistics.quantiles(one, n=100)[98] * 1000 for one in took]
    return [
        Row.of("intake.batch_events_per_s", rate, "events/s", target=15_000, baseline=bare),
        Row.of(
            "intake.single_p99_ms",
            max(p99),
            "ms",
            target=25,
            baseline=1000 * statistics.median(took[0]),
        ),
        Row.of(
            "intake.jwt_ratio",
            statistics.median(by_token) / rate,
            "of keys",
            target=0.85,
            baseline=1.0,
        ),
        *imported,
    ]


class Issuer:
    """An identity provider in a file: its key set, its tokens, whom it speaks for."""

    def __init__(self, jwks: Path) -> None:
        self._key = rsa.generate_private_key(65537, 2048)
        self._jwks = jwks
        public = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        document = {"keys": [public | {"kid": "bench", "alg": "RS256", "use": "sig"}]}
        jwks.write_bytes(msgspec.json.encode(document))

    async def speak_for(self, bootstrap: str, publisher: str) -> None:
        """Let tokens of the subject *bench* speak as a publisher."""
        entry = (await latest_entries(KafkaConnection(bootstrap)))[f"publisher:{publisher}"]
        entry.publisher.subjects.append("bench")
        await write_entries(KafkaConnection(bootstrap), [sourced(entry, "bench")])

    def settings(self) -> dict[str, str]:
        """What intake has to know."""
        return {"MOTCUA_OIDC_ISSUER": "bench", "MOTCUA_OIDC_JWKS_PATH": str(self._jwks)}

    def token(self) -> str:
        """A token for an hour."""
        now = int(time.time())
        claims = {"iss": "bench", "aud": "motcua", "sub": "bench", "iat": now, "exp": now + 3600}
        return jwt.encode(claims, self._key, "RS256", headers={"kid": "bench"})


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


def _intake(parts: Parts, settings: dict[str, str]) -> subprocess.Popen[bytes]:
    environment = parts.environment(
        MOTCUA_HTTP_PORT=str(_PORT), MOTCUA_LOG_LEVEL="warning", **settings
    )
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


async def _steady(turn: str, bearer: str) -> list[float]:
    return await _away(steady, _singles(turn, bearer), SINGLES_PER_SECOND, CONNECTIONS)


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
