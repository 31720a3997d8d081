"""L1: every table and every state can be thrown away and comes out of the log the same."""

from __future__ import annotations

import asyncio
import hashlib
import subprocess
import sys
from collections.abc import Sequence

import asyncpg
import pytest
from bookkeeping import fingerprint
from final_figures import assert_exact, wait_settled
from flow import hand_in
from kafka_of_tests import write_events
from motcua_contracts.topics import DOSSIER_EVENTS
from motcua_kernel.events import Event, Received
from motcua_processing.migrate import migrate
from msgspec.structs import replace
from sample_registry import event_of
from sample_share import share
from stack_under_fault import SCHEMA, Stack
from states_read import last_states

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

    assert "Differences(changed=0, missing=0, surplus=0)" in report
    assert _tables(own_stack) == tables
    assert _states(own_stack) == states


def test_after_a_rebuild_the_running_system_goes_on_with_new_events(own_stack: Stack) -> None:
    before = _tables(own_stack)
    hand_in(own_stack, share(6, 8))
    wait_settled(own_stack)
    assert _tables(own_stack) != before
    tables, states = _tables(own_stack), _states(own_stack)

    assert "Differences(changed=0, missing=0, surplus=0)" in _rebuild(own_stack)
    assert (_tables(own_stack), _states(own_stack)) == (tables, states)


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
    asyncio.run(write_events(stack.servers.bootstrap, DOSSIER_EVENTS, events, partition))


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
    for code, value in sorted(last_states(stack.servers.bootstrap).items()):
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
