"""L3 and L9: figures follow the clock alone. L5: a restarted metrics reads the same ones again."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import pytest
from final_figures import assert_exact
from flow import hand_in
from gauges_read import business_lines, read_gauges
from loopback import HTTP
from motcua_cli import clock_entries
from motcua_cli.registry.apply import apply_entries
from sample_share import share, timings
from stack_under_fault import Stack
from waiting import until

pytestmark = [pytest.mark.real, pytest.mark.faults]

FRIDAY = "2020-10-30T17:00:00+07:00"
MONDAY = "2020-11-02T17:00:00+07:00"
TUESDAY = date(2020, 11, 3)
_SECONDS = 30.0


def test_a_restarted_metrics_reads_the_same_figures_from_the_compacted_topic(
    own_stack: Stack,
) -> None:
    hand_in(own_stack, share(0, 12))
    assert_exact(own_stack)
    before = business_lines(own_stack.addresses.metrics)
    assert any(line.startswith("motcua_dossiers_resolved") for line in before)

    own_stack.kill("metrics")
    own_stack.wait_ready("metrics")

    assert business_lines(own_stack.addresses.metrics) == before


def test_one_working_day_later_the_gauges_are_those_of_the_raw_events_without_event_or_restart(
    own_stack: Stack,
) -> None:
    on_friday = timings(own_stack.delivered, FRIDAY, date(2020, 11, 2))
    on_monday = timings(own_stack.delivered, MONDAY, TUESDAY)
    assert on_monday["overdue"] > on_friday["overdue"]
    assert read_gauges(own_stack.addresses.metrics).timings == on_friday
    pids, records = own_stack.supervisor.pids(), _watermark(own_stack)

    clock = clock_entries.frozen(clock_entries.moment(MONDAY))
    asyncio.run(apply_entries(own_stack.servers.kafka, [clock]))

    until(
        "the gauges follow the clock",
        lambda: read_gauges(own_stack.addresses.metrics).timings == on_monday,
        _SECONDS,
    )
    until("the API does", lambda: _timings_of_the_api(own_stack) == on_monday, _SECONDS)
    assert own_stack.supervisor.pids() == pids
    assert _watermark(own_stack) == records


def _watermark(stack: Stack) -> int:
    """How many records of events have been applied."""
    return _ask(stack, "/v1/balance")["watermark"]


def _timings_of_the_api(stack: Stack) -> dict[str, int]:
    period = {"unit": "666", "from": "2020-01-01", "to": "2020-11-02"}
    found: dict[str, int] = _ask(stack, "/v1/summary", **period)["in_progress"]
    del found["total"]
    return found


def _ask(stack: Stack, path: str, **query: str) -> Any:
    url = f"{stack.addresses.processing}{path}"
    return HTTP.get(url, params=query).raise_for_status().json()
