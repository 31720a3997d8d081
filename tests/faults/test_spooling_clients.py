"""L5 at the door: a client with a spool loses nothing, whenever intake dies or Kafka is away."""

from __future__ import annotations

import os
import random
import signal
import subprocess
from pathlib import Path
from typing import Final

import pytest
from final_figures import assert_exact
from motcua_cli.stack.processes import kill, spawn
from motcua_sample_dak_rlap import Delivery
from sample_share import share
from spooled_flow import assert_log_holds_in_order, spooled_flow
from stack_under_fault import Stack
from waiting import let_pass, until

pytestmark = [pytest.mark.real, pytest.mark.faults]

DEATHS: Final = int(os.environ.get("MOTCUA_FAULT_ANSWERS", "20"))
SEED: Final = int(os.environ.get("MOTCUA_FAULT_SEED", "2020"))
_DEATH_SECONDS: Final = 60.0
_ANSWERS_BEFORE: Final = 3

_SPEED: Final = 100.0
_OUTAGE_SECONDS: Final = 30 * 60.0
_OUTAGE_PORTIONS: Final = 10
_MOST_RETRIES_PER_PUBLISHER: Final = 4 * 300
"""Four requests on their way, each again after 6 s or more on average, in half an hour."""


def test_intake_dies_again_and_again_before_its_answer_and_each_event_is_there_exactly_once(
    stack: Stack, tmp_path: Path
) -> None:
    deliveries = share(50, 53 if DEATHS <= 100 else 60)
    drawn = random.Random(SEED)
    stack.supervisor.stop("intake")
    with spooled_flow(stack, tmp_path, deliveries, batch=3, speed=20.0) as flow:
        try:
            for death in range(DEATHS):
                flow.put(_portion(deliveries, death))
                _dies_before_its_answer(stack, drawn.randint(1, _ANSWERS_BEFORE))
                assert flow.waiting() > 0
        finally:
            stack.supervisor.start(stack.program("intake"))
        flow.finish()
        assert flow.troubles >= DEATHS
    assert_log_holds_in_order(stack, deliveries)
    assert_exact(stack)


def _portion(deliveries: list[Delivery], death: int) -> list[Delivery]:
    count = len(deliveries)
    return deliveries[death * count // DEATHS : (death + 1) * count // DEATHS]


def _dies_before_its_answer(stack: Stack, passing: int) -> None:
    """Run intake until it kills itself, the log has acknowledged and nobody has been answered."""
    program = stack.program("intake", FAILPOINT=f"intake.before_answer:{passing}")
    log = stack.logs / "intake-before-answer.log"
    doomed = spawn(program.argv, log=log, env=program.env)
    try:
        assert doomed.wait(_DEATH_SECONDS) == -signal.SIGKILL
    except subprocess.TimeoutExpired:
        raise AssertionError(f"intake lived on; see {log}") from None
    finally:
        kill(doomed)


def test_after_half_an_hour_without_kafka_the_spools_drain_and_nothing_is_lost(
    stack: Stack, tmp_path: Path
) -> None:
    """For the clients time passes a hundred times as fast: the outage takes 18 seconds."""
    deliveries = share(60, 62)
    before, during = deliveries[: len(deliveries) // 4], deliveries[len(deliveries) // 4 :]
    size = -(-len(during) // _OUTAGE_PORTIONS)
    with spooled_flow(stack, tmp_path, deliveries, batch=20, speed=_SPEED) as flow:
        flow.put(before)
        until("the flow has begun", lambda: flow.waiting() < len(before), _DEATH_SECONDS)
        stack.kafka.kill()
        for start in range(0, len(during), size):
            flow.put(during[start : start + size])
            let_pass(_OUTAGE_SECONDS / _SPEED / _OUTAGE_PORTIONS)
        assert flow.waiting() >= len(during)
        publishers = len({one.publisher for one in deliveries})
        assert 0 < flow.troubles < publishers * _MOST_RETRIES_PER_PUBLISHER
        stack.kafka.start()
        flow.finish()
    assert_log_holds_in_order(stack, deliveries)
    assert_exact(stack)
