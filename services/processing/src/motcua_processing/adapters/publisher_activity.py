"""When publishers last spoke and what of them waits in quarantine, for the metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from asyncpg import Pool
from motcua_kernel.instant import Instant


class PublisherActivity:
    """Questions to the journal and the quarantine."""

    def __init__(self, pool: Callable[[], Pool]) -> None:
        """`pool` is asked at each question: it opens after the service has been put together."""
        self._pool = pool

    async def last_spoke(self, since: Instant) -> Mapping[str, int]:
        """When the log had the newest event of each publisher, of those recorded since a moment."""
        rows = await self._pool().fetch(
            "SELECT publisher, max(recorded_at) FROM journal WHERE recorded_at >= $1 GROUP BY 1",
            since,
        )
        return {row[0]: row[1] for row in rows}

    async def waiting(self) -> Mapping[str, int]:
        """Quarantined records without a decision, by publisher."""
        rows = await self._pool().fetch(
            "SELECT publisher, count(*) FROM quarantine WHERE verdict = 0 GROUP BY 1"
        )
        return {row[0]: row[1] for row in rows}
