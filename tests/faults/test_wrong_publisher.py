"""The final comparison catches a build that marks states as published before Kafka has them."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from final_figures import assert_exact, differences, wait_settled
from flow import hand_in
from sample_share import share
from stack_under_fault import Stack

pytestmark = [pytest.mark.real, pytest.mark.faults]

_WRONG = (str(Path(__file__).with_name("wrong_publisher.py")),)


def test_a_build_that_clears_marks_before_the_acknowledgement_is_caught(own_stack: Stack) -> None:
    deliveries = share(0, 1)
    last = deliveries[-1]
    own_stack.supervisor.stop("processing")
    own_stack.supervisor.start(own_stack.program("processing", entry=_WRONG))
    hand_in(own_stack, deliveries[:-1])
    assert_exact(own_stack)  # undisturbed, the wrong build does as well as the right one

    code = own_stack.dies_at(
        "processing", "wrong.after_clear", lambda: hand_in(own_stack, [last]), entry=_WRONG
    )
    assert code == -signal.SIGKILL
    own_stack.wait_ready("processing")
    wait_settled(own_stack)

    assert f"lost or stale state of {last.event['subject']}" in differences(own_stack)
    with pytest.raises(AssertionError, match="lost or stale state"):
        assert_exact(own_stack, agree_seconds=3.0)


def test_the_right_build_struck_at_the_same_place_is_exact(own_stack: Stack) -> None:
    """The state lost above is published again with the next event of its dossier."""
    own_stack.supervisor.stop("processing")
    own_stack.start("processing")
    code = own_stack.dies_at(
        "processing", "publisher.before_mark", lambda: hand_in(own_stack, share(1, 2))
    )
    assert code == -signal.SIGKILL
    own_stack.wait_ready("processing")
    wait_settled(own_stack)
    lost = share(0, 1)[-1].event["subject"]
    assert [one for one in differences(own_stack) if "lost or stale" in one] == [
        f"lost or stale state of {lost}"
    ]
