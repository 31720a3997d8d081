"""L5: Kafka or PostgreSQL stopped or killed in mid-flow; intake says so, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import msgspec
import pytest
from final_figures import assert_exact
from flow import Flow, flowing
from loopback import HTTP
from motcua_sample_dak_rlap import Delivery
from sample_share import share
from stack_under_fault import Stack
from waiting import until

pytestmark = [pytest.mark.real, pytest.mark.faults]

_FIRST_SHARE = 30
_PORTIONS = 12
_AWAY_SECONDS = 30.0
_REACTION_SECONDS = 60.0
_ACCEPTED = 202
_UNAVAILABLE = 503


def _killed_postgres(stack: Stack) -> None:
    stack.postgres.kill()
    stack.postgres.start()


FAULTS: dict[str, Callable[[Stack], None]] = {
    "kafka restarted": lambda stack: stack.kafka.restart(),
    "postgres killed": _killed_postgres,
    "postgres restarted": lambda stack: stack.postgres.restart(),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_server_that_goes_and_comes_back_in_mid_flow_changes_no_number(
    stack: Stack, fault: str
) -> None:
    start = _FIRST_SHARE + 2 * list(FAULTS).index(fault)
    deliveries = share(start, start + 2)
    with flowing(stack, deliveries, _PORTIONS) as flow:
        _flow_up_to(flow, 3)
        with ThreadPoolExecutor(1) as aside:
            struck = aside.submit(FAULTS[fault], stack)
            flow.release(4)
            struck.result()
    assert_exact(stack)


def test_while_kafka_is_dead_intake_answers_503_and_never_a_202_whose_event_is_missing(
    stack: Stack,
) -> None:
    start = _FIRST_SHARE + 2 * len(FAULTS)
    deliveries = share(start, start + 2)
    probe, flowing_ones = deliveries[-1], deliveries[:-1]
    with flowing(stack, flowing_ones, _PORTIONS) as flow:
        _flow_up_to(flow, 3)
        flow.release(4)
        stack.kafka.kill()
        refused = until("intake says 503", lambda: _refusal(stack, probe), _AWAY_SECONDS)
        assert int(refused.headers["Retry-After"]) > 0
        assert refused.headers["Content-Type"] == "application/problem+json"
        stack.kafka.start()
        until("the event is accepted", lambda: _accepted(stack, probe), _REACTION_SECONDS)
        stack.told([probe])
    assert_exact(stack)


def _flow_up_to(flow: Flow, portions: int) -> None:
    flow.release(portions)
    until("the flow has begun", lambda: flow.accepted_portions >= portions, _REACTION_SECONDS)


def _refusal(stack: Stack, delivery: Delivery) -> httpx.Response | None:
    """The answer to an event while Kafka is away: never 202."""
    answer = _hand_in_once(stack, delivery)
    assert answer.status_code != _ACCEPTED
    return answer if answer.status_code == _UNAVAILABLE else None


def _accepted(stack: Stack, delivery: Delivery) -> bool:
    return _hand_in_once(stack, delivery).status_code == _ACCEPTED


def _hand_in_once(stack: Stack, delivery: Delivery) -> httpx.Response:
    headers = {
        "Authorization": f"Bearer {stack.keys[delivery.publisher]}",
        "Content-Type": "application/cloudevents+json",
    }
    return HTTP.post(
        f"{stack.addresses.intake}/v1/events",
        content=msgspec.json.encode(delivery.event),
        headers=headers,
    )
