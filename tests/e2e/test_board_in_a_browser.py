"""The board as people see it: a real stack, a real Chromium, screens from a phone to a wall.

`MOTCUA_PICTURES=docs/pictures` (`make pictures`) hands the whole sample in and keeps the pictures.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from browser import Browser, browsing
from browser_parts import BrowserParts, browser_parts
from final_figures import wait_settled
from flow import hand_in
from motcua.registry.v1 import registry_pb2 as pb
from motcua_cli.registry.apply import apply_entries
from motcua_cli.registry.files import sourced
from motcua_cli.stack import StackError
from sample_share import share
from stack_under_fault import Stack

pytestmark = pytest.mark.real

PICTURES: Final = os.environ.get("MOTCUA_PICTURES", "")
SHARE: Final = 100 if PICTURES else 6
WIDE, PHONE = (1440, 900), (360, 780)
DISTRICT, COMMUNE, OTHER = "666", "24733", "24745"
PAUSED_OVER_A_HOLIDAY: Final = "000.00.31.H16-200827-0017"
KEY: Final = "mc_a_reader_of_one_commune"
AXE: Final = (
    "axe.run(document, {resultTypes: ['violations'], rules: {'color-contrast-enhanced': "
    "{enabled: false}}}).then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => "
    "n.html.slice(0, 120) + ' ' + n.failureSummary).join(' | ')))"
)


@pytest.fixture(scope="module")
def parts() -> BrowserParts:
    """Chromium; without it a test is skipped, but never in CI."""
    try:
        return browser_parts()
    except StackError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def board(own_stack: Stack) -> str:
    """The address of a running stack's board, with a share of the sample."""
    hand_in(own_stack, share(0, SHARE))
    wait_settled(own_stack)
    return f"{own_stack.addresses.processing}/board"


@pytest.fixture
def browser(parts: BrowserParts) -> Iterator[Browser]:
    """A tab in which nothing may go wrong."""
    with browsing(parts) as opened:
        opened.look(*WIDE)
        yield opened
        assert opened.complaints == []


@pytest.fixture(scope="module")
def dossiers(board: str) -> dict[str, str]:
    """A dossier of each kind that looks otherwise."""
    found: dict[str, str] = {}
    api = board.removesuffix("/board")
    for verdict in ("overdue", "due_soon", "within"):
        query = {"unit": DISTRICT, "verdict": verdict, "limit": "1"}
        listed = httpx.get(f"{api}/v1/dossiers", params=query, trust_env=False).json()["dossiers"]
        if listed:
            found[verdict] = listed[0]["dossier"]
    assert found
    return found


def pages_of(dossiers: dict[str, str]) -> dict[str, str]:
    """Every kind of page."""
    return {
        "district": f"?unit={DISTRICT}",
        "commune": f"/units/{COMMUNE}",
        "department": f"/units/{COMMUNE}?department=tu-phap-ho-tich&lang=en",
        "past": f"?unit={DISTRICT}&at=2020-09-30T17:00:00%2B07:00&period=quarter&sort=received",
        "sign-in": "/sign-in",
        "problem": "/units/nowhere",
        **{f"dossier {verdict}": f"/dossiers/{code}" for verdict, code in dossiers.items()},
    }


def test_no_page_has_a_violation_of_accessibility_nor_a_broken_policy(
    board: str, browser: Browser, dossiers: dict[str, str], parts: BrowserParts
) -> None:
    axe = parts.axe.read_text("utf-8")
    for name, path in pages_of(dossiers).items():
        for width, height, dark in ((*WIDE, False), (*PHONE, True)):
            browser.look(width, height, dark=dark)
            browser.open(board + path)
            browser.value(f"{axe}; null")
            assert browser.value(AXE) == [], (name, width)


def test_the_checker_would_find_what_is_wrong(
    board: str, browser: Browser, parts: BrowserParts
) -> None:
    browser.open(f"{board}/sign-in")
    browser.value(f"{parts.axe.read_text('utf-8')}; null")
    browser.value("document.querySelector('label').remove()")
    assert any(one.startswith("label") for one in browser.value(AXE))


def test_nothing_hangs_over_the_edge_of_a_phone(
    board: str, browser: Browser, dossiers: dict[str, str]
) -> None:
    browser.look(*PHONE)
    for name, path in pages_of(dossiers).items():
        browser.open(board + path)
        assert browser.value("document.documentElement.scrollWidth") <= PHONE[0], name


