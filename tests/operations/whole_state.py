"""Everything that a stack knows, in hashes: what a restored one must have again."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field

import asyncpg
from bookkeeping import fingerprint, rows
from final_figures import wait_settled
from gauges_read import business_lines
from kafka_of_tests import read_all
from motcua_contracts.topics import ADMIN_EVENTS, DEADLINE_NOTICES, QUARANTINE
from stack_under_fault import SCHEMA, Stack
from states_read import last_states
from waiting import until

_TOLD = (ADMIN_EVENTS, DEADLINE_NOTICES, QUARANTINE)
_NOTICES_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class WholeState:
    """Of tables, topics and gauges."""

    tables: dict[str, str]
    """The journal with its offsets and times, the dossiers, quarantine, the registry position."""
    applied: tuple[tuple[str, int, int], ...]
    """How far each partition has been applied; ids of cluster and topic left out."""
    states: str
    """The last record of each key of the states topic."""
    gauges: tuple[str, ...]
    told: frozenset[bytes | None] = field(compare=False)
    """Decisions, notices and quarantined records in their topics, each there once.

    Not compared: the watch of deadlines may tell more at any time.
    """


def whole_state(stack: Stack) -> WholeState:
    """What a stack knows once all work is done."""
    wait_settled(stack)
    until("a notice is told", lambda: _records(stack, DEADLINE_NOTICES), _NOTICES_SECONDS)
    tables, applied = asyncio.run(_books(stack))
    digest = hashlib.sha256()
    for code, value in sorted(last_states(stack.servers.kafka.bootstrap).items()):
        digest.update(repr((code, value)).encode())
    told = [one for topic in _TOLD for one in _records(stack, topic)]
    assert len(told) == len(set(told)), "something was told twice"
    gauges = tuple(business_lines(stack.addresses.metrics))
    return WholeState(tables, applied, digest.hexdigest(), gauges, frozenset(told))


def _records(stack: Stack, topic: str) -> list[bytes | None]:
    return [one.value for one in asyncio.run(read_all(stack.servers.kafka.bootstrap, topic))]


async def _books(stack: Stack) -> tuple[dict[str, str], tuple[tuple[str, int, int], ...]]:
    connection = await asyncpg.connect(
        stack.servers.database_url, server_settings={"search_path": SCHEMA}
    )
    try:
        tables = await fingerprint(connection)
        assert await rows(connection, "journal")
        applied = await connection.fetch(
            'SELECT topic, "partition", next_offset FROM log_partition ORDER BY 1, 2'
        )
    finally:
        await connection.close()
    del tables["log_partition"]
    return tables, tuple(tuple(row) for row in applied)
