"""Asking processing for its side of the balance, and being refused."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx
from metrics_cases import COMMUNE, state
from metrics_exposition import Bench
from motcua_metrics.adapters.processing_client import watch_balance

if TYPE_CHECKING:
    from collections.abc import Callable

_LIMIT_SECONDS = 5.0


async def _watch(bench: Bench, answer: Callable[[], httpx.Response], polls: int) -> None:
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
        task = asyncio.create_task(watch_balance(bench.books, bench.residual, client, 0.001))
        await asyncio.wait_for(done.wait(), _LIMIT_SECONDS)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


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
