"""L5: killing any process at any moment changes no final number."""

from __future__ import annotations

import os
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pytest
from final_figures import assert_exact
from flow import Flow, flowing
from sample_share import share
from stack_under_fault import SERVICES, Stack
from waiting import let_pass

pytestmark = [pytest.mark.real, pytest.mark.faults]

KILLS: Final = int(os.environ.get("MOTCUA_FAULT_KILLS", "20"))
SEED: Final = int(os.environ.get("MOTCUA_FAULT_SEED", "2020"))
_LONGEST_LIFE_SECONDS: Final = 1.5


def test_twenty_seeded_kills_of_each_service_while_events_flow_change_no_number(
    stack: Stack,
) -> None:
    with flowing(stack, share(0, 20), portions=len(SERVICES) * KILLS) as flow:
        with ThreadPoolExecutor(len(SERVICES)) as killers:
            struck = [killers.submit(_strike, stack, service, flow) for service in SERVICES]
        for each in struck:
            each.result()
    for service in SERVICES:
        assert stack.supervisor.restarts(service) >= KILLS
    assert_exact(stack)


def _strike(stack: Stack, service: str, flow: Flow) -> None:
    """Each kill falls into a portion of the flow, a drawn time after the service is ready."""
    drawn = random.Random(f"{SEED}/{service}")
    for _ in range(KILLS):
        stack.wait_ready(service)
        flow.release()
        let_pass(drawn.uniform(0, _LONGEST_LIFE_SECONDS))
        stack.kill(service)
