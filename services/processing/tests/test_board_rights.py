"""Who may read which page of the board, and how a browser says who it is."""

from __future__ import annotations

import asyncpg
import pytest
from board_desk import COMMUNE, DISTRICT, OTHER, board, key_of, signed_in
from loaded_sample import Loaded
from motcua_processing.entrypoints.board.sign_in import HOLD_SECONDS

pytestmark = pytest.mark.real


async def code_of(loaded: Loaded, unit: str) -> str:
    connection = await asyncpg.connect(loaded.url)
    found = await connection.fetchval(
        "SELECT min(code) FROM motcua.dossiers WHERE received_at > 0 AND receiving_unit = $1 "
        "AND resolving_unit = $1 AND reporting_unit = $1",
        unit,
    )
    await connection.close()
    assert isinstance(found, str)
    return found


async def test_nobody_in_particular_is_shown_the_form_and_no_figure(loaded: Loaded) -> None:
    async with board(loaded.url) as client:
        paths = (
            "/board",
            f"/board/units/{COMMUNE}",
            f"/board/dossiers/{await code_of(loaded, COMMUNE)}",
        )
        for path in paths:
            answer = await client.get(path)
            assert answer.status_code == 401
            assert 'type="password"' in answer.text
            assert f'value="{path}"' in answer.text
            assert "Kiến Đức" not in answer.text


async def test_the_api_s_own_headers_open_the_board(loaded: Loaded) -> None:
    async with board(loaded.url) as client:
        for headers in (
            {"Authorization": f"Bearer {key_of('commune')}"},
            {"X-API-Key": key_of("commune")},
        ):
            answer = await client.get(f"/board/units/{COMMUNE}", headers=headers)
            assert answer.status_code == 200


async def test_a_good_key_is_kept_in_a_cookie_that_scripts_and_other_sites_do_not_get(
    loaded: Loaded,
) -> None:
    async with board(loaded.url) as client:
        answer = await signed_in(client, "commune")
        assert (answer.status_code, answer.headers["location"]) == (303, "/board")
        told = answer.headers["set-cookie"].lower()
        for attribute in (
            "httponly",
            "samesite=strict",
            "secure",
            "path=/board",
            f"max-age={HOLD_SECONDS}",
        ):
            assert attribute in told
        assert (await client.get(f"/board/units/{COMMUNE}")).status_code == 200
        assert (await client.post("/board/sign-out")).status_code == 303
        assert (await client.get(f"/board/units/{COMMUNE}")).status_code == 401


@pytest.mark.parametrize("key", ["mc_wrong", key_of("former"), "", "m" * 5_000])
async def test_a_key_that_is_not_good_is_not_kept(loaded: Loaded, key: str) -> None:
    async with board(loaded.url) as client:
        answer = await client.post("/board/sign-in", data={"key": key})
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers
        assert key not in answer.text or not key


async def test_the_cookie_opens_nothing_but_the_board(loaded: Loaded) -> None:
    async with board(loaded.url) as client:
        cookie = (await signed_in(client, "commune")).headers["set-cookie"].partition(";")[0]
        api = f"/v1/summary?unit={COMMUNE}&from=2020-01-01&to=2020-10-30"
        assert (await client.get(api, headers={"Cookie": cookie})).status_code == 401


async def test_a_form_that_another_site_sends_is_refused(loaded: Loaded) -> None:
    async with board(loaded.url) as client:
        for path in ("/board/sign-in", "/board/sign-out"):
            for site in ("cross-site", "same-site"):
                answer = await client.post(
                    path, data={"key": key_of("commune")}, headers={"Sec-Fetch-Site": site}
                )
                assert answer.status_code == 403
                assert "set-cookie" not in answer.headers


async def test_signing_in_leads_to_no_other_site(loaded: Loaded) -> None:
    async with board(loaded.url) as client:
        for wanted in (
            "https://elsewhere/board",
            "//elsewhere/board",
            "/v1/progress",
            "/board/\\x",
        ):
            form = {"key": key_of("commune"), "next": wanted}
            answer = await client.post("/board/sign-in", data=form)
            assert answer.headers["location"] == "/board"


async def test_what_lies_outside_of_a_reader_s_reach_does_not_exist(loaded: Loaded) -> None:
    own, foreign = await code_of(loaded, COMMUNE), await code_of(loaded, OTHER)
    async with board(loaded.url) as client:
        await signed_in(client, "commune")
        assert (await client.get(f"/board/dossiers/{own}")).status_code == 200
        for there, nowhere in (
            (f"/board?unit={DISTRICT}", "/board?unit=999"),
            (f"/board?unit={OTHER}", "/board?unit=999"),
            (f"/board/units/{OTHER}", "/board/units/999"),
            (f"/board/dossiers/{foreign}", "/board/dossiers/000.99.31.H16-200918-0002"),
        ):
            answers = [await client.get(path) for path in (there, nowhere)]
            assert [one.status_code for one in answers] == [404, 404]
            paths = (there, nowhere)
            first, second = (
                one.text.replace(path, "") for one, path in zip(answers, paths, strict=True)
            )
            assert first == second


async def test_a_reader_s_board_begins_with_the_widest_unit_of_theirs(loaded: Loaded) -> None:
    async with board(loaded.url) as client:
        await signed_in(client, "commune")
        answer = await client.get("/board")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/board/units/{COMMUNE}")
        page = await client.get(answer.headers["location"])
        assert "Thị trấn Kiến Đức" in page.text
        assert "Huyện Đắk R&#39;Lấp" not in page.text
        await signed_in(client, "district")
        page = await client.get("/board")
        assert "Huyện Đắk R&#39;Lấp" in page.text
        assert "Tỉnh Đắk Nông" not in page.text


async def test_where_the_service_is_open_the_board_is(loaded: Loaded) -> None:
    async with board(loaded.url, access="open") as client:
        assert (await client.get("/board")).status_code == 200
