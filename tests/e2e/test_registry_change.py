"""A calendar change on the whole system: killed in its midst, restated once, kept by a rebuild."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from typing import Any

import httpx
import pytest
from aiokafka import TopicPartition
from final_figures import wait_settled
from flow import hand_in
from motcua.admin.v1.admin_pb2 import AdminEvent
from motcua.registry.v1 import registry_pb2 as pb
from motcua_cli.registry.apply import apply_entries
from motcua_cli.registry.files import sourced
from motcua_contracts.topics import ADMIN_EVENTS
from motcua_platform.log_reader import log_consumer, read_partition
from sample_share import share
from stack_under_fault import Stack

pytestmark = [pytest.mark.real, pytest.mark.faults]

CLOSED = sourced(
    pb.RegistryEntry(
        calendar_day=pb.CalendarDay(
            layer=pb.CALENDAR_LAYER_NATIONAL,
            day="2020-10-28",
            kind=pb.DAY_KIND_CLOSED,
            reference="a closure of this test",
        )
    ),
    "test",
)
WHAT_IF = {
    "entries": [
        {
            "calendarDay": {
                "layer": "CALENDAR_LAYER_NATIONAL",
                "day": "2020-10-28",
                "kind": "DAY_KIND_CLOSED",
                "reference": "a closure of this test",
            }
        }
    ]
}


def test_a_change_whose_process_dies_is_restated_once_and_as_previewed(own_stack: Stack) -> None:
    hand_in(own_stack, share(0, 4))
    wait_settled(own_stack)
    expected = _processing(own_stack, "POST", "registry/preview", WHAT_IF)["total"]
    assert expected["moved"] > 0

    def meanwhile() -> None:
        asyncio.run(apply_entries(own_stack.servers.kafka, [CLOSED]))

    code = own_stack.dies_at("processing", "processing.registry_batch", meanwhile)
    assert code == -signal.SIGKILL
    own_stack.wait_ready("processing")
    wait_settled(own_stack)

    (told,) = _processing(own_stack, "GET", "restatements")["restatements"]
    for member in ("crossing", "moved"):
        assert int(told[member]) == expected[member]
    for member in ("before", "after"):
        assert {name: int(count) for name, count in told[member].items()} == expected[member]
    assert [one.id for one in _admin_events(own_stack)] == [told["id"]]


def test_the_same_entries_again_restate_nothing(own_stack: Stack) -> None:
    before = _processing(own_stack, "GET", "restatements")
    assert asyncio.run(apply_entries(own_stack.servers.kafka, [CLOSED])) == []
    wait_settled(own_stack)
    assert _processing(own_stack, "GET", "restatements") == before


def test_a_rebuild_keeps_what_was_restated_and_tells_it_to_nobody_again(own_stack: Stack) -> None:
    before = _processing(own_stack, "GET", "restatements")
    done = subprocess.run(
        (sys.executable, "-m", "motcua_processing.rebuild"),
        env=own_stack.settings("processing", GROUP_INSTANCE=None),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    wait_settled(own_stack)
    assert _processing(own_stack, "GET", "restatements") == before
    assert len(_admin_events(own_stack)) == 1


def _processing(stack: Stack, method: str, path: str, body: Any = None) -> Any:
    answer = httpx.request(
        method, f"{stack.addresses.processing}/v1/{path}", json=body, timeout=30, trust_env=False
    )
    answer.raise_for_status()
    return answer.json()


def _admin_events(stack: Stack) -> list[AdminEvent]:
    async def read() -> list[AdminEvent]:
        place = TopicPartition(ADMIN_EVENTS, 0)
        async with log_consumer(stack.servers.kafka) as consumer:
            asked: Any = consumer
            ends: dict[Any, int] = await asked.end_offsets([place])
            return [
                AdminEvent.FromString(record.value or b"")
                async for records in read_partition(consumer, place, 0, ends[place])
                for record in records
            ]

    return asyncio.run(read())
