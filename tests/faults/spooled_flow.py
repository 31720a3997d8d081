"""The sample's publishers as they should be: each with a spool and a client that never gives up."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import defaultdict
from collections.abc import Generator, Sequence
from contextlib import AsyncExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from log_read import Written, written
from motcua_client import AsyncClient, Pace, Spool
from motcua_client.progress import Progress
from motcua_sample_dak_rlap import Delivery
from stack_under_fault import Stack
from waiting import until

_DRAINED_SECONDS: Final = 240.0
_IDLE_SECONDS: Final = 0.05


class SpooledFlow:
    """Publishes from spools in a thread of its own, while deliveries are put in."""

    def __init__(
        self, stack: Stack, folder: Path, publishers: Sequence[str], batch: int, speed: float
    ) -> None:
        """Publish in requests of `batch` events; time passes for the clients `speed` times."""
        self._stack = stack
        self._spools = {name: Spool(folder / name) for name in publishers}
        self._batch = batch
        self._speed = speed
        self._loop = asyncio.new_event_loop()
        self._ended = threading.Event()
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.delivered: list[Delivery] = []
        self.troubles = 0
        """How many requests had to be sent again."""

    def put(self, deliveries: Sequence[Delivery]) -> None:
        """Put deliveries into the spools of their publishers."""
        by_publisher: dict[str, list[Delivery]] = defaultdict(list)
        for delivery in deliveries:
            by_publisher[delivery.publisher].append(delivery)
        for name, own in by_publisher.items():
            self._spools[name].put([one.event for one in own])
        self.delivered += deliveries
        self._stack.told(deliveries)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def waiting(self) -> int:
        """How many events have no verdict."""
        return sum(spool.waiting() for spool in self._spools.values())

    def finish(self) -> None:
        """Wait until all spools are empty, and nothing is set aside."""
        self._ended.set()
        until("the spools are drained", lambda: not self._thread.is_alive(), _DRAINED_SECONDS)
        if self._error is not None:
            raise self._error
        assert self.waiting() == 0
        assert [one for spool in self._spools.values() for one in spool.set_aside()] == []

    def close(self) -> None:
        """End the thread, whatever waits, and close the spools."""
        with suppress(RuntimeError):  # the loop has ended already
            self._loop.call_soon_threadsafe(self._cancel)
        self._thread.join(_DRAINED_SECONDS)
        for spool in self._spools.values():
            spool.close()

    def _cancel(self) -> None:
        for task in asyncio.all_tasks(self._loop):
            task.cancel()

    def _run(self) -> None:
        try:
            with (
                asyncio.Runner(loop_factory=lambda: self._loop) as runner,
                suppress(asyncio.CancelledError),
            ):
                runner.run(self._publish())
        except Exception as error:  # noqa: BLE001 - told to the thread that waits
            self._error = error

    async def _publish(self) -> None:
        async with AsyncExitStack() as closing, asyncio.TaskGroup() as tasks:
            for name, spool in self._spools.items():
                client = AsyncClient(
                    self._stack.addresses.intake,
                    self._stack.keys[name],
                    spool,
                    batch_events=self._batch,
                    pace=Pace(patience=None, monotonic=lambda: time.monotonic() * self._speed),
                    sleep=lambda seconds: asyncio.sleep(seconds / self._speed),
                )
                tasks.create_task(self._keep_sending(await closing.enter_async_context(client)))

    async def _keep_sending(self, client: AsyncClient) -> None:
        while True:
            is_last = self._ended.is_set()
            await client.drain(self._watch)
            if is_last:
                return
            await asyncio.sleep(_IDLE_SECONDS)

    def _watch(self, progress: Progress) -> None:
        self.troubles += bool(progress.trouble)


@contextmanager
def spooled_flow(
    stack: Stack, folder: Path, deliveries: Sequence[Delivery], *, batch: int, speed: float
) -> Generator[SpooledFlow]:
    """A flow for the publishers of `deliveries`, not yet begun; closed after the block."""
    publishers = sorted({one.publisher for one in deliveries})
    flow = SpooledFlow(stack, folder, publishers, batch, speed)
    flow.start()
    try:
        yield flow
    finally:
        flow.close()


def assert_log_holds_in_order(stack: Stack, deliveries: Sequence[Delivery]) -> None:
    """The log has every event, no other, and those of a dossier in each publisher's order.

    What was written a second time after a lost answer is the same event: its first writing counts.
    """
    wanted = _by_dossier(
        [Written(one.publisher, one.event["subject"], one.event["id"]) for one in deliveries]
    )
    found = _by_dossier(written(stack.servers.kafka.bootstrap))
    assert {place: found.get(place) for place in wanted} == wanted


def _by_dossier(records: Sequence[Written]) -> dict[tuple[str, str], list[str]]:
    """The ids of each publisher and dossier, each at its first place."""
    found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for one in records:
        found[one.publisher, one.dossier].setdefault(one.id)
    return {place: list(ids) for place, ids in found.items()}
