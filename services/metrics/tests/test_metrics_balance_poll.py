"""Asking processing for its side of the balance, and being refused."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx
import pytest
from metrics_cases import COMMUNE, state
from metrics_exposition import Bench
from motcua_metrics.adapters.other_shards import (
    Accounted,
    OtherShards,
    ShardsMissing,
    sum_of_shards,
)
from motcua_metrics.adapters.processing_client import watch_balance
from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LIMIT_SECONDS = 5.0


async def _watch(
    bench: Bench,
    answer: Callable[[], httpx.Response],
    polls: int,
    others: OtherShards | None = None,
) -> None:
    """Let the watch poll so many times."""
    done = asyncio.Event()
    seen = 0

    def handle(request: httpx.Request) -> httpx.Response:
        nonlocal seen
        assert request.url.path == "/v1/balance"
        seen += 1
        if seen > polls:
            done.set()
        return answer()

    transport = httpx.MockTransport(handle)
    async with httpx.AsyncClient(transport=transport, base_url="http://processing") as client:
        task = asyncio.create_task(_forever(bench, client, others))
        await asyncio.wait_for(done.wait(), _LIMIT_SECONDS)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _forever(bench: Bench, client: httpx.AsyncClient, others: OtherShards | None) -> None:
    await watch_balance(bench.books, bench.residual, client, 0.001, others)


class _Others(OtherShards):
    """Two more shards that answer as they are told to."""

    def __init__(self, *answers: Accounted) -> None:
        super().__init__(0, 3, [], "")
        self._answers = answers

    async def accounted(self) -> Mapping[str, int]:
        return sum_of_shards(self._answers, beside=0, shard_count=3)


def _balance(received: int) -> httpx.Response:
    return httpx.Response(200, json={"watermark": {"0": 12}, "units": {COMMUNE: received}})


async def test_the_residual_comes_from_the_journal_and_the_states() -> None:
    bench = Bench()
    bench.read(state("d-1"), state("d-2"))
    await _watch(bench, lambda: _balance(2), polls=2)
    assert bench.value("motcua_balance_residual", COMMUNE) == 0
    await _watch(bench, lambda: _balance(3), polls=2)
    assert bench.value("motcua_balance_residual", COMMUNE) == 1


async def test_while_processing_does_not_answer_there_is_no_residual() -> None:
    bench = Bench()
    bench.read(state("d-1"))
    await _watch(bench, lambda: _balance(1), polls=2)
    for answer in (httpx.Response(503), httpx.Response(200, text="<html>")):
        await _watch(bench, lambda answer=answer: answer, polls=1)
        assert bench.value("motcua_balance_residual", COMMUNE) is None


async def test_the_states_of_all_shards_stand_against_the_journal() -> None:
    bench = Bench()
    bench.read(state("d-1"))
    others = _Others(Accounted(1, 3, True, {COMMUNE: 4}), Accounted(2, 3, True, {COMMUNE: 2}))
    await _watch(bench, lambda: _balance(7), polls=2, others=others)
    assert bench.value("motcua_balance_residual", COMMUNE) == 0
    others = _Others(Accounted(1, 3, True, {COMMUNE: 3}), Accounted(2, 3, True, {COMMUNE: 2}))
    await _watch(bench, lambda: _balance(7), polls=2, others=others)
    assert bench.value("motcua_balance_residual", COMMUNE) == 1


async def test_while_another_shard_does_not_answer_there_is_no_residual() -> None:
    bench = Bench()
    whole = Accounted(1, 3, True, {}), Accounted(2, 3, True, {})
    await _watch(bench, lambda: _balance(0), polls=2, others=_Others(*whole))
    assert bench.value("motcua_balance_residual", COMMUNE) == 0
    await _watch(bench, lambda: _balance(0), polls=1, others=_Others(whole[0]))
    assert bench.value("motcua_balance_residual", COMMUNE) is None


def test_only_one_caught_up_answer_of_each_shard_is_a_sum() -> None:
    one, two = (Accounted(shard, 3, True, {COMMUNE: 1}) for shard in (1, 2))
    assert sum_of_shards([one, one, two], beside=0, shard_count=3) == {COMMUNE: 2}
    for answers in (
        [one],
        [one, one],
        [one, replace(two, complete=False)],
        [one, replace(two, shard_count=4)],
        [one, replace(two, shard=0)],
    ):
        with pytest.raises(ShardsMissing):
            sum_of_shards(answers, beside=0, shard_count=3)
