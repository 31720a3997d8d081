"""What each answer of intake settles, without any I/O."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from motcua_client.answers import Again, Halt, Settled, Smaller, Verdict, read_answer
from motcua_client.delivery import Delivery, Spooled
from motcua_client.errors import Away, NotAdmitted, Refused
from motcua_client.retrying import Pace, Retries
from motcua_client.testing import quick


def read(status: int, document: Any, **headers: str) -> Any:
    return read_answer(status, headers, json.dumps(document).encode(), ["a", "b"])


def results(*statuses: str) -> dict[str, Any]:
    told = zip("ab", statuses, strict=True)
    return {"results": [{"id": name, "status": status} for name, status in told]}


def problem(kind: str, **members: Any) -> dict[str, Any]:
    return {"type": f"urn:motcua:problem:{kind}", "title": "T"} | members


def test_each_event_of_a_202_has_its_verdict() -> None:
    told = results("accepted", "repeated")
    verdicts = (Verdict("a", "accepted"), Verdict("b", "repeated"))
    assert read(202, told) == Settled(verdicts)


def test_a_rejected_event_is_told_with_a_pointer_within_itself() -> None:
    fault = {"field": "/1/data/unit", "rule": "unit", "expected": "một đơn vị"}
    told = results("accepted", "rejected")
    told["results"][1] |= fault
    reading = read(202, told)
    assert reading.verdicts[1] == Verdict("b", "rejected", "/data/unit", "unit", "một đơn vị")


@pytest.mark.parametrize("status", [403, 409, 422])
def test_a_problem_with_results_is_final_too(status: int) -> None:
    told = problem("events-rejected", **results("rejected", "rejected"))
    assert isinstance(read(status, told), Settled)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again_after_the_wait_asked_for(status: int) -> None:
    assert read(status, problem("busy"), **{"retry-after": "9"}) == Again("T", 9.0)


@pytest.mark.parametrize(
    "told", [{}, {"results": []}, results("accepted", "so-so"), {"results": 7}, [1], "Wi-Fi"]
)
def test_a_202_that_does_not_speak_of_these_events_settles_nothing(told: Any) -> None:
    assert isinstance(read(202, told), Again)


def test_an_answer_about_other_events_settles_nothing() -> None:
    told = results("accepted", "accepted")
    told["results"].reverse()
    assert isinstance(read(202, told), Again)


def test_a_request_refused_as_a_whole_is_made_smaller() -> None:
    assert read(413, problem("body-too-large")) == Smaller("body-too-large", "T")
    assert read(422, problem("event-count")) == Smaller("event-count", "T")


def test_a_key_that_is_not_accepted_halts() -> None:
    assert read(401, problem("unauthorised")) == Halt(401, "T", admitted=False)
    assert read(403, problem("no-publisher")) == Halt(403, "T", admitted=False)


@pytest.mark.parametrize("status", [302, 404, 405])
def test_a_wrong_address_halts(status: int) -> None:
    assert read(status, "Not Found") == Halt(status, "", admitted=True)


@pytest.mark.parametrize("status", [200, 400, 401, 403, 413, 422])
def test_what_intake_did_not_write_settles_nothing_and_rejects_nothing(status: int) -> None:
    assert isinstance(read(status, "<html>"), Again)


@given(st.binary(max_size=60), st.integers(100, 599))
def test_no_answer_breaks_the_reader(content: bytes, status: int) -> None:
    assert not isinstance(read_answer(status, {}, content, ["a"]), Settled)


def test_waits_are_drawn_under_a_doubling_cap_and_never_before_retry_after() -> None:
    pace = Pace(first=1, longest=4, patience=None, chance=lambda: 1.0)
    retries = Retries(pace)
    assert [retries.wait("x") for _ in range(4)] == [1, 2, 4, 4]
    assert retries.wait("x", at_least=60) == 64
    retries.answered()
    assert retries.wait("x") == 1
    drawn_nothing = Pace(patience=None, chance=lambda: 0.0)
    assert Retries(drawn_nothing).wait("x") == 0


def test_patience_ends_with_what_intake_asked_for() -> None:
    now = [0.0]
    retries = Retries(Pace(patience=10, monotonic=lambda: now[0], chance=lambda: 0.0))
    assert retries.wait("busy", 10) == 10
    now[0] = 9.0
    with pytest.raises(Away) as caught:
        retries.wait("busy", 2)
    assert (caught.value.why, caught.value.retry_after) == ("busy", 2)


def batch(count: int) -> list[Spooled]:
    return [Spooled(n, str(n), "d", f'{{"id":"{n}"}}'.encode()) for n in range(count)]


def test_a_request_that_is_too_large_is_halved_down_to_the_one_event_to_blame() -> None:
    delivery = Delivery(batch(5), quick())
    verdicts: list[tuple[str, str, str]] = []
    while (body := delivery.to_send()) is not None:
        sent = [one["id"] for one in json.loads(body)]
        if "3" in sent:
            step = delivery.answered(413, {}, json.dumps(problem("body-too-large")).encode())
        else:
            told = {"results": [{"id": name, "status": "accepted"} for name in sent]}
            step = delivery.answered(202, {}, json.dumps(told).encode())
        verdicts += [(event.id, told.status, told.rule) for event, told in step.settled]
    accepted = [(str(n), "accepted", "") for n in range(5)]
    assert verdicts == [*accepted[:3], ("3", "rejected", "body-too-large"), accepted[4]]


def test_halts_are_told_apart() -> None:
    with pytest.raises(NotAdmitted):
        Delivery(batch(1), quick()).answered(401, {}, json.dumps(problem("key")).encode())
    with pytest.raises(Refused):
        Delivery(batch(1), quick()).answered(404, {}, b"")
