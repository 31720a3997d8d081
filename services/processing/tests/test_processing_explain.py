"""Explanations over HTTP, of dossiers of the whole sample in the real database."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from loaded_sample import Loaded
from motcua_kernel.instant import MINUTE, Instant
from motcua_platform.access.guard import install_guard
from motcua_platform.access.testing import open_guard
from motcua_platform.problems import install_problems
from motcua_processing.adapters.projections import SqlProjections
from motcua_processing.entrypoints.http import Sources, routes
from motcua_processing.migrate import sqlalchemy_url
from motcua_sample_dak_rlap import END
from open_books_of_tests import SCHEMA
from sample_registry import sample_registry
from sqlalchemy.ext.asyncio import create_async_engine

pytestmark = pytest.mark.real


@asynccontextmanager
async def api(url: str) -> AsyncGenerator[httpx.AsyncClient]:
    """The service's questions at the end of the sample."""
    engine = create_async_engine(
        sqlalchemy_url(url), connect_args={"server_settings": {"search_path": SCHEMA}}
    )

    async def ends() -> dict[tuple[str, int], int]:
        return {}

    app = FastAPI()
    install_problems(app)
    install_guard(app, open_guard(sample_registry))
    sources = Sources(SqlProjections(engine), sample_registry, lambda: Instant(END), ends)
    app.include_router(routes(sources))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://processing") as client:
        yield client
    await engine.dispose()


async def codes(url: str, condition: str, limit: int = 1) -> list[str]:
    connection = await asyncpg.connect(url)
    found = await connection.fetch(
        f"SELECT code FROM motcua.dossiers WHERE {condition} ORDER BY code LIMIT {limit}"
    )
    await connection.close()
    assert found
    return [row[0] for row in found]


async def explained(client: httpx.AsyncClient, code: str, **parameters: Any) -> dict[str, Any]:
    answer = await client.get(f"/v1/dossiers/{code}/explain", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_lines_of_dossiers_of_every_kind_add_up(loaded: Loaded) -> None:
    every = await codes(loaded.url, "received_at > 0 AND hashtext(code) % 40 = 0", 400)
    async with api(loaded.url) as client:
        for code in every:
            one = await explained(client, code)
            whole = (await client.get(f"/v1/dossiers/{code}")).json()
            assert one["problem"] is None
            assert one["due"] == whole["due"]
            if one["due"] is not None:
                assert [s["counted_units"] for s in one["sum"]] == [
                    s["budget_units"] for s in one["sum"]
                ]
            assert sum(day["used_units"] for day in one["days"]) == one["used_units"]
            assert one["used_minutes"] == whole["ledger"]["used_minutes"]
            over = [share["over_units"] for share in one["attribution"]]
            assert sum(over) == (one["over_units"] or 0)
    assert len(every) > 100


async def test_an_overdue_dossier_shows_its_days_off_and_its_days_over(loaded: Loaded) -> None:
    overdue = "status IN (9, 10) AND due_by_day AND resolved_at > due_moment + 86400000"
    (code,) = await codes(loaded.url, overdue)
    async with api(loaded.url) as client:
        one = await explained(client, code)
    assert one["head"]["version"]["registry_offset"] >= 0
    assert one["head"]["limit"]["unit_name"] == "ngày làm việc"
    assert one["head"]["working_hours"]["days"]["mon"]
    said = {reason["code"] for day in one["days"] for reason in day["reasons"]}
    assert {"received", "overdue", "resolved", "due_on_day"} <= said
    assert one["over_units"] > 0
    assert (one["verdict"], one["verdict_name"]) == ("overdue", "Quá hạn")
    assert {day["mark"] for day in one["days"]} >= {"counted", "over"}
    dates = [day["date"] for day in one["days"]]
    assert dates == sorted(set(dates))
    assert dates[0] == one["head"]["received_at"][:10]


async def test_a_paused_dossier_says_who_is_waited_for_until_now(loaded: Loaded) -> None:
    (code,) = await codes(loaded.url, "paused AND status = 5")
    async with api(loaded.url) as client:
        one = await explained(client, code, lang="en")
    assert one["due"] is None
    last = one["days"][-1]
    assert last["date"] == one["as_of"][:10]
    paused = next(reason for reason in last["reasons"] if reason["code"] == "paused")
    assert "waiting for the applicant" in paused["text"]
    assert one["rests"]


async def test_the_page_is_in_vietnamese_or_english(loaded: Loaded) -> None:
    (code,) = await codes(loaded.url, "status = 10 AND due_by_day AND anomalies = 0")
    async with api(loaded.url) as client:
        path = f"/v1/dossiers/{code}/explain"
        page = await client.get(path, headers={"Accept": "text/plain"})
        english = await client.get(path, params={"format": "text", "lang": "en"})
    assert page.headers["content-type"].startswith("text/plain")
    assert page.text.startswith(f"Hồ sơ {code}\n")
    for words in (
        "Hạn trả kết quả: ",
        "Thời hạn giải quyết: ",
        "ngày làm việc",
        "Cộng: ",
        "Giờ làm việc: T2-T6 ",
    ):
        assert words in page.text
    assert "Due: " in english.text
    assert "Hồ sơ" not in english.text


async def test_as_of_the_receipt_nothing_was_used(loaded: Loaded) -> None:
    (code,) = await codes(loaded.url, "status = 10 AND due_by_day AND anomalies = 0")
    async with api(loaded.url) as client:
        now = await explained(client, code)
        then = await explained(client, code, at=now["head"]["received_at"])
    assert then["used_units"] == 0
    assert then["days"][-1]["date"] == then["due"]["date"]
    assert now["used_units"] > MINUTE


async def test_an_unknown_dossier_is_a_problem(loaded: Loaded) -> None:
    async with api(loaded.url) as client:
        answer = await client.get("/v1/dossiers/000.00.31.H16-200106-9999/explain")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:motcua:problem:unknown-dossier"
