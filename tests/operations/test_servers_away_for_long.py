"""L5: Kafka or PostgreSQL away under load for as long as `MOTCUA_AWAY_SECONDS` says.

Without it nothing is done: tests/faults has the short form, and `make operations-test` sets 300.
Publishers have spools and go on trying; `-s` shows how long the system took to have caught up,
counted from when the server answered again.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Final

import pytest
from final_figures import assert_exact, wait_settled
from sample_share import share
from spooled_flow import spooled_flow
from stack_under_fault import Stack
from waiting import let_pass

pytestmark = [pytest.mark.real, pytest.mark.faults, pytest.mark.long_form]

AWAY_SECONDS: Final = float(os.environ.get("MOTCUA_AWAY_SECONDS", "300"))
_PORTIONS: Final = 10


@pytest.mark.parametrize("server", ["kafka", "postgres"])
def test_a_server_away_under_load_costs_no_event_and_doubles_none(
    own_stack: Stack, tmp_path: Path, server: str
) -> None:
    first = 0 if server == "kafka" else 4
    deliveries = share(first, first + 4)
    size = -(-len(deliveries) // _PORTIONS)
    away = {"kafka": own_stack.kafka, "postgres": own_stack.postgres}[server]
    with spooled_flow(own_stack, tmp_path, deliveries, batch=50, speed=1.0) as flow:
        flow.put(deliveries[:size])
        away.kill()
        for start in range(size, len(deliveries), size):
            flow.put(deliveries[start : start + size])
            let_pass(AWAY_SECONDS / _PORTIONS)
        away.start()
        back = time.monotonic()
        flow.finish()
    wait_settled(own_stack)
    caught_up = time.monotonic() - back
    sys.stdout.write(f"{server} away {AWAY_SECONDS:.0f} s: caught up in {caught_up:.1f} s\n")
    assert_exact(own_stack)
