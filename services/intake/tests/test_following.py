"""Intake passes a question about an event on to processing, with the asker's own credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from motcua_intake.adapters.processing import Processing
from motcua_intake.bootstrap import build_app
from motcua_intake.testing import KEY, FakeEventLog, FakeRegistrySource, fake_world

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from motcua_intake.settings import IntakeSettings


@pytest.fixture
def asked() -> list[httpx.Request]:
    return []


@pytest.fixture
async def door(
    asked: list[httpx.Request], settings: IntakeSettings
) -> AsyncIterator[httpx.AsyncClient]:
    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if request.url.path.endswith("/away"):
            raise httpx.ConnectError("away")
        if ":" in request.url.path and "broken" in request.url.path:
            return httpx.Response(int(request.url.path.rpartition(":")[2]), text="broken")
        return httpx.Response(200, json={"status": "applied"})

    following = Processing("http://processing", httpx.MockTransport(respond))
    world = fake_world(FakeEventLog(), FakeRegistrySource(), following)
    transport = httpx.ASGITransport(build_app(settings, world))
    async with httpx.AsyncClient(
        transport=transport,
        base_url="http://intake",
        headers={"Authorization": f"Bearer {KEY}", "Accept-Language": "en"},
    ) as client:
        yield client
    await following.close()


async def test_the_answer_of_processing_is_passed_on(
    door: httpx.AsyncClient, asked: list[httpx.Request]
) -> None:
    answer = await door.get("/v1/events/dak-rlap/a/b:c")
    assert (answer.status_code, answer.json()) == (200, {"status": "applied"})
    (request,) = asked
    assert request.url.path == "/v1/events/dak-rlap/a/b:c"
    assert request.headers["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    "way_out", ["%2e%2e/%2e%2e/balance", "a/%2e%2e/%2e%2e/%2e%2e/progress", "%2e"]
)
async def test_no_id_leads_to_another_question(
    door: httpx.AsyncClient, asked: list[httpx.Request], way_out: str
) -> None:
    await door.get(f"/v1/events/dak-rlap/{way_out}")
    (request,) = asked
    assert request.url.raw_path.startswith(b"/v1/events/dak-rlap/")
    assert b".." not in request.url.raw_path


@pytest.mark.parametrize("status", [500, 422, 302])
async def test_what_is_no_answer_to_the_question_is_not_passed_on(
    door: httpx.AsyncClient, status: int
) -> None:
    answer = await door.get(f"/v1/events/dak-rlap/broken:{status}")
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:motcua:problem:processing-away"


async def test_a_stranger_s_question_goes_no_further(
    door: httpx.AsyncClient, asked: list[httpx.Request]
) -> None:
    answer = await door.get("/v1/events/dak-rlap/1", headers={"Authorization": "Bearer no"})
    assert answer.status_code == 401
    assert asked == []


async def test_while_processing_is_away_the_asker_is_told_to_come_back(
    door: httpx.AsyncClient,
) -> None:
    answer = await door.get("/v1/events/dak-rlap/away")
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:motcua:problem:processing-away"
    assert answer.headers["Retry-After"]


async def test_without_a_processing_there_is_no_such_question(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/events/dak-rlap/1")).status_code == 404
