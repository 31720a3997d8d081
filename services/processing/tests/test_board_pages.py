"""The pages of the board over the whole sample: the API's figures, escaped, safe and quick."""

from __future__ import annotations

import re
import time
from html import unescape
from typing import Any

import asyncpg
import httpx
import pytest
from board_desk import COMMUNE, DISTRICT, board, registry_of_readers
from loaded_sample import Loaded
from motcua_cli.registry.files import read_registry
from motcua_kernel.registry import Registry
from motcua_kernel.units import Unit, UnitLevel
from motcua_platform.registry_codec import entry_from_proto
from motcua_sample_lam_dong import CALENDAR, REGISTRY

pytestmark = pytest.mark.real

SPAN = {"from": "2020-01-01", "to": "2020-10-30"}


async def shown(client: httpx.AsyncClient, path: str, **query: Any) -> str:
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.text


def rows_of(page: str) -> dict[str, list[str]]:
    """The cells of the table of figures by the first of each row, as they are read."""
    table = page.partition('<table class="figures">')[2].partition("</table>")[0]
    table = re.sub(r"<thead>.*</thead>|<svg.*?</svg>|<small.*?</small>", "", table, flags=re.DOTALL)
    rows = [
        [" ".join(unescape(re.sub(r"<[^>]+>", "", cell)).split()) for cell in cells]
        for cells in (
            re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.DOTALL)
            for row in table.split("<tr>")[1:]
        )
    ]
    return {row[0]: row[1:] for row in rows}


