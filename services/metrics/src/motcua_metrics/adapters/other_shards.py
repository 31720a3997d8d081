"""The right side of the balance that lies with the other shards, asked for over HTTP."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Final

import httpx
import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_TIMEOUT_SECONDS: Final = 5.0


class Accounted(msgspec.Struct, frozen=True):
    """The answer of `GET /v1/accounted`: what a shard holds of each unit's received dossiers."""

    shard: int
    shard_count: int
    complete: bool
    units: dict[str, int]


class ShardsMissing(Exception):  # noqa: N818 - like the errors beside it
    """The answers are not one of each shard, all of them caught up."""


_decode = msgspec.json.Decoder(Accounted).decode


class OtherShards:
    """The shards beside this one."""

    def __init__(self, shard: int, shard_count: int, addresses: Sequence[str], key: str) -> None:
        """`addresses` has one of each other shard, or several; `key` opens their /metrics."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._clients = [
            httpx.AsyncClient(
                base_url=address, headers=headers, timeout=_TIMEOUT_SECONDS, trust_env=False
            )
            for address in addresses
        ]
        self._shard = shard
        self._shard_count = shard_count

    async def accounted(self) -> Mapping[str, int]:
        """What the other shards hold together, by unit.

        Raises:
            ShardsMissing: one did not answer for itself, or has not caught up.
            httpx.HTTPError: one could not be asked.
            msgspec.DecodeError: one is something else.
        """
        answers = await asyncio.gather(*(_asked(client) for client in self._clients))
        return sum_of_shards(answers, beside=self._shard, shard_count=self._shard_count)

    async def aclose(self) -> None:
        """Close the connections."""
        for client in self._clients:
            await client.aclose()


def sum_of_shards(
    answers: Iterable[Accounted], *, beside: int, shard_count: int
) -> Mapping[str, int]:
    """One answer of each shard but `beside`, added up; of replicas one counts.

    Raises:
        ShardsMissing: they are not one of each, or one has not caught up.

    >>> one, two = (Accounted(shard, 3, True, {"24733": 10}) for shard in (1, 2))
    >>> sum_of_shards([one, two, one], beside=0, shard_count=3)["24733"]
    20
    """
    of_shard = {
        one.shard: one for one in answers if one.complete and one.shard_count == shard_count
    }
    of_shard.pop(beside, None)
    if len(of_shard) != shard_count - 1:
        raise ShardsMissing
    total: Counter[str] = Counter()
    for one in of_shard.values():
        total.update(one.units)
    return total


async def _asked(client: httpx.AsyncClient) -> Accounted:
    answer = await client.get("/v1/accounted")
    answer.raise_for_status()
    return _decode(answer.content)
