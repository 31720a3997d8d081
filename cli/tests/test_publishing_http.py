"""Publishing against a stub of intake's answers: order, retries, rejections."""

import json
from collections import defaultdict
from typing import Any

import httpx
import pytest
from motcua_cli.errors import CommandError
from motcua_cli.publishing import publish as publishing
from motcua_cli.publishing.deliveries import Batch, Delivery
from motcua_cli.publishing.intake_client import IntakeClient

KEYS = {name: f"key-of-{name}" for name in "abcdef"}


class StubIntake:
    """Answers as intake does; the first `away` requests get a 503, some ids are rejected."""

    def __init__(self, *, away: int = 0, rejects: str = "") -> None:
        self.away = away
        self.rejects = rejects
        self.seen: dict[str, list[str]] = defaultdict(list)
        self.largest = 0

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.away > 0:
            self.away -= 1
            return httpx.Response(503, headers={"Retry-After": "0"})
        key = request.headers["Authorization"].removeprefix("Bearer ")
        events: list[dict[str, Any]] = json.loads(request.content)
        self.largest = max(self.largest, len(events))
        known = set(self.seen[key])
        self.seen[key] += [event["id"] for event in events]
        return httpx.Response(202, json={"results": [self._result(one, known) for one in events]})

    def _result(self, event: dict[str, Any], known: set[str]) -> dict[str, str]:
        if event["id"] == self.rejects:
            rule = "a code with an existing day"
            return {"id": event["id"], "status": "rejected", "field": "subject", "rule": rule}
        return {"id": event["id"], "status": "repeated" if event["id"] in known else "accepted"}


def _client(stub: StubIntake, deadline: float = 10.0) -> IntakeClient:
    http = httpx.AsyncClient(transport=httpx.MockTransport(stub), base_url="http://intake")
    return IntakeClient(http, KEYS, deadline)


def _use(stub: StubIntake, monkeypatch: pytest.MonkeyPatch) -> None:
    client = httpx.AsyncClient

    def with_stub(**options: Any) -> httpx.AsyncClient:
        return client(transport=httpx.MockTransport(stub), **options)

    monkeypatch.setattr(httpx, "AsyncClient", with_stub)


def _year(count: int) -> list[Delivery]:
    return [Delivery("abcdef"[n % 6], {"id": f"{n:05}"}) for n in range(count)]


async def test_each_publisher_is_heard_in_its_order_in_batches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stub = StubIntake(away=3)
    _use(stub, monkeypatch)
    advanced: list[int] = []
    deliveries = _year(7_001)
    answer = await publishing.publish(
        deliveries, url="http://intake", keys=KEYS, advanced=advanced.append
    )
    assert (answer.accepted, answer.repeated, sum(advanced)) == (7_001, 0, 7_001)
    assert stub.largest == publishing.BATCH_SIZE
    for name in KEYS:
        wanted = [one.event["id"] for one in deliveries if one.publisher == name]
        assert stub.seen[KEYS[name]] == wanted


async def test_the_first_rejection_stops_with_its_field_and_rule(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _use(StubIntake(rejects="00007"), monkeypatch)
    with pytest.raises(CommandError) as caught:
        await publishing.publish(
            _year(100), url="http://intake", keys=KEYS, advanced=lambda _: None
        )
    assert "00007" in caught.value.english
    assert "subject: a code with an existing day" in caught.value.vietnamese


async def test_repeated_events_are_counted_apart() -> None:
    client = _client(StubIntake())
    batch = Batch("a", ({"id": "1"}, {"id": "2"}))
    first, second = await client.send(batch), await client.send(batch)
    assert (first.accepted, first.repeated) == (2, 0)
    assert (second.accepted, second.repeated) == (0, 2)


async def test_an_intake_that_stays_away_is_given_up_at_the_deadline() -> None:
    with pytest.raises(CommandError, match="HTTP 503"):
        await _client(StubIntake(away=10_000), deadline=0.2).send(Batch("a", ({"id": "1"},)))


async def test_a_publisher_without_a_key_is_named() -> None:
    with pytest.raises(CommandError, match="stranger"):
        await _client(StubIntake()).send(Batch("stranger", ({"id": "1"},)))
