"""Publishing: one queue and one sender a publisher, a few requests at the same time.

A publisher's next batch goes out only when the one before it was answered, so its deliveries
reach the log in their order; the queues are short, so a large file never sits in memory.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

import httpx

from motcua_cli.publishing.deliveries import Batch, Delivery, batches
from motcua_cli.publishing.intake_client import DEADLINE_SECONDS, Answer, IntakeClient
from motcua_cli.publishing.keys import Keys

BATCH_SIZE: Final = 500
CONCURRENT: Final = 4
_QUEUED: Final = 2

Queue = asyncio.Queue[Batch | None]


async def publish(
    deliveries: Iterable[Delivery],
    *,
    url: str,
    keys: Keys,
    advanced: Callable[[int], None],
    deadline: float = DEADLINE_SECONDS,
) -> Answer:
    """Publish all deliveries; `advanced` is told how many events each answered batch held.

    Returns:
        How many events were accepted and repeated.

    Raises:
        CommandError: the first rejection, or intake stayed away for `deadline` seconds.
    """
    async with httpx.AsyncClient(base_url=url, trust_env=not _is_loopback(url)) as http:
        sender = _Sender(IntakeClient(http, keys, deadline), advanced)
        try:
            async with asyncio.TaskGroup() as tasks:
                await sender.feed(tasks, batches(deliveries, BATCH_SIZE))
        except* Exception as errors:  # noqa: BLE001 - unwraps the group, hides nothing
            raise _first(errors) from None
    return Answer(sender.accepted, sender.repeated)


def _is_loopback(url: str) -> bool:
    """Whether no proxy of the environment may stand between."""
    return httpx.URL(url).host in {"127.0.0.1", "localhost", "::1"}


class _Sender:
    def __init__(self, client: IntakeClient, advanced: Callable[[int], None]) -> None:
        self._client = client
        self._advanced = advanced
        self._slots = asyncio.Semaphore(CONCURRENT)
        self._queues: dict[str, Queue] = {}
        self.accepted = 0
        self.repeated = 0

    async def feed(self, tasks: asyncio.TaskGroup, cut: Iterable[Batch]) -> None:
        for batch in cut:
            queue = self._queues.get(batch.publisher)
            if queue is None:
                queue = self._queues[batch.publisher] = asyncio.Queue(_QUEUED)
                tasks.create_task(self._drain(queue))
            await queue.put(batch)
        for queue in self._queues.values():
            await queue.put(None)

    async def _drain(self, queue: Queue) -> None:
        while (batch := await queue.get()) is not None:
            async with self._slots:
                answer = await self._client.send(batch)
            self.accepted += answer.accepted
            self.repeated += answer.repeated
            self._advanced(len(batch.events))


def _first(errors: BaseExceptionGroup[Exception]) -> Exception:
    first: Exception | BaseExceptionGroup[Exception] = errors
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return first
