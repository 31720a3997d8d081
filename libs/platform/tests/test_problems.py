"""Every error of an app is an RFC 9457 problem document."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from httpx import ASGITransport, AsyncClient
from motcua_platform.access.testing import settings_of
from motcua_platform.problems import MEDIA_TYPE, Problem
from motcua_platform.service import make_app
from prometheus_client import CollectorRegistry

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from fastapi import FastAPI

PARTS = {"kafka": True, "registry": True}


@asynccontextmanager
async def nothing(_: FastAPI) -> AsyncGenerator[None, None]:
    yield


@pytest.fixture
def client() -> AsyncClient:
    app = make_app("test", nothing, lambda: PARTS, CollectorRegistry(), settings_of())

    @app.get("/things/{number}")
    async def thing(number: int) -> int:
        if number == 0:
            raise Problem(
                503, "away", "Away", "Kafka is away", headers={"Retry-After": "5"}, field="x"
            )
        return number

    return AsyncClient(transport=ASGITransport(app), base_url="http://test")


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/things/0", 503, "away"),
        ("/things/many", 422, "invalid-request"),
        ("/nowhere", 404, "http-404"),
    ],
)
async def test_errors_are_problem_documents(
    client: AsyncClient, path: str, status: int, kind: str
) -> None:
    answer = await client.get(path)
    assert answer.headers["content-type"] == MEDIA_TYPE
    document = answer.json()
    assert (answer.status_code, document["status"]) == (status, status)
    assert document["type"] == f"urn:motcua:problem:{kind}"
    assert document["title"]


async def test_a_wrong_method_says_which_are_right(client: AsyncClient) -> None:
    answer = await client.post("/things/1")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert answer.headers["content-type"] == MEDIA_TYPE


async def test_a_problem_names_the_field_and_keeps_its_headers(client: AsyncClient) -> None:
    answer = await client.get("/things/0")
    assert answer.headers["retry-after"] == "5"
    assert (answer.json()["detail"], answer.json()["field"]) == ("Kafka is away", "x")
    assert (await client.get("/things/many")).json()["field"] == "path.number"


async def test_ready_only_when_every_part_is(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await client.get("/readyz")).json() == PARTS
    monkeypatch.setitem(PARTS, "kafka", False)
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["parts"]["kafka"]) == (503, False)
    assert (await client.get("/livez")).status_code == 200


async def test_metrics_are_served_in_the_text_format(client: AsyncClient) -> None:
    assert (await client.get("/metrics")).status_code == 200
