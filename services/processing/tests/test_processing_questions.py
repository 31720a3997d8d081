"""The answers over HTTP, on the whole sample in the real database."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from loaded_sample import Loaded
from motcua_kernel.instant import Instant
from motcua_platform.access.guard import install_guard
from motcua_platform.access.testing import open_guard
from motcua_platform.problems import install_problems
from motcua_processing.adapters.projections import SqlProjections
from motcua_processing.entrypoints.http import Sources, routes
from motcua_processing.migrate import sqlalchemy_url
from motcua_sample_dak_rlap import END, THIRD_QUARTER_END, Counts, count, count_by_department
from open_books_of_tests import SCHEMA
from sample_registry import sample_deliveries, sample_registry
from sqlalchemy.ext.asyncio import create_async_engine

pytestmark = pytest.mark.real

QUARTER = (date(2020, 7, 1), date(2020, 9, 30))
YEAR = (date(2020, 1, 1), date(2020, 10, 30))
DISTRICT = "666"


@asynccontextmanager
async def api(url: str, now: int = END) -> AsyncGenerator[httpx.AsyncClient]:
    """The service's questions at a chosen moment."""
    engine = create_async_engine(
        sqlalchemy_url(url), connect_args={"server_settings": {"search_path": SCHEMA}}
    )

    async def ends() -> dict[tuple[str, int], int]:
        return {}

    app = FastAPI()
    install_problems(app)
    install_guard(app, open_guard(sample_registry))
    app.include_router(
        routes(Sources(SqlProjections(engine), sample_registry, lambda: Instant(now), ends))
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://processing") as client:
        yield client
    await engine.dispose()


async def ask(client: httpx.AsyncClient, path: str, **parameters: Any) -> dict[str, Any]:
    answer = await client.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def summary(client: httpx.AsyncClient, days: tuple[date, date]) -> dict[str, Any]:
    return await ask(client, "/v1/summary", unit=DISTRICT, **{"from": days[0], "to": days[1]})


def as_counts(figures: dict[str, Any]) -> Counts:
    """An answer in the words of the independent count."""
    resolved = figures["resolved"]
    return Counts(
        carried_over=figures["carried_over"],
        received=figures["received"],
        resolved_early=resolved["early"],
        resolved_on_time=resolved["on_time"],
        resolved_overdue=resolved["overdue"],
        resolved_no_deadline=resolved["no_deadline"],
        withdrawn=figures["withdrawn"],
        stopped=figures["stopped"],
        refused=figures["refused"],
        in_progress=figures["in_progress"]["total"],
    )


def events() -> list[dict[str, Any]]:
    return [one.event for one in sample_deliveries()]


@pytest.mark.parametrize(
    ("days", "now"),
    [(QUARTER, THIRD_QUARTER_END), (QUARTER, END), (YEAR, END)],
    ids=["the third quarter at its end", "the third quarter later", "the year"],
)
async def test_a_summary_equals_the_independent_count(
    loaded: Loaded, days: tuple[date, date], now: int
) -> None:
    expected = count(events(), *days)
    async with api(loaded.url, now) as client:
        answer = await summary(client, days)
    assert as_counts(answer) == expected
    assert answer["balance_residual"] == 0
    if days is QUARTER:
        assert expected.carried_over > 0


async def test_the_departments_of_the_third_quarter_equal_the_independent_count(
    loaded: Loaded,
) -> None:
    async with api(loaded.url, THIRD_QUARTER_END) as client:
        answer = await ask(
            client,
            "/v1/summary/departments",
            unit=DISTRICT,
            **{"from": QUARTER[0], "to": QUARTER[1]},
        )
    found = {(row["unit"], row["department"]): as_counts(row) for row in answer["rows"]}
    expected = count_by_department(events(), *QUARTER)
    nothing = Counts()
    assert {key: one for key, one in found.items() if one != nothing} == {
        key: one for key, one in expected.items() if one != nothing
    }


@pytest.mark.parametrize(
    ("loss", "residual"),
    [
        (
            (
                "DELETE FROM motcua.journal WHERE identity = (SELECT identity "
                "FROM motcua.journal j JOIN motcua.dossiers d ON d.code = j.dossier "
                "WHERE j.kind = 11 AND d.anomalies = 0 "
                "AND d.received_at = j.occurred_at ORDER BY j.dossier LIMIT 1)"
            ),
            -1,
        ),
        (
            (
                "DELETE FROM motcua.dossiers WHERE code = (SELECT code FROM motcua.dossiers "
                "WHERE received_at > 0 AND anomalies = 0 ORDER BY code LIMIT 1)"
            ),
            1,
        ),
    ],
    ids=["a receipt in the journal", "a dossier"],
)
async def test_the_residual_leaves_0_when_one_row_is_lost(
    loaded_copy: str, loss: str, residual: int
) -> None:
    connection = await asyncpg.connect(loaded_copy)
    assert await connection.execute(loss) == "DELETE 1"
    await connection.close()
    async with api(loaded_copy) as client:
        assert (await summary(client, YEAR))["balance_residual"] == residual


async def some_dossier(url: str, condition: str) -> str:
    connection = await asyncpg.connect(url)
    code = await connection.fetchval(
        f"SELECT code FROM motcua.dossiers WHERE {condition} ORDER BY code LIMIT 1"
    )
    await connection.close()
    assert code is not None
    return code


async def test_a_resolved_dossier_shows_state_timeline_ledger_and_verdict(loaded: Loaded) -> None:
    code = await some_dossier(loaded.url, "status = 10 AND due_by_day AND anomalies = 0")
    async with api(loaded.url) as client:
        answer = await ask(client, f"/v1/dossiers/{code}")
    told = {
        one.event["id"]: one.event for one in sample_deliveries() if one.event["subject"] == code
    }
    assert answer["dossier"] == code
    assert answer["status"] == {"code": 10, "name": "Đã trả kết quả"}
    assert answer["verdict"] in {"early", "on_time", "overdue"}
    assert answer["verdict_name"]
    assert {line["event_id"] for line in answer["timeline"]} == set(told)
    times = [line["occurred_at"] for line in answer["timeline"]]
    assert times == sorted(times)
    assert answer["timeline"][0]["data"]
    assert answer["ledger"]["used_minutes"] > 0
    assert answer["ledger"]["limit"]["minutes"] > 0
    assert answer["ledger"]["started"] == answer["received_at"]
    assert answer["due"]["compared_by"] == "date"
    assert answer["anomalies"] == []
    assert answer["version"]["events"] == len(told)


async def test_a_paused_dossier_shows_its_pause_and_that_it_rests(loaded: Loaded) -> None:
    code = await some_dossier(loaded.url, "paused AND status = 5")
    async with api(loaded.url) as client:
        answer = await ask(client, f"/v1/dossiers/{code}")
    assert answer["status"]["name"] == "Yêu cầu bổ sung giấy tờ"
    assert answer["ledger"]["pauses"][-1]["closed"] is None
    assert answer["ledger"]["pauses"][-1]["holder"] == "applicant"
    assert (answer["verdict"], answer["verdict_name"]) == ("paused", "Tạm dừng")


@pytest.mark.parametrize(
    ("path", "kind", "status"),
    [
        ("/v1/dossiers/000.00.31.H16-200106-9999", "unknown-dossier", 404),
        ("/v1/summary?unit=nowhere&from=2020-01-01&to=2020-02-01", "unknown-unit", 404),
        ("/v1/summary?unit=666&from=2020-03-01&to=2020-02-01", "invalid-period", 422),
        ("/v1/dossiers?unit=nowhere&verdict=overdue", "unknown-unit", 404),
    ],
)
async def test_what_is_not_there_gets_a_problem_document(
    loaded: Loaded, path: str, kind: str, status: int
) -> None:
    async with api(loaded.url) as client:
        answer = await client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"urn:motcua:problem:{kind}"
    assert answer.json()["field"]


async def test_the_list_behind_a_number_has_as_many_dossiers_as_the_number(loaded: Loaded) -> None:
    async with api(loaded.url) as client:
        figures = await summary(client, YEAR)
        for verdict in ("within", "due_soon", "overdue"):
            listed = await ask(client, "/v1/dossiers", unit=DISTRICT, verdict=verdict, limit=1000)
            assert len(listed["dossiers"]) == figures["in_progress"][verdict]


async def test_the_balance_counts_each_receipt_of_the_journal_once(loaded: Loaded) -> None:
    async with api(loaded.url) as client:
        balance = await ask(client, "/v1/balance")
        received = (await summary(client, YEAR))["received"]
    assert sum(balance["units"].values()) == received
    assert balance["unpublished"] == 0
