"""L5: one death at every named place, and the figures are exact."""

from __future__ import annotations

import signal
from contextlib import ExitStack

import pytest
from final_figures import assert_exact
from flow import Flow
from sample_share import share
from second_process import second_process
from stack_under_fault import Stack

pytestmark = [pytest.mark.real, pytest.mark.faults]

FAILPOINTS = (
    "processing.after_journal",
    "processing.after_commit",
    "publisher.after_first_state",
    "publisher.before_mark",
    "processing.rebalance",
    "intake.before_send",
    "intake.before_answer",
)
_FIRST_SHARE = 20
_SECOND_TIME = ":2"


@pytest.mark.parametrize("failpoint", FAILPOINTS)
def test_a_process_that_dies_at_a_named_place_changes_no_number(
    stack: Stack, failpoint: str
) -> None:
    service = "intake" if failpoint.startswith("intake") else "processing"
    start = _FIRST_SHARE + FAILPOINTS.index(failpoint)
    flow = Flow(stack, share(start, start + 1), portions=4)
    with ExitStack() as closing:

        def meanwhile() -> None:
            if failpoint == "processing.rebalance":
                # The first passing is its own joining; the second a rebalance while events flow.
                stack.wait_ready(service)
                flow.release(4)
                closing.enter_context(second_process(stack))
            else:
                flow.release(4)

        code = stack.dies_at(service, failpoint + _SECOND_TIME, meanwhile)
        assert code == -signal.SIGKILL
        flow.finish()
    assert_exact(stack)