def whole(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def cells_of(figures: dict[str, Any], *, without_deadline: bool) -> list[str]:
    """What a row has to say of an answer of the API."""
    resolved, progress = figures["resolved"], figures["in_progress"]
    rate = figures["on_time_percent"]
    counts = [
        figures["received"],
        *(resolved[one] for one in ("total", "early", "on_time", "overdue")),
        *(progress[one] for one in ("total", "within", "due_soon", "overdue", "paused")),
        *([progress["no_deadline"]] if without_deadline else []),
    ]
    return [*map(whole, counts), "–" if rate is None else rate.replace(".", ",") + "%"]


async def test_each_line_of_a_district_is_the_api_s_answer(loaded: Loaded) -> None:
    async with board(loaded.url, access="open") as client:
        rows = rows_of(await shown(client, "/board", unit=DISTRICT))
        names = {unit.name: unit.id for unit in registry_of_readers().units.values()}
        total = (await client.get("/v1/summary", params={"unit": DISTRICT, **SPAN})).json()
        assert rows.pop("Tổng cộng")[:-1] == cells_of(total, without_deadline=True)
        assert len(rows) == 12
        rows.pop("Huyện Đắk R'Lấp")
        for name, cells in rows.items():
            query = {"unit": names[name], **SPAN}
            answer = (await client.get("/v1/summary", params=query)).json()
            assert cells[:-1] == cells_of(answer, without_deadline=True), name


async def test_the_departments_of_a_commune_are_the_api_s_rows(loaded: Loaded) -> None:
    async with board(loaded.url, access="open") as client:
        page = await shown(client, f"/board/units/{COMMUNE}")
        rows = rows_of(page)
        query = {"unit": COMMUNE, **SPAN}
        answer = (await client.get("/v1/summary/departments", params=query)).json()
        for one in answer["rows"]:
            assert rows[one["department_name"]][:-1] == cells_of(one, without_deadline=False)
        assert len(rows) == len(answer["rows"]) + 1


@pytest.mark.parametrize("moment", ["2020-06-30T17:00:00+07:00", "2020-09-30T17:00:00+07:00"])
async def test_a_moment_of_the_past_is_passed_through_and_kept_in_links(
    loaded: Loaded, moment: str
) -> None:
    async with board(loaded.url, access="open") as client:
        page = await shown(client, "/board", unit=DISTRICT, at=moment, period="quarter")
        first = "2020-04-01" if "-06-" in moment else "2020-07-01"
        query = {"unit": DISTRICT, "from": first, "to": moment[:10], "at": moment}
        answer = (await client.get("/v1/summary", params=query)).json()
        row = rows_of(page)["Tổng cộng"]
        assert row[0] == whole(answer["carried_over"])
        assert row[1] == whole(answer["received"])
        assert f"17:00 {moment[8:10]}/{moment[5:7]}/2020" in page
        assert f"/board/units/{COMMUNE}?at=2020" in page


async def test_a_moment_that_has_not_come_or_is_none_is_told_as_a_page(loaded: Loaded) -> None:
    async with board(loaded.url, access="open") as client:
        for at in ("2031-01-01T00:00:00+07:00", "<script>"):
            answer = await client.get("/board", params={"unit": DISTRICT, "at": at})
            assert answer.status_code == 422
            assert answer.headers["content-type"].startswith("text/html")
            assert "<script>" not in answer.text
        for query in ({"sort": "nothing"}, {"period": "week"}, {"dir": "up"}):
            assert (await client.get("/board", params=query)).status_code == 422


async def test_columns_sort_by_links_and_say_so(loaded: Loaded) -> None:
    async with board(loaded.url, access="open") as client:
        page = await shown(client, "/board", unit=DISTRICT, sort="received", dir="desc")
        assert page.count("aria-sort=") == 1
        assert 'aria-sort="descending"' in page
        received = [int(row[0].replace(".", "")) for row in rows_of(page).values()][:-1]
        assert received == sorted(received, reverse=True)
        assert "sort=received&amp;dir=asc" in page


async def test_the_list_of_a_unit_has_as_many_dossiers_as_the_number(loaded: Loaded) -> None:
    async with board(loaded.url, access="open") as client:
        page = await shown(client, f"/board/units/{COMMUNE}")
        query = {"unit": COMMUNE, "verdict": "due_soon"}
        expected = (await client.get("/v1/dossiers", params=query)).json()["dossiers"]
        codes = re.findall(r'href="/board/dossiers/([^"?]+)"', page)
        assert codes == [one["dossier"] for one in expected]
        assert rows_of(page)["Tổng cộng"][7] == str(len(expected))


async def test_a_dossier_s_picture_has_every_day_of_its_explanation(loaded: Loaded) -> None:
    connection = await asyncpg.connect(loaded.url)
    found = await connection.fetch(
        "SELECT code FROM motcua.dossiers WHERE received_at > 0 AND hashtext(code) % 400 = 0"
    )
    await connection.close()
    assert len(found) > 10
    grounds: set[tuple[str, str]] = set()
    async with board(loaded.url, access="open") as client:
        for (code,) in found:
            page = await shown(client, f"/board/dossiers/{code}")
            grounds.update(re.findall(r"<span>([^<]*)</span> <code>([^<]*)</code>", page))
            told = (await client.get(f"/v1/dossiers/{code}/explain")).json()
            drawn = re.findall(r'<td class="day [^"]*">\s*<time datetime="([^"]+)"', page)
            days = sorted({one["date"] for one in told["days"]})
            if "weeks alike" not in page and "tuần như trên" not in page:
                assert drawn == days
            assert set(drawn) <= set(days)
            if told["verdict_name"]:
                assert told["verdict_name"] in page
    assert grounds
    assert [ground for words, ground in grounds if not words] == []


async def test_names_are_escaped_wherever_they_stand(loaded: Loaded) -> None:
    evil = '<img src=x onerror=alert(1)>"&'
    units = [
        Unit(DISTRICT, DISTRICT, evil, UnitLevel.DISTRICT, "67", "2004-01-01"),
        Unit(COMMUNE, COMMUNE, evil, UnitLevel.COMMUNE, DISTRICT, "2004-01-01"),
    ]
    async with board(loaded.url, registry_of_readers(*units), access="open") as client:
        for path in (f"/board?unit={DISTRICT}", f"/board/units/{COMMUNE}"):
            page = (await client.get(path, params={"lang": '"><script>'})).text
            assert "<img" not in page
            assert "<script" not in page
            assert "&lt;img" in page


async def test_every_answer_has_the_headers_of_a_safe_page(loaded: Loaded) -> None:
    async with board(loaded.url) as client:
        style = re.findall(r'href="(/board/static/[^"]+)"', (await client.get("/board")).text)
        for path in ("/board", "/board/sign-in", "/board/units/1", *style):
            headers = (await client.get(path)).headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert "script" not in policy
            assert headers["x-content-type-options"] == "nosniff"
            if "static" not in path:
                assert headers["cache-control"] == "no-store"
        assert len(style) == 2


async def test_english_is_asked_for_and_goes_along(loaded: Loaded) -> None:
    async with board(loaded.url, access="open") as client:
        page = await shown(client, "/board", unit=DISTRICT, lang="en")
        assert '<html lang="en">' in page
        assert 'On-time rate <small lang="vi">Tỷ lệ đúng hạn</small>' in page
        assert f"/board/units/{COMMUNE}?lang=en" in page
        plain = await client.get(
            "/board", params={"unit": DISTRICT}, headers={"Accept-Language": "en"}
        )
        assert '<html lang="vi">' in plain.text


async def test_a_page_refreshes_itself_only_when_asked_and_not_too_often(loaded: Loaded) -> None:
    async with board(loaded.url, access="open") as client:
        for asked, told in (("60", "60"), ("1", "15"), ("x", None), ("", None), (None, None)):
            query = {"unit": DISTRICT} | ({} if asked is None else {"refresh": asked})
            answer = await client.get("/board", params=query)
            assert answer.headers.get("refresh") == told


def lam_dong() -> Registry:
    """The registry of a province of 124 communes."""
    entries = [entry_from_proto(one.entry) for one in read_registry([CALENDAR, REGISTRY])]
    return Registry().with_entries(enumerate(entries))


async def test_the_page_of_a_province_of_124_communes_is_made_at_once(loaded_copy: str) -> None:
    registry = lam_dong()
    communes = [
        one.id
        for one in registry.units.values()
        if one.level is UnitLevel.COMMUNE and one.valid_from >= "2025-07-01"
    ]
    assert len(communes) == 124
    province = registry.units[communes[0]].parent
    connection = await asyncpg.connect(loaded_copy)
    await connection.execute(
        "UPDATE motcua.dossiers SET department = abs(hashtext(code)) / 124 % 4, "
        "reporting_unit = ($1::text[])[1 + abs(hashtext(code)) % 124]",
        communes,
    )
    await connection.execute("ANALYZE motcua.dossiers")
    await connection.close()
    took: list[float] = []
    page = ""
    async with board(loaded_copy, registry, access="open") as client:
        for _ in range(7):
            begun = time.process_time()
            page = await shown(client, "/board", unit=province, view="as_then", sort="received")
            took.append(time.process_time() - begun)
    assert len(rows_of(page)) >= 125
    assert rows_of(page)["Tổng cộng"][0] == "11.960"
    assert min(took) < 0.3, took
