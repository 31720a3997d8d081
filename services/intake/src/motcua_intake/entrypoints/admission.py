"""How many requests are in work and how many may wait: memory stays bounded under any load."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from motcua_intake.entrypoints.refusals import busy

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


class Admission:
    """Lets `active` requests work and `waiting` others wait; the rest is told to come back."""

    def __init__(self, active: int, waiting: int) -> None:
        self._turns = asyncio.Semaphore(active)
        self._room = active + waiting
        self._inside = 0

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """Wait for a turn.

        Raises:
            Problem: 503, as many as allowed are waiting already.
        """
        if self._inside >= self._room:
            raise busy()
        self._inside += 1
        try:
            async with self._turns:
                yield
        finally:
            self._inside -= 1
