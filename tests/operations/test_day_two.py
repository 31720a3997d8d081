"""Day two of a running system: everything destroyed and restored, a rebuild struck.

`make test` runs the short ones only, `make operations-test` all of them and on more events. Each
finds the stack as the one before left it. `-s` shows the times.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import Final

import pytest
from commands_tried import motcua, motcua_ends
from database_copies import (
    destroy_kafka,
    destroy_postgres,
    dump,
    forget_what_is_derived,
    make_empty_tables,
    restore_dump,
)
from final_figures import assert_exact
from flow import flowing, hand_in
from motcua.registry.v1 import registry_pb2 as pb
from motcua_cli.registry.apply import apply_entries
from motcua_cli.registry.files import sourced
from orphaned_rebuild import COMMAND, MODULE, left_after_the_first_process_is_killed
from sample_share import share
from stack_under_fault import SERVICES, Stack
from struck_rebuild import killed_before_it_swaps, killed_while_it_fills, rebuild
from whole_state import whole_state

pytestmark = [pytest.mark.real, pytest.mark.faults]

_IS_LONG: Final = "MOTCUA_AWAY_SECONDS" in os.environ
_HUNDREDTHS: Final = 80 if _IS_LONG else 2
"""How much of the sample is in the system."""


def test_log_and_database_copied_destroyed_and_restored_are_as_they_were(
    own_stack: Stack, tmp_path: Path
) -> None:
    """The database's copy is older than the log's: what came between is in the log."""
    copies, database = tmp_path / "log", tmp_path / "database"
    hand_in(own_stack, share(0, _HUNDREDTHS))
    motcua(own_stack, "log", "backup", str(copies))
    dump(own_stack, database)
    hand_in(own_stack, share(_HUNDREDTHS, _HUNDREDTHS + 2))
    before = whole_state(own_stack)
    motcua(own_stack, "log", "backup", str(copies))
    motcua(own_stack, "log", "verify", str(copies))

    _stop(own_stack)
    destroy_kafka(own_stack)
    destroy_postgres(own_stack)
    started = time.monotonic()
    motcua(own_stack, "log", "restore", str(copies))
    motcua(own_stack, "topics", "apply")
    restored = time.monotonic()
    restore_dump(own_stack, database)
    forget_what_is_derived(own_stack)
    motcua(own_stack, "rebuild")
    rebuilt = time.monotonic()
    own_stack.start(*SERVICES)

    after = whole_state(own_stack)
    assert after == before
    assert after.told >= before.told
    assert_exact(own_stack)
    _report("log restored", restored - started)
    _report("database restored, rebuilt", rebuilt - restored)
    _report("in all, services ready and figures equal", time.monotonic() - started)
    code, said = motcua_ends(own_stack, "log", "backup", str(copies))
    assert code == 1
    assert "another log" in said


@pytest.mark.parametrize(
    ("entry", "hundredth"),
    [
        pytest.param(COMMAND, 94, id="command"),
        pytest.param(MODULE, 95, id="module", marks=pytest.mark.long_form),
    ],
)
def test_a_rebuild_whose_first_process_is_killed_leaves_no_worker_and_the_next_one_is_whole(
    own_stack: Stack, entry: tuple[str, ...], hundredth: int
) -> None:
    hand_in(own_stack, share(hundredth, hundredth + 1))
    assert left_after_the_first_process_is_killed(own_stack, entry) == []
    assert "changed=0, missing=0, surplus=0" in rebuild(own_stack)
    assert_exact(own_stack)


@pytest.mark.long_form
def test_a_log_in_use_is_not_restored_into(own_stack: Stack, tmp_path: Path) -> None:
    motcua(own_stack, "log", "backup", str(tmp_path))
    hand_in(own_stack, share(90, 91))
    code, said = motcua_ends(own_stack, "log", "restore", str(tmp_path))
    assert code == 1
    assert "In use" in said


@pytest.mark.long_form
def test_a_destroyed_database_comes_out_of_the_log_alone(own_stack: Stack) -> None:
    before = whole_state(own_stack)
    _stop(own_stack)
    destroy_postgres(own_stack)

    started = time.monotonic()
    make_empty_tables(own_stack)
    motcua(own_stack, "rebuild")
    own_stack.start(*SERVICES)

    after = whole_state(own_stack)
    assert after == before
    assert after.told >= before.told
    assert_exact(own_stack)
    _report("rebuilt from Kafka only, services ready and figures equal", time.monotonic() - started)


@pytest.mark.long_form
def test_a_rebuild_killed_twice_while_events_flow_and_a_day_is_closed_changes_nothing(
    own_stack: Stack,
) -> None:
    with flowing(own_stack, share(91, 94), portions=6) as flow:
        flow.release(2)
        killed_while_it_fills(own_stack)
        flow.release(2)
        asyncio.run(apply_entries(own_stack.servers.kafka, [_CLOSED]))
        killed_before_it_swaps(own_stack)
    before = whole_state(own_stack)

    assert "changed=0, missing=0, surplus=0" in rebuild(own_stack)
    after = whole_state(own_stack)
    assert after == before
    assert after.told >= before.told


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


def _stop(stack: Stack) -> None:
    for service in SERVICES:
        stack.supervisor.stop(service)


def _report(what: str, seconds: float) -> None:
    sys.stdout.write(f"{what}: {seconds:.1f} s\n")
