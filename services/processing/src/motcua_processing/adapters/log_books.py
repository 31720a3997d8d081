"""Opening the books of a topic: each partition's row belongs to this log, or processing stops.

A topic created anew has the old name and other contents; going on by offset would lose what it
holds. `adopt` goes on by the identity of the events instead: everything is read again from the
start, and what the journal knows already is a repetition.
"""

from __future__ import annotations

from asyncpg import Pool, Record
from motcua_platform.errors import PlatformError

from motcua_processing.adapters.log_identity import LogIdentity
from motcua_processing.adapters.postgres import AnyConnection


class ForeignLog(PlatformError):  # noqa: N818
    """The topic is not the one that the stored offsets belong to."""


async def open_books(pool: Pool, topic: str, log: LogIdentity) -> dict[int, int]:
    """The next offset of each partition; partitions without a row get one at 0.

    Raises:
        ForeignLog: cluster or topic id differ, or the log ends before a stored offset.
    """
    async with pool.acquire() as connection, connection.transaction():
        rows = await _rows(connection, topic)
        new = sorted(log.ends.keys() - {row[0] for row in rows})
        if new:  # an insert that conflicts would use up a number of the sequence all the same
            await connection.executemany(
                'INSERT INTO log_partition (topic, "partition", cluster_id, topic_id, next_offset) '
                'VALUES ($1, $2, $3, $4, 0) ON CONFLICT (topic, "partition") DO NOTHING',
                [(topic, partition, log.cluster_id, log.topic_id) for partition in new],
            )
            rows = await _rows(connection, topic)
    for partition, cluster_id, topic_id, next_offset in rows:
        if (cluster_id, topic_id) != (log.cluster_id, log.topic_id):
            raise ForeignLog(f"{topic} was created anew since it was read; see motcua topics adopt")
        if next_offset > log.ends.get(partition, 0):
            raise ForeignLog(
                f"{topic}-{partition} ends before the stored offset; see motcua topics adopt"
            )
    return {partition: next_offset for partition, _, _, next_offset in rows}


async def _rows(connection: AnyConnection, topic: str) -> list[Record]:
    return await connection.fetch(
        'SELECT "partition", cluster_id, topic_id, next_offset FROM log_partition WHERE topic = $1',
        topic,
    )


async def adopt(pool: Pool, topic: str, log: LogIdentity) -> int:
    """Take the topic as it is now for the true one and read it from its start again.

    Returns the number of partitions.
    """
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(
            "UPDATE log_partition SET cluster_id = $2, topic_id = $3, next_offset = 0 "
            "WHERE topic = $1",
            topic,
            log.cluster_id,
            log.topic_id,
        )
    return len(log.ends)
