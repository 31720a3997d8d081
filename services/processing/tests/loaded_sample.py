"""The whole sample through real Kafka and PostgreSQL, in topics of its own."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from event_records import REAL_TIME
from kafka_of_tests import batches_from, create_topic, write_events
from motcua_contracts.topics import DOSSIER_EVENTS, DOSSIER_STATES, topics
from motcua_kernel.registry import Registry
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.process import Failpoints
from motcua_processing.adapters.log_books import open_books
from motcua_processing.adapters.log_identity import log_identity
from motcua_processing.adapters.postgres import PostgresStore, connect
from motcua_processing.adapters.publications import Publications
from motcua_processing.adapters.states_topic import StatesTopic
from motcua_processing.application.apply_batch import apply_batch
from motcua_processing.application.publish_states import publish_round
from motcua_processing.entrypoints.reading import read_batch
from motcua_processing.migrate import migrate
from open_books_of_tests import LANES, SCHEMA, Desk, lane
from sample_registry import event_of, sample_deliveries, sample_entries

_LIVE_RECORDS: Final = 8_000


@dataclass(frozen=True, slots=True)
class Loaded:
    """Where the applied sample is."""

    bootstrap: str
    url: str
    events_topic: str
    states_topic: str


async def load(bootstrap: str, url: str) -> Loaded:
    """Write the sample into Kafka, apply and publish all of it."""
    loaded = Loaded(bootstrap, url, new_name("events"), new_name("states"))
    create_topic(bootstrap, replace(topics()[DOSSIER_EVENTS], name=loaded.events_topic))
    await write_events(
        bootstrap, loaded.events_topic, [event_of(one) for one in sample_deliveries()]
    )
    await replay(loaded, url, loaded.states_topic, max_records=_LIVE_RECORDS)
    return loaded


async def replay(
    loaded: Loaded,
    url: str,
    states_topic: str,
    *,
    max_records: int,
    registry_portions: int = 1,
) -> None:
    """Build the books of an empty database from the topic and publish all states.

    The registry is read in so many portions, one before each batch until it is at its end.
    """
    await migrate(url, SCHEMA)
    pool = await connect(url, SCHEMA)
    desk = Desk(pool, PostgresStore(pool, lane), Registry())
    entries = sample_entries()
    size = -(-len(entries) // registry_portions)
    portions = [entries[start : start + size] for start in range(0, len(entries), size)]
    try:
        log = await log_identity(KafkaConnection(loaded.bootstrap), loaded.events_topic)
        offsets = await open_books(pool, loaded.events_topic, log)
        async for records in batches_from(
            loaded.bootstrap, loaded.events_topic, offsets, log.ends, max_records
        ):
            if portions:
                await desk.read_registry(portions.pop(0))
            batch = read_batch(records, REAL_TIME)
            await apply_batch(desk.store, batch, desk.registry, Failpoints())
        for portion in portions:
            await desk.read_registry(portion)
        create_topic(loaded.bootstrap, replace(topics()[DOSSIER_STATES], name=states_topic))
        await publish_all(desk.publications, loaded.bootstrap, states_topic, range(LANES))
    finally:
        await pool.close()


async def publish_all(
    books: Publications, bootstrap: str, topic: str, lanes: Sequence[int]
) -> None:
    """Publish what is marked until no mark is left."""
    for number in lanes:
        states = StatesTopic(
            KafkaConnection(bootstrap),
            topic,
            topics()[DOSSIER_STATES].partitions,
            f"{topic}.{number}",
        )
        await states.start()
        try:
            while (await books.marked(number, 1)).ids:
                await publish_round(books, states, number, Failpoints())
        finally:
            await states.stop()


def new_name(what: str) -> str:
    """A topic name that no other test has."""
    return f"test.{uuid.uuid4().hex[:12]}.{what}"
