"""The live path: events consumed, folded, committed to PostgreSQL, states published."""

from __future__ import annotations

from bench.stack import Parts, end, fresh_schema, processing, until


async def live_seconds(parts: Parts, events: int) -> tuple[float, int]:
    """Seconds from the first committed batch to the last acknowledged state, and its events.

    The batch that the clock starts after is not counted.
    """
    connection = await fresh_schema(parts)
    process = processing(parts, port=18_102)
    seen = 0

    async def applied() -> int:
        return int(
            await connection.fetchval("SELECT coalesce(sum(next_offset), 0) FROM log_partition")
        )

    async def begun() -> bool:
        nonlocal seen
        if process.poll() is not None:
            raise RuntimeError(f"processing ended; see {parts.folder}")
        seen = await applied()
        return seen > 0

    async def done() -> bool:
        if await applied() < events:
            return False
        return await connection.fetchval("SELECT count(*) FROM publication") == 0

    try:
        started = await until(begun)
        finished = await until(done)
    finally:
        end(process)
        await connection.close()
    return finished - started, events - seen
