"""The floor of a path, measured: a bare consumer, and PostgreSQL taking the same rows.

Consuming: confluent-kafka in a loop that decodes each value. PostgreSQL: the journal rows of a run
by binary COPY, and its dossier rows in one merge a batch (live) or by COPY (rebuild), as ready-made
bytes, so that no Python stands between.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import asyncpg
from confluent_kafka import Consumer, TopicPartition
from motcua.dossier.v1 import events_pb2
from motcua_contracts.topics import DOSSIER_EVENTS, topics
from motcua_processing.adapters.bulk import drop_indexes

from bench.stack import SCHEMA

BATCH = 8_000
_FLOOR_SCHEMA = "motcua_floor"


def consume_seconds(bootstrap: str, events: int) -> float:
    """Seconds of a bare loop that consumes and decodes all events."""
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": "motcua-bench-floor",
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "fetch.message.max.bytes": 4 * 1024 * 1024,
        }
    )
    partitions = topics()[DOSSIER_EVENTS].partitions
    consumer.assign([TopicPartition(DOSSIER_EVENTS, part, 0) for part in range(partitions)])
    decode = events_pb2.DossierEvent.FromString
    seen, started = 0, 0.0
    while seen < events:
        messages = consumer.consume(10_000, 1.0)
        started = started or time.monotonic()
        for message in messages:
            decode(message.value() or b"")
            message.headers()
        seen += len(messages)
    seconds = time.monotonic() - started
    consumer.close()
    return seconds


class Taken:
    """The rows of a finished run as COPY bytes: journal and dossiers a batch."""

    def __init__(self, batches: Sequence[tuple[bytes, bytes]]) -> None:
        self.batches = batches


async def take_rows(connection: asyncpg.Connection[Any], size: int = BATCH) -> Taken:
    """Read the journal out in the order of the log, `size` rows a batch, with their dossiers."""
    await connection.execute(
        "CREATE TEMP TABLE ordered AS SELECT ctid AS place, dossier, "
        "(row_number() OVER (ORDER BY appended_at, log_partition, log_offset) - 1) "
        f"/ {size} AS batch FROM journal"
    )
    await connection.execute("CREATE INDEX ON ordered (batch)")
    batches: list[tuple[bytes, bytes]] = []
    for number in range(await connection.fetchval("SELECT max(batch) + 1 FROM ordered")):
        journal, dossiers = BytesIO(), BytesIO()
        await connection.copy_from_query(
            "SELECT j.* FROM journal j JOIN ordered o ON j.ctid = o.place "
            f"WHERE o.batch = {number}",
            output=journal,
            format="binary",
        )
        await connection.copy_from_query(
            "SELECT d.* FROM dossiers d WHERE code IN "
            f"(SELECT dossier FROM ordered WHERE batch = {number})",
            output=dossiers,
            format="binary",
        )
        batches.append((journal.getvalue(), dossiers.getvalue()))
    return Taken(batches)


async def _floor_tables(connection: asyncpg.Connection[Any]) -> None:
    await connection.execute(f"DROP SCHEMA IF EXISTS {_FLOOR_SCHEMA} CASCADE")
    await connection.execute(f"CREATE SCHEMA {_FLOOR_SCHEMA}")
    for table in ("journal", "dossiers"):
        await connection.execute(
            f"CREATE TABLE {_FLOOR_SCHEMA}.{table} (LIKE {SCHEMA}.{table} "
            "INCLUDING DEFAULTS INCLUDING INDEXES INCLUDING STORAGE)"
        )
    await connection.execute(f"ALTER TABLE {_FLOOR_SCHEMA}.dossiers SET (fillfactor = 70)")
    await connection.execute(f"SET search_path TO {_FLOOR_SCHEMA}")


async def merge_seconds(connection: asyncpg.Connection[Any], taken: Taken) -> float:
    """Seconds PostgreSQL needs for the live path's rows: COPY and one merge, a commit a batch."""
    await _floor_tables(connection)
    columns = await connection.fetch(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'dossiers'::regclass AND attnum > 0"
    )
    update = ", ".join(f"{row[0]} = excluded.{row[0]}" for row in columns if row[0] != "code")
    await connection.execute("CREATE TEMP TABLE incoming (LIKE dossiers) ON COMMIT DELETE ROWS")
    started = time.monotonic()
    for journal, dossiers in taken.batches:
        async with connection.transaction():
            await connection.copy_to_table("journal", source=BytesIO(journal), format="binary")
            await connection.copy_to_table("incoming", source=BytesIO(dossiers), format="binary")
            await connection.execute(
                "INSERT INTO dossiers SELECT * FROM incoming "
                f"ON CONFLICT (code) DO UPDATE SET {update}"
            )
    seconds = time.monotonic() - started
    await _drop(connection)
    return seconds


async def bulk_seconds(connection: asyncpg.Connection[Any], taken: Taken) -> float:
    """Seconds PostgreSQL needs for the rebuild's rows: COPY without indexes, then the indexes."""
    await _floor_tables(connection)
    again = await drop_indexes(connection, _FLOOR_SCHEMA)
    dossiers = BytesIO()
    await connection.copy_from_query(
        f"SELECT * FROM {SCHEMA}.dossiers",
        output=dossiers,
        format="binary",
    )
    started = time.monotonic()
    for journal, _ in taken.batches:
        await connection.copy_to_table("journal", source=BytesIO(journal), format="binary")
    await connection.copy_to_table("dossiers", source=BytesIO(dossiers.getvalue()), format="binary")
    for statement in (*again.builds, *again.keys):
        await connection.execute(statement)
    seconds = time.monotonic() - started
    await _drop(connection)
    return seconds


async def _drop(connection: asyncpg.Connection[Any]) -> None:
    await connection.execute(f"SET search_path TO {SCHEMA}")
    await connection.execute("DROP TABLE IF EXISTS incoming")
    await connection.execute(f"DROP SCHEMA {_FLOOR_SCHEMA} CASCADE")