def test_by_keyboard_from_the_district_to_a_dossier_with_the_api_s_figures(
    board: str, browser: Browser, dossiers: dict[str, str]
) -> None:
    browser.open(f"{board}?unit={DISTRICT}")
    api = board.removesuffix("/board")
    span = {"unit": DISTRICT, "from": "2020-01-01", "to": "2020-10-30"}
    figures: dict[str, Any] = httpx.get(f"{api}/v1/summary", params=span, trust_env=False).json()
    shown = [one.replace(".", "") for one in browser.texts(".tile dd")]
    rate = figures["on_time_percent"].replace(".", "")
    assert shown[:4] == [
        str(figures["received"]),
        str(figures["resolved"]["total"]),
        str(figures["in_progress"]["total"]),
        str(figures["in_progress"]["overdue"]),
    ]
    assert shown[4] == f"{rate[:-2]},{rate[-2:]}%"

    browser.press("Tab")
    assert browser.value("document.activeElement.className") == "skip"
    browser.follow("th a[href*='sort=received']")
    received = [int(one.replace(".", "")) for one in browser.texts("tbody td:nth-of-type(1)")]
    assert received == sorted(received, reverse=True)

    verdict, code = next(iter(dossiers.items()))
    unit = httpx.get(f"{api}/v1/dossiers/{code}", trust_env=False).json()["reporting_unit"]
    browser.follow(f"tbody a[href*='/units/{unit}']")
    if verdict != "within":
        browser.follow(f"a[href*='{code}']")
        assert browser.texts("h1")[0].startswith(code)
        assert browser.texts("td.day")


def test_the_pictures_are_drawn(
    board: str, browser: Browser, dossiers: dict[str, str], tmp_path: Path
) -> None:
    folder = Path(PICTURES).resolve() if PICTURES else tmp_path
    folder.mkdir(exist_ok=True)
    code = PAUSED_OVER_A_HOLIDAY if PICTURES else next(iter(dossiers.values()))
    for name, path, screen, dark in (
        ("board-district", f"?unit={DISTRICT}", (1280, 850), False),
        ("board-unit", "/units/24763", (1280, 850), False),
        ("board-dossier", f"/dossiers/{code}", (1280, 800), False),
        ("board-phone", f"/dossiers/{code}", (360, 760), False),
        ("board-wall", f"?unit={DISTRICT}", (1920, 1080), True),
    ):
        browser.look(*screen, dark=dark)
        browser.open(board + path)
        drawn = browser.picture()
        assert drawn.startswith(b"\x89PNG")
        assert 5_000 < len(drawn) < 200_000, name
        (folder / f"{name}.png").write_bytes(drawn)


def test_a_reader_signs_in_by_the_form_and_other_units_are_not_there(
    board: str, browser: Browser, own_stack: Stack
) -> None:
    account = pb.Account(
        id="reader-1",
        grants=[pb.Grant(role=pb.ROLE_READER, units=[COMMUNE])],
        keys=[pb.ApiKey(id="1", sha256=sha256(KEY.encode()).hexdigest())],
    )
    entry = sourced(pb.RegistryEntry(account=account), "test")
    asyncio.run(apply_entries(own_stack.servers.kafka, [entry]))
    own_stack.supervisor.stop("processing")
    own_stack.supervisor.start(own_stack.program("processing", ACCESS="guarded"))
    own_stack.wait_ready("processing")

    browser.open(f"{board}/units/{COMMUNE}")
    assert browser.texts("h1") == ["Đăng nhập Sign in"]
    browser.write("#key", "mc_wrong")
    browser.follow("main button")
    assert browser.texts("[role=alert]")
    browser.write("#key", KEY)
    browser.follow("main button")
    assert browser.texts("h1") == ["Thị trấn Kiến Đức"]
    (cookie,) = browser.call("Network.getCookies", urls=[board])["cookies"]
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/board")
    assert browser.value("document.cookie") == ""

    browser.open(f"{board}/units/{OTHER}")
    assert browser.texts("h1") == ["Không có đơn vị này"]
    browser.follow("header button")
    assert browser.texts("h1") == ["Đăng nhập Sign in"]
    browser.open(f"{board}/units/{COMMUNE}")
    assert browser.texts("h1") == ["Đăng nhập Sign in"]
    logs = (own_stack.logs / "processing.log").read_text("utf-8")
    assert "board_signed_in" in logs
    assert KEY not in logs
