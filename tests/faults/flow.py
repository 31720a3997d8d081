"""The sample flowing into intake while faults strike: a publisher with retries, in portions."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Final

from motcua_cli.publishing.deliveries import Delivery as Handed
from motcua_cli.publishing.publish import publish
from motcua_sample_dak_rlap import Delivery
from stack_under_fault import Stack
from waiting import until

_PATIENCE_SECONDS: Final = 240.0


class Flow:
    """Publishes portion after portion, each once it has been released."""

    def __init__(self, stack: Stack, deliveries: Sequence[Delivery], portions: int) -> None:
        size = -(-len(deliveries) // portions)
        self._stack = stack
        self._portions = [
            deliveries[start : start + size] for start in range(0, len(deliveries), size)
        ]
        self._released = threading.Semaphore(0)
        self._left = len(self._portions)
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def accepted_portions(self) -> int:
        """How many portions have been answered with 202 in full."""
        return len(self._portions) - self._left

    def release(self, portions: int = 1) -> None:
        """Let the next portions go."""
        self._released.release(portions)

    def finish(self) -> None:
        """Let all go and wait until intake has taken everything."""
        self.release(len(self._portions))
        until("the flow ended", lambda: not self._thread.is_alive(), _PATIENCE_SECONDS)
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            for portion in self._portions:
                self._released.acquire()
                hand_in(self._stack, portion)
                self._left -= 1
        except Exception as error:  # noqa: BLE001 - told to the thread that waits
            self._error = error


def hand_in(stack: Stack, deliveries: Sequence[Delivery]) -> None:
    """Publish deliveries and return when all were accepted; refusals are tried again."""
    handed = [Handed(one.publisher, one.event, one.delivered_at) for one in deliveries]
    asyncio.run(
        publish(
            handed,
            url=stack.addresses.intake,
            keys=stack.keys,
            advanced=lambda _: None,
            deadline=_PATIENCE_SECONDS,
        )
    )
    stack.told(deliveries)


@contextmanager
def flowing(stack: Stack, deliveries: Sequence[Delivery], portions: int) -> Generator[Flow]:
    """A flow that has ended, everything accepted, at the end of the block."""
    flow = Flow(stack, deliveries, portions)
    yield flow
    flow.finish()
