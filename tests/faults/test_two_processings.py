"""Two processing processes of one group: one is killed in mid-flow, and comes back later."""

from __future__ import annotations

import pytest
from final_figures import assert_exact
from flow import Flow, flowing
from sample_share import share
from second_process import second_process
from stack_under_fault import Stack
from waiting import until

pytestmark = [pytest.mark.real, pytest.mark.faults]

_PORTIONS = 30
_SECONDS = 60.0


def test_one_of_two_processes_killed_and_started_again_in_mid_flow_changes_no_number(
    stack: Stack,
) -> None:
    with flowing(stack, share(40, 45), _PORTIONS) as flow:
        with second_process(stack):
            _flow_up_to(flow, 10)
            stack.kill("processing")
            _flow_up_to(flow, 15)
            stack.wait_ready("processing")
            _flow_up_to(flow, 20)
        with second_process(stack):
            _flow_up_to(flow, 25)
    assert_exact(stack)


def _flow_up_to(flow: Flow, portions: int) -> None:
    missing = portions - flow.accepted_portions
    flow.release(missing)
    until("the flow goes on", lambda: flow.accepted_portions >= portions, _SECONDS)
