"""L1: every table and every state can be thrown away and comes out of the log the same."""

from __future__ import annotations

import asyncio
import hashlib
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date

import asyncpg
import pytest
from bookkeeping import fingerprint
from final_figures import assert_exact, wait_settled
from flow import hand_in
from kafka_of_tests import write_events
from motcua.registry.v1 import registry_pb2 as pb
from motcua_cli.registry.apply import apply_entries
from motcua_cli.registry.files import sourced
from motcua_contracts.topics import DOSSIER_EVENTS
from motcua_kernel.events import Event, Received
from motcua_kernel.registry import Registry
from motcua_platform.errors import Misconfigured
from motcua_platform.settings import read_settings
from motcua_processing.adapters.bulk import Indexes
from motcua_processing.adapters.shadow import Differences
from motcua_processing.migrate import migrate
from motcua_processing.rebuild import Rebuild
from motcua_processing.settings import Settings
from msgspec.structs import replace
from sample_registry import event_of
from sample_share import share
from stack_under_fault import SCHEMA, Stack
from states_read import last_states
from waiting import until

pytestmark = [pytest.mark.real, pytest.mark.faults]

_REBUILD_SECONDS = 120


def test_dropped_tables_come_out_of_the_log_the_same(own_stack: Stack) -> None:
    hand_in(own_stack, share(0, 2))
    assert_exact(own_stack)
    _tell_in_two_partitions(own_stack)
    tables, states = _tables(own_stack), _states(own_stack)

    own_stack.supervisor.stop("processing")
    asyncio.run(_drop(own_stack))
    own_stack.start("processing")
    wait_settled(own_stack)

    assert _tables(own_stack) == tables
    assert _states(own_stack) == states


def test_a_rebuild_beside_the_running_system_reports_no_difference_and_changes_nothing(
    own_stack: Stack,
) -> None:
    tables, states = _tables(own_stack), _states(own_stack)

    report = _rebuild(own_stack)

    assert "changed=0, missing=0, surplus=0" in report
    assert _tables(own_stack) == tables
    assert _states(own_stack) == states


def test_after_a_rebuild_the_running_system_goes_on_with_new_events(own_stack: Stack) -> None:
    before = _tables(own_stack)
    hand_in(own_stack, share(6, 8))
    wait_settled(own_stack)
    assert _tables(own_stack) != before
    tables, states = _tables(own_stack), _states(own_stack)

    assert "changed=0, missing=0, surplus=0" in _rebuild(own_stack)
    assert (_tables(own_stack), _states(own_stack)) == (tables, states)


def test_a_calendar_change_during_a_rebuild_is_in_what_it_puts_in_place(
    own_stack: Stack,
) -> None:
    settings = read_settings(Settings, own_stack.settings("processing", GROUP_INSTANCE=None))

    report = asyncio.run(_InterruptedRebuild(settings, own_stack).run())

    assert report.differences == Differences([], [], [])
    closed = date(2020, 10, 29).toordinal()
    assert asyncio.run(_touched_on(own_stack, closed)) > 0
    assert "changed=0, missing=0, surplus=0" in _rebuild(own_stack)


def test_a_log_that_lacks_what_the_books_have_applied_is_refused_before_anything_is_held(
    own_stack: Stack,
) -> None:
    settings = read_settings(Settings, own_stack.settings("processing", GROUP_INSTANCE=None))
    asyncio.run(_execute(own_stack, _LOST_TOPIC))
    try:
        with pytest.raises(Misconfigured, match="ends before what the books have applied"):
            asyncio.run(Rebuild(settings, print).run())
    finally:
        asyncio.run(_execute(own_stack, f"DELETE FROM {SCHEMA}.log_partition WHERE topic = 'lost'"))


_LOST_TOPIC = f"""
INSERT INTO {SCHEMA}.log_partition (topic, "partition", cluster_id, topic_id, next_offset)
VALUES ('lost', 0, '', '', 1)
"""


