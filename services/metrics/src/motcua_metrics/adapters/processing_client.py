"""Asks processing for the journal's side of the balance, and lets the two sides be compared."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Final

import httpx
import msgspec
import structlog

from motcua_metrics.adapters.other_shards import OtherShards, ShardsMissing
from motcua_metrics.application.reading import read_accounted
from motcua_metrics.application.residual import ResidualWatch, Sides

if TYPE_CHECKING:
    from motcua_metrics.application.books import Books

_TIMEOUT_SECONDS: Final = 5.0

_log = structlog.get_logger()


class Balance(msgspec.Struct, frozen=True):
    """The answer of `GET /v1/balance`: received dossiers by unit, as of a watermark."""

    watermark: msgspec.Raw
    units: dict[str, int]


_decode = msgspec.json.Decoder(Balance).decode


async def watch_balance(
    books: Books,
    watch: ResidualWatch,
    client: httpx.AsyncClient,
    every_seconds: float,
    others: OtherShards | None = None,
) -> None:
    """Poll for ever; while processing or another shard does not answer there is no residual."""
    answered = True
    while True:
        try:
            watch.observe(await _sides(books, client, others))
            answered = True
        except (httpx.HTTPError, msgspec.DecodeError, ShardsMissing) as error:
            watch.lose_sight()
            if answered:
                _log.warning("balance_unavailable", reason=type(error).__name__)
            answered = False
        await asyncio.sleep(every_seconds)


def processing_client(base_url: str, key: str) -> httpx.AsyncClient:
    """The HTTP client towards processing; it ignores proxies of the environment."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.AsyncClient(
        base_url=base_url, headers=headers, timeout=_TIMEOUT_SECONDS, trust_env=False
    )


async def _sides(books: Books, client: httpx.AsyncClient, others: OtherShards | None) -> Sides:
    answer = await client.get("/v1/balance")
    answer.raise_for_status()
    balance = _decode(answer.content)
    right = Counter(read_accounted(books))
    if others is not None:
        right.update(await others.accounted())
    return Sides(bytes(balance.watermark).decode(), balance.units, right)
