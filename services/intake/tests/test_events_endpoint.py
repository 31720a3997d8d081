from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from motcua_intake.bootstrap import build_app
from motcua_intake.entrypoints.admission import Admission
from motcua_intake.testing import (
    KEY,
    STRANGER_KEY,
    FakeEventLog,
    FakeRegistrySource,
    fake_world,
    received,
)
from motcua_kernel.admission_rules import RULES
from motcua_kernel.events import Kind
from motcua_platform.problems import Problem

if TYPE_CHECKING:
    import httpx
    from motcua_intake.settings import IntakeSettings


def statuses(response: httpx.Response) -> list[str]:
    return [result["status"] for result in response.json()["results"]]


async def test_one_event_is_accepted_and_in_the_log(
    client: httpx.AsyncClient, log: FakeEventLog
) -> None:
    response = await client.post("/v1/events", json=received())
    assert response.status_code == 202
    assert response.json() == {
        "accepted": 1,
        "repeated": 0,
        "rejected": 0,
        "results": [{"id": "e-1", "status": "accepted"}],
    }
    (event,) = log.events
    assert (event.publisher, event.kind) == ("dak-rlap", Kind.RECEIVED)


async def test_a_batch_is_answered_event_by_event(
    client: httpx.AsyncClient, log: FakeEventLog
) -> None:
    bad = received(2, subject="nothing")
    response = await client.post("/v1/events", json=[received(1), bad, received(1), received(3)])
    assert response.status_code == 202
    assert statuses(response) == ["accepted", "rejected", "repeated", "accepted"]
    assert response.json()["results"][1] == {
        "id": "e-2",
        "status": "rejected",
        "field": "/1/subject",
        "rule": "dossier-code",
        "expected": RULES["dossier-code"].vi,
        "type": "urn:motcua:problem:dossier-code",
    }
    assert [event.event_id for event in log.events] == ["e-1", "e-3"]


async def test_a_second_time_an_event_is_repeated_and_not_written(
    client: httpx.AsyncClient, log: FakeEventLog
) -> None:
    await client.post("/v1/events", json=received())
    response = await client.post("/v1/events", json=received())
    assert (response.status_code, statuses(response)) == (202, ["repeated"])
    assert len(log.events) == 1


async def test_the_same_id_with_other_content_is_a_conflict(
    client: httpx.AsyncClient, log: FakeEventLog
) -> None:
    await client.post("/v1/events", json=received())
    other = received(time="2020-01-06T09:00:00+07:00")
    response = await client.post("/v1/events", json=other)
    assert response.status_code == 409
    assert response.json()["rule"] == "conflict"
    assert "dak-rlap" in response.json()["expected"]
    assert "e-1" in response.json()["expected"]
    assert len(log.events) == 1


async def test_publishers_do_not_share_ids(client: httpx.AsyncClient, log: FakeEventLog) -> None:
    theirs = received(data=received()["data"] | {"receiving_unit": "664"})
    await client.post("/v1/events", json=theirs)
    stranger = {"Authorization": f"Bearer {STRANGER_KEY}"}
    response = await client.post("/v1/events", json=theirs, headers=stranger)
    assert statuses(response) == ["accepted"]
    assert [event.publisher for event in log.events] == ["dak-rlap", "dak-mil"]


async def test_a_batch_of_rejected_events_is_a_problem_with_results(
    client: httpx.AsyncClient, log: FakeEventLog
) -> None:
    response = await client.post("/v1/events", json=[received(1, time="x"), {"id": "e-2"}])
    assert response.status_code == 422
    assert response.json()["type"] == "urn:motcua:problem:events-rejected"
    assert [result["id"] for result in response.json()["results"]] == ["e-1", "e-2"]
    assert log.events == []


async def test_while_the_log_is_away_nothing_is_promised_or_remembered(
    client: httpx.AsyncClient, log: FakeEventLog
) -> None:
    log.is_away = True
    response = await client.post("/v1/events", json=[received(1), received(2)])
    assert (response.status_code, response.headers["retry-after"]) == (503, "2")
    log.is_away = False
    response = await client.post("/v1/events", json=[received(1), received(2)])
    assert statuses(response) == ["accepted", "accepted"]


async def test_an_incomplete_registry_judges_nobody(
    client: httpx.AsyncClient, registry_source: FakeRegistrySource
) -> None:
    registry_source.is_complete = False
    response = await client.post("/v1/events", json=received())
    assert (response.status_code, "retry-after" in response.headers) == (503, True)
    assert (await client.get("/readyz")).status_code == 503


async def test_readiness_needs_the_log(client: httpx.AsyncClient, log: FakeEventLog) -> None:
    assert (await client.get("/readyz")).json() == {"registry": True, "gates": True, "kafka": True}
    log.is_away = True
    response = await client.get("/readyz")
    assert response.json()["parts"] == {"registry": True, "gates": True, "kafka": False}


async def test_either_header_carries_the_key(client: httpx.AsyncClient) -> None:
    expected = {"id": "dak-rlap", "name": "dak-rlap", "units": ["666"]}
    assert (await client.get("/v1/publisher")).json() == expected
    headers = {"Authorization": "", "X-API-Key": KEY}
    assert (await client.get("/v1/publisher", headers=headers)).json() == expected


async def test_the_counters_exist_before_the_first_event_and_count_answers(
    client: httpx.AsyncClient,
) -> None:
    text = (await client.get("/metrics")).text
    for result in ("accepted", "repeated", "rejected"):
        assert f'motcua_intake_events_total{{result="{result}"}} 0.0' in text
    await client.post("/v1/events", json=[received(1), received(1), received(2, time="x")])
    text = (await client.get("/metrics")).text
    for result in ("accepted", "repeated", "rejected"):
        assert f'motcua_intake_events_total{{result="{result}"}} 1.0' in text
    assert "motcua_intake_request_seconds_count 1.0" in text


async def test_more_requests_than_may_wait_are_told_to_come_back() -> None:
    admission = Admission(active=1, waiting=0)
    async with admission.turn():
        with pytest.raises(Problem) as caught:
            async with admission.turn():
                pass
    assert (caught.value.status, caught.value.headers["Retry-After"]) == (503, "2")
    async with admission.turn():
        pass


def test_every_schema_that_the_document_names_is_in_it(settings: IntakeSettings) -> None:
    app = build_app(settings, fake_world(FakeEventLog(), FakeRegistrySource()))
    document = app.openapi()
    schemas: dict[str, Any] = document["components"]["schemas"]
    assert references(document) <= set(schemas)
    assert len(schemas["Event"]["anyOf"]) == len(Kind)
    answers = document["paths"]["/v1/events"]["post"]["responses"]
    assert {"202", "400", "401", "403", "409", "413", "422", "503"} <= set(answers)


def references(node: Any) -> set[str]:
    if isinstance(node, list):
        items = cast("list[Any]", node)
        return set[str]().union(*(references(item) for item in items))
    if isinstance(node, dict):
        members = cast("dict[str, Any]", node)
        own = {members["$ref"].rpartition("/")[2]} if "$ref" in members else set[str]()
        return own.union(*(references(member) for member in members.values()))
    return set()
