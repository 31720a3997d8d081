"""Law L1: everything dropped and replayed from the real topic comes out the same."""

from __future__ import annotations

import hashlib

import asyncpg
import pytest
from bookkeeping import fingerprint
from kafka_of_tests import compacted, read_all
from loaded_sample import Loaded, new_name, replay
from motcua_processing.migrate import migrate
from open_books_of_tests import SCHEMA
from sample_registry import sample_deliveries

pytestmark = pytest.mark.real


async def projections_of(url: str) -> dict[str, str]:
    connection = await asyncpg.connect(url, server_settings={"search_path": SCHEMA})
    try:
        return await fingerprint(connection)
    finally:
        await connection.close()


async def states_of(bootstrap: str, topic: str) -> tuple[int, str]:
    """How many states compaction leaves, and the hash over all of them."""
    states = compacted(await read_all(bootstrap, topic))
    digest = hashlib.sha256()
    for code in sorted(states):
        digest.update(code.encode() + b"\x00" + states[code])
    return len(states), digest.hexdigest()


async def test_dropping_all_tables_and_replaying_gives_equal_projections_and_states(
    loaded: Loaded, loaded_copy: str
) -> None:
    before = await projections_of(loaded_copy)
    await migrate(loaded_copy, SCHEMA, "base")
    states_topic = new_name("states")
    await replay(loaded, loaded_copy, states_topic, max_records=3_000, registry_portions=3)
    assert await projections_of(loaded_copy) == before
    states = await states_of(loaded.bootstrap, states_topic)
    assert states == await states_of(loaded.bootstrap, loaded.states_topic)
    assert states[0] == len({one.event["subject"] for one in sample_deliveries()})


async def test_the_fingerprint_sees_one_changed_value(loaded: Loaded, loaded_copy: str) -> None:
    connection = await asyncpg.connect(loaded_copy)
    changed = await connection.execute(
        "UPDATE motcua.dossiers SET span_last = span_last + 1 "
        "WHERE code = (SELECT min(code) FROM motcua.dossiers)"
    )
    await connection.close()
    assert changed == "UPDATE 1"
    one, other = await projections_of(loaded.url), await projections_of(loaded_copy)
    assert {table for table in one if one[table] != other[table]} == {"dossiers"}
