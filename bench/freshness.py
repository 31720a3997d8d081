"""From the answer to a POST until the gauge has changed in /metrics, at 500 events a second.

Ten times a second fifty new dossiers of one department are told; the departments take turns, so
that none is told of again before its gauge has followed. Scrapes follow each other closely, and
what one shows counts from its end.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator
from itertools import count
from typing import Any, Final

import httpx
import msgspec
from motcua_cli.demo.sample import keys_of
from motcua_cli.local.addresses import USUAL_PORTS, Addresses
from motcua_sample_dak_rlap import generate

from bench.deadlines import services
from bench.results import Row
from bench.stack import Parts, fresh_schema, until

_PUBLISHER: Final = "dak-rlap-666"
_UNIT: Final = "666"
_BATCH: Final = 50
_ACCEPTED: Final = 202
_EVERY_SECONDS: Final = 0.1
_SECONDS: Final = 20
_SETTLE: Final = 20
_DEPARTMENTS: Final[tuple[str, ...]] = (
    "noi-vu",
    "tu-phap",
    "tai-chinh-ke-hoach",
    "tai-nguyen-moi-truong",
    "lao-dong-thuong-binh-xa-hoi",
    "van-hoa-thong-tin",
    "giao-duc-dao-tao",
    "y-te",
    "thanh-tra",
    "kinh-te-ha-tang",
    "nong-nghiep-ptnt",
    "dan-toc",
)
_GAUGE: Final = "motcua_dossiers_in_progress"


async def freshness_row(running: Parts) -> Row:
    """The 99th percentile, beside the median of a POST until it is answered."""
    connection = await fresh_schema(running)
    await connection.close()
    key = keys_of(running.folder)[_PUBLISHER]
    with services(running, ("intake", "processing", "metrics")) as addresses:
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
            await until(lambda: _all_ready(http, addresses), 60)
            posts = _Posts(http, f"{addresses.intake}/v1/events", key)
            await posts.tell(_SETTLE)
            fresh, answered = await _measured(http, f"{addresses.metrics}/metrics", posts)
    p99 = 1000 * statistics.quantiles(fresh, n=100)[98]
    return Row.of(
        "freshness.p99_ms", p99, "ms", target=1000, baseline=1000 * statistics.median(answered)
    )


class _Posts:
    """Tells of new dossiers, department after department, and knows how many there must be."""

    def __init__(self, http: httpx.AsyncClient, url: str, key: str) -> None:
        self._http = http
        self._url = url
        self._headers = {
            "authorization": f"Bearer {key}",
            "content-type": "application/cloudevents-batch+json",
        }
        self._batches = _batches()
        self.told = _zeros()
        self.answers: list[tuple[float, str, int]] = []
        """When each request was answered, its department, and what the gauge must come to."""
        self.took: list[float] = []

    async def tell(self, requests: int) -> None:
        """Post so many requests, each at its moment."""
        began = time.perf_counter()
        tasks: list[asyncio.Task[None]] = []
        for number in range(requests):
            await asyncio.sleep(max(0.0, began + number * _EVERY_SECONDS - time.perf_counter()))
            department, body = next(self._batches)
            tasks.append(asyncio.create_task(self._post(department, body)))
        await asyncio.gather(*tasks)

    async def _post(self, department: str, body: bytes) -> None:
        started = time.perf_counter()
        answer = await self._http.post(self._url, content=body, headers=self._headers)
        if answer.status_code != _ACCEPTED:
            raise RuntimeError(answer.text[:500])
        answered = time.perf_counter()
        self.told[department] += _BATCH
        self.answers.append((answered, department, self.told[department]))
        self.took.append(answered - started)


def _batches() -> Iterator[tuple[str, bytes]]:
    """Receipts of dossiers that nobody has told of, as the district's own system tells them."""
    pattern = next(
        one.event
        for one in generate(2020)
        if one.publisher == _PUBLISHER and one.event["type"].endswith(".Received")
    )
    for number in count():
        department = _DEPARTMENTS[number % len(_DEPARTMENTS)]
        data: dict[str, Any] = pattern["data"] | {"department": department}
        events = [
            pattern
            | {
                "id": f"fresh-{number}-{place}",
                "subject": f"000.{place:02d}.{number % 90 + 10}.H16-201030-{number:04d}",
                "data": data,
            }
            for place in range(_BATCH)
        ]
        yield department, msgspec.json.encode(events)


async def _measured(
    http: httpx.AsyncClient, url: str, posts: _Posts
) -> tuple[list[float], list[float]]:
    """Seconds from each answer to the first scrape that shows it, and seconds to each answer."""
    settled = dict(posts.told)
    await until(lambda: _shows(http, url, settled), 60)
    posts.answers.clear()
    posts.took.clear()
    seen: list[tuple[float, dict[str, int]]] = []
    telling = asyncio.create_task(posts.tell(round(_SECONDS / _EVERY_SECONDS)))
    while not telling.done() or seen[-1][1] != posts.told:
        shown = await _counts(http, url)
        seen.append((time.perf_counter(), shown))
        if telling.done():
            telling.result()
    await telling
    fresh = [
        next(at for at, shown in seen if at >= answered and shown[department] >= total) - answered
        for answered, department, total in posts.answers
    ]
    return fresh, posts.took


def _zeros() -> dict[str, int]:
    return {str(department): 0 for department in _DEPARTMENTS}


async def _shows(http: httpx.AsyncClient, url: str, told: dict[str, int]) -> bool:
    return await _counts(http, url) == told


async def _counts(http: httpx.AsyncClient, url: str) -> dict[str, int]:
    """Dossiers in progress of the district, by department."""
    counts = _zeros()
    for line in (await http.get(url)).text.splitlines():
        if line.startswith(f'{_GAUGE}{{unit="{_UNIT}"'):
            department = line.split('department="')[1].partition('"')[0]
            if department in counts:
                counts[department] += int(line.rpartition(" ")[2])
    return counts


async def _all_ready(http: httpx.AsyncClient, addresses: Addresses) -> bool:
    for name in USUAL_PORTS:
        try:
            if not (await http.get(f"{addresses.of(name)}/readyz")).is_success:
                return False
        except httpx.TransportError:
            return False
    return True
