"""The bad input that a publisher may send: the right problem each time, nothing in the log."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from motcua_intake.testing import REVOKED_KEY, received

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx
    from motcua_intake.settings import IntakeSettings
    from motcua_intake.testing import FakeEventLog

GOOD = json.dumps(received()).encode()


def event(**changes: Any) -> bytes:
    return json.dumps(received(**changes)).encode()


def with_data(**changes: str) -> bytes:
    return event(data=received()["data"] | changes)


@pytest.mark.parametrize(
    ("body", "headers", "problem"),
    [
        (b'{"id": "e-1"', {}, (400, "malformed-body")),
        (GOOD.replace(b"e-1", b"\xff"), {}, (422, "json")),
        (b"", {}, (400, "malformed-body")),
        (b"[]", {}, (422, "event-count")),
        (json.dumps([received(n) for n in range(1_001)]).encode(), {}, (422, "event-count")),
        (with_data(procedure="9.999999"), {}, (422, "procedure")),
        (with_data(receiving_unit="664", resolving_unit="664"), {}, (403, "authority")),
        (event(time="2020-10-31T08:00:00+07:00"), {}, (422, "future")),
        (event(subject="000.00.31.H16-201301-0001"), {}, (422, "dossier-code")),
        (with_data(citizen_name="A"), {}, (422, "unknown-field")),
        (b" " * 10_000_000, {}, (413, "body-too-large")),
        (GOOD, {"Authorization": "Bearer wrong"}, (401, "unauthenticated")),
        (GOOD, {"Authorization": ""}, (401, "unauthenticated")),
        (GOOD, {"Authorization": f"Bearer {REVOKED_KEY}"}, (401, "unauthenticated")),
        (GOOD, {"Content-Type": "text/csv"}, (415, "content-type")),
    ],
)
async def test_bad_input_gets_its_problem_and_never_reaches_the_log(
    client: httpx.AsyncClient,
    log: FakeEventLog,
    body: bytes,
    headers: dict[str, str],
    problem: tuple[int, str],
) -> None:
    status, kind = problem
    response = await client.post("/v1/events", content=body, headers=headers)
    assert response.headers["content-type"] == "application/problem+json"
    assert response.status_code == response.json()["status"] == status
    assert response.json()["type"] == f"urn:motcua:problem:{kind}"
    assert log.events == []


async def test_a_body_of_unknown_length_is_read_up_to_the_limit_only(
    client: httpx.AsyncClient, log: FakeEventLog, settings: IntakeSettings
) -> None:
    chunk = b" " * 100_000
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += len(chunk)
            yield chunk

    response = await client.post("/v1/events", content=endless())
    assert response.status_code == 413
    assert sent <= settings.body_limit + 2 * len(chunk)
    assert log.events == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (with_data(procedure="9.999999"), "/data/procedure"),
        (b"[" + with_data(procedure="9.999999") + b"]", "/0/data/procedure"),
    ],
)
async def test_the_field_at_fault_is_a_pointer_into_the_body(
    client: httpx.AsyncClient, body: bytes, field: str
) -> None:
    response = await client.post("/v1/events", content=body)
    assert response.json()["results"][0]["field"] == field
