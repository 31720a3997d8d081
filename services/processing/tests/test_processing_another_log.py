"""A topic that is not the one that was read before: processing stops, and goes on by identity."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from event_records import REAL_TIME
from kafka_of_tests import batches_from, create_topic, delete_topic, write_events
from loaded_sample import new_name
from motcua_contracts.topics import DOSSIER_EVENTS, topics
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.process import Failpoints
from motcua_processing.adapters.log_books import ForeignLog, adopt, open_books
from motcua_processing.adapters.log_identity import log_identity
from motcua_processing.adapters.postgres import PostgresStore, connect
from motcua_processing.application.apply_batch import apply_batch
from motcua_processing.entrypoints.reading import read_batch
from open_books_of_tests import LOG, PARTITIONS, SCHEMA, Desk, lane
from sample_registry import events_of_dossiers, sample_registry

pytestmark = pytest.mark.real


@pytest.fixture
def topic(kafka_bootstrap: str) -> str:
    """An events topic of the test's own."""
    return make_topic(kafka_bootstrap, new_name("events"))


def make_topic(bootstrap: str, name: str) -> str:
    declared = topics()[DOSSIER_EVENTS]
    create_topic(bootstrap, replace(declared, name=name, partitions=PARTITIONS))
    return name


async def read_to_end(pool: Any, bootstrap: str, topic: str) -> list[int]:
    """Open the books, read the topic to its end; the number of new events in each batch."""
    log = await log_identity(KafkaConnection(bootstrap), topic)
    offsets = await open_books(pool, topic, log)
    store, registry = PostgresStore(pool, lane), sample_registry()
    return [
        (await apply_batch(store, read_batch(batch, REAL_TIME), registry, Failpoints())).new
        async for batch in batches_from(bootstrap, topic, offsets, log.ends)
    ]


async def test_a_topic_created_anew_stops_processing_and_is_adopted_by_identity(
    books_url: str, kafka_bootstrap: str, topic: str
) -> None:
    events = events_of_dossiers(400)
    pool = await connect(books_url, SCHEMA)
    try:
        await write_events(kafka_bootstrap, topic, events[:-10])
        assert sum(await read_to_end(pool, kafka_bootstrap, topic)) == len(events) - 10
        dossiers = await pool.fetch("SELECT * FROM dossiers ORDER BY code")
        marks = await pool.fetchval("SELECT count(*) FROM publication")

        delete_topic(kafka_bootstrap, topic)
        make_topic(kafka_bootstrap, topic)
        await write_events(kafka_bootstrap, topic, events[:-10])
        with pytest.raises(ForeignLog):
            await read_to_end(pool, kafka_bootstrap, topic)

        await adopt(pool, topic, await log_identity(KafkaConnection(kafka_bootstrap), topic))
        assert sum(await read_to_end(pool, kafka_bootstrap, topic)) == 0
        assert await pool.fetch("SELECT * FROM dossiers ORDER BY code") == dossiers
        assert await pool.fetchval("SELECT count(*) FROM publication") == marks

        await write_events(kafka_bootstrap, topic, events[-10:])
        assert sum(await read_to_end(pool, kafka_bootstrap, topic)) == 10
        assert await pool.fetchval("SELECT count(*) FROM journal") == len(events)
    finally:
        pool.terminate()


async def test_a_log_that_ends_before_the_stored_offset_stops_processing_until_adopted(
    books_url: str, kafka_bootstrap: str, topic: str
) -> None:
    events = events_of_dossiers(2_000)
    pool = await connect(books_url, SCHEMA)
    try:
        await write_events(kafka_bootstrap, topic, events, partition=1)
        assert sum(await read_to_end(pool, kafka_bootstrap, topic)) == len(events)
        await read_to_end(pool, kafka_bootstrap, topic)
        await pool.execute(
            "UPDATE log_partition SET next_offset = next_offset + 1 WHERE partition = 1"
        )
        with pytest.raises(ForeignLog):
            await read_to_end(pool, kafka_bootstrap, topic)
        await adopt(pool, topic, await log_identity(KafkaConnection(kafka_bootstrap), topic))
        assert sum(await read_to_end(pool, kafka_bootstrap, topic)) == 0
        assert await pool.fetchval("SELECT count(*) FROM journal") == len(events)
    finally:
        pool.terminate()


@pytest.mark.parametrize(
    "other",
    [
        replace(LOG, cluster_id="another-cluster"),
        replace(LOG, topic_id="another-topic"),
        replace(LOG, ends={0: 1 << 40}),
    ],
    ids=["another cluster", "another topic id", "fewer partitions"],
)
async def test_the_books_open_for_their_own_log_only(desk: Desk, other: Any) -> None:
    await desk.pool.execute("UPDATE log_partition SET next_offset = 5")
    assert await open_books(desk.pool, DOSSIER_EVENTS, LOG) == dict.fromkeys(range(PARTITIONS), 5)
    with pytest.raises(ForeignLog):
        await open_books(desk.pool, DOSSIER_EVENTS, other)
