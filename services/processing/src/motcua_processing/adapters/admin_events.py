"""Admin events beside the books: read again from their topic, carried into rebuilt ones."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

import structlog
from aiokafka import TopicPartition
from asyncpg import Pool
from google.protobuf.message import DecodeError
from motcua.admin.v1.admin_pb2 import AdminEvent
from motcua_contracts.topics import ADMIN_EVENTS
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.log_reader import log_consumer, read_partition
from motcua_platform.records import Record

from motcua_processing.adapters.decided import mark_decided
from motcua_processing.adapters.log_identity import log_identity
from motcua_processing.adapters.postgres import AnyConnection

_log = structlog.get_logger()


async def read_admin_events(kafka: KafkaConnection) -> AsyncGenerator[list[bytes]]:
    """The values of the admin topic up to its end as of now, in portions.

    What nobody can read is said and passed over: no decision of ours is like that.
    """
    ends = (await log_identity(kafka, ADMIN_EVENTS)).ends
    async with log_consumer(kafka) as consumer:
        for partition, end in ends.items():
            if end:
                place = TopicPartition(ADMIN_EVENTS, partition)
                async for records in read_partition(consumer, place, 0, end):
                    yield [record.value or b"" for record in records if _is_readable(record)]


def _is_readable(record: Record) -> bool:
    try:
        AdminEvent.FromString(record.value or b"")
    except DecodeError:
        _log.error("admin_event_unreadable", offset=record.offset)
        return False
    return True


async def add_admin_events(connection: AnyConnection, records: Sequence[bytes]) -> None:
    """Put down admin events that have been told; known ids are left alone."""
    rows = [
        (event.id, event.occurred_at, record)
        for record in records
        for event in (AdminEvent.FromString(record),)
    ]
    await connection.executemany(
        "INSERT INTO admin_event (id, occurred_at, record, published) "
        "VALUES ($1, $2, $3, true) ON CONFLICT (id) DO UPDATE SET published = true",
        rows,
    )
    await mark_decided(connection, records)


async def take_admin_events(connection: AnyConnection, kafka: KafkaConnection) -> None:
    """Put down all that the admin topic has, and that this was done; within a transaction."""
    async for records in read_admin_events(kafka):
        await add_admin_events(connection, records)
    await connection.execute("INSERT INTO admin_topic_read VALUES (true) ON CONFLICT DO NOTHING")


async def refill_admin_events(kafka: KafkaConnection, pool: Pool) -> None:
    """Books made anew learn first what has been decided: afterwards they would decide again."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("LOCK TABLE admin_topic_read IN SHARE ROW EXCLUSIVE MODE")
        if not await connection.fetchval("SELECT EXISTS (SELECT FROM admin_topic_read)"):
            await take_admin_events(connection, kafka)


async def carry_works(connection: AnyConnection, live: str, shadow: str) -> None:
    """Take what a rebuild cannot find in the log: works under way, and events not yet told.

    What the shadow restated of itself, while it caught up, nobody was shown.
    """
    for table in ("admin_event", "registry_work"):
        await connection.execute(f'DELETE FROM "{shadow}".{table}')
    await connection.execute(
        f'INSERT INTO "{shadow}".admin_event SELECT * FROM "{live}".admin_event WHERE NOT published'
    )
    await connection.execute(
        f'INSERT INTO "{shadow}".registry_work '
        "(last_offset, as_of, touches, done_until, figures) "
        "SELECT last_offset, as_of, touches, done_until, figures "
        f'FROM "{live}".registry_work ORDER BY id'
    )