async def _execute(stack: Stack, statement: str) -> None:
    connection = await asyncpg.connect(stack.servers.database_url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


class _InterruptedRebuild(Rebuild):
    """A rebuild during which the nation closes a day, and the live system takes note of it."""

    def __init__(self, settings: Settings, stack: Stack) -> None:
        super().__init__(settings, print)
        self._stack = stack

    async def _finish(
        self,
        pool: asyncpg.Pool,
        ends: Mapping[tuple[str, int], int],
        registry: Registry,
        indexes: Indexes,
    ) -> None:
        await super()._finish(pool, ends, registry, indexes)
        before = await _registry_position(self._stack)
        await apply_entries(self._stack.servers.kafka, [_CLOSED])
        await asyncio.to_thread(
            until,
            "the live projections rest on the closed day",
            lambda: asyncio.run(_registry_position(self._stack)) > before,
            60,
        )
        await asyncio.to_thread(wait_settled, self._stack)


_CLOSED = sourced(
    pb.RegistryEntry(
        calendar_day=pb.CalendarDay(
            layer=pb.CALENDAR_LAYER_NATIONAL,
            day="2020-10-29",
            kind=pb.DAY_KIND_CLOSED,
            reference="a closure of this test",
        )
    ),
    "test",
)


async def _registry_position(stack: Stack) -> int:
    connection = await asyncpg.connect(stack.servers.database_url)
    try:
        return await connection.fetchval(f"SELECT registry_offset FROM {SCHEMA}.registry_position")
    finally:
        await connection.close()


async def _touched_on(stack: Stack, day: int) -> int:
    """How many dossiers have a span that crosses a day."""
    connection = await asyncpg.connect(stack.servers.database_url)
    try:
        return await connection.fetchval(
            f"SELECT count(*) FROM {SCHEMA}.dossiers "
            "WHERE received_at > 0 AND $1 BETWEEN span_first AND span_last",
            day,
        )
    finally:
        await connection.close()


def _tell_in_two_partitions(stack: Stack) -> None:
    """Dossiers spread over two partitions, identities told again and otherwise in another one."""
    events = [event_of(one) for one in share(2, 4)]
    spread = [event_of(one) for one in share(4, 6)]
    otherwise = [_told_otherwise(event) for event in events[::20]]
    _append(stack, events, partition=3)
    _append(stack, events[::4], partition=7)
    _append(stack, otherwise, partition=11)
    _append(stack, spread[::2], partition=5)
    _append(stack, spread[1::2], partition=4)
    wait_settled(stack)


def _told_otherwise(event: Event) -> Event:
    if isinstance(event.change, Received):
        return replace(event, change=replace(event.change, department="tu-phap-ho-tich"))
    return replace(event, occurred_at=event.occurred_at - 60_000)


def _append(stack: Stack, events: Sequence[Event], partition: int) -> None:
    asyncio.run(write_events(stack.servers.kafka.bootstrap, DOSSIER_EVENTS, events, partition))


def _rebuild(stack: Stack) -> str:
    environment = stack.settings("processing", GROUP_INSTANCE=None)
    done = subprocess.run(
        (sys.executable, "-m", "motcua_processing.rebuild"),
        env=environment,
        capture_output=True,
        text=True,
        timeout=_REBUILD_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    wait_settled(stack)
    return done.stdout


def _tables(stack: Stack) -> dict[str, str]:
    return asyncio.run(_fingerprint(stack))


def _states(stack: Stack) -> str:
    digest = hashlib.sha256()
    for code, value in sorted(last_states(stack.servers.kafka.bootstrap).items()):
        digest.update(repr((code, value)).encode())
    return digest.hexdigest()


async def _fingerprint(stack: Stack) -> dict[str, str]:
    connection = await asyncpg.connect(
        stack.servers.database_url, server_settings={"search_path": SCHEMA}
    )
    try:
        return await fingerprint(connection)
    finally:
        await connection.close()


async def _drop(stack: Stack) -> None:
    connection = await asyncpg.connect(stack.servers.database_url)
    await connection.execute(f'DROP SCHEMA "{SCHEMA}" CASCADE')
    await connection.close()
    await migrate(stack.servers.database_url, SCHEMA)
