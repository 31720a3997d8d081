"""What a run does when Grafana fails, refuses, or changes under its hands."""

from __future__ import annotations

from contextlib import suppress
from itertools import count

import pytest
from fake_grafana import FakeGrafana
from grafana_cases import BEFORE, MERGER, wanted_on
from grafana_description import Operation
from grafana_stub import CUT_AFTER, CUT_BEFORE, PROXY, TOKEN, GrafanaStub, Trouble
from hypothesis import given, settings
from hypothesis import strategies as st
from motcua_grafana.adapters.address import Address
from motcua_grafana.connect import Library, connect
from motcua_grafana.domain.actions import SaveBoard
from motcua_grafana.domain.names import board_uid, folder_uid
from motcua_grafana.port import GrafanaPort, NotAllowed, Permission, Unavailable
from motcua_grafana.synchronise import ROUNDS, Outcome, Progress, planned, synchronise

WANTED = wanted_on(MERGER)


class Killed(BaseException):
    """The process that ran it is gone."""


def live(_: str) -> None:
    """Go on."""


def no_pause(_: int) -> None:
    """Do not wait."""


def run(port: GrafanaPort) -> Outcome:
    return synchronise(port, WANTED, Progress(), no_pause)


def is_change(operation: Operation) -> bool:
    return operation.method != "GET"


def always(status: int) -> Trouble:
    def trouble(_: Operation, __: int) -> int:
        return status

    return trouble


def once(status: int, operation_id: str) -> Trouble:
    seen = count()

    def trouble(operation: Operation, _: int) -> int:
        return status if operation.id == operation_id and next(seen) == 0 else 0

    return trouble


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 60), st.booleans())
def test_a_process_killed_at_any_change_is_followed_by_one_that_finishes(
    at: int, merged: bool
) -> None:
    changes = count(1)

    def die(_: str) -> None:
        if next(changes) == at:
            raise Killed

    port = FakeGrafana()
    if merged:
        synchronise(port, wanted_on(BEFORE), Progress(), no_pause)
    port.before = die
    with suppress(Killed):
        run(port)
    port.before = live
    assert run(port).in_step
    assert planned(port, WANTED, Progress()) == []


@pytest.mark.parametrize("cut", [CUT_BEFORE, CUT_AFTER, PROXY, 500])
@pytest.mark.parametrize("at", [1, 4, 9, 15])
def test_a_change_that_is_not_answered_is_looked_for_and_done_if_it_was_not(
    stub: GrafanaStub, stubbed: GrafanaPort, cut: int, at: int
) -> None:
    changes = count(1)

    def trouble(operation: Operation, _: int) -> int:
        return cut if is_change(operation) and next(changes) == at else 0

    stub.trouble = trouble
    assert run(stubbed).in_step
    assert planned(stubbed, WANTED, Progress()) == []


@pytest.mark.parametrize(
    ("status", "operation"),
    [(409, "createTeam"), (409, "createFolder"), (412, "postDashboard")],
)
def test_a_conflict_is_looked_at_again_and_settled_in_the_same_run(
    stub: GrafanaStub, stubbed: GrafanaPort, status: int, operation: str
) -> None:
    stub.trouble = once(status, operation)
    assert run(stubbed).in_step
    assert planned(stubbed, WANTED, Progress()) == []


def test_a_folder_that_somebody_makes_between_look_and_act_is_taken_over(
    stub: GrafanaStub, stubbed: GrafanaPort
) -> None:
    uid = folder_uid("24751")

    def trouble(operation: Operation, _: int) -> int:
        if operation.id == "createFolder" and uid not in stub.grafana.folders:
            stub.grafana.carry_out("createFolder", "", {}, {"uid": uid, "title": "của tôi"})
        return 0

    stub.trouble = trouble
    assert run(stubbed).in_step
    assert stub.grafana.folders[uid]["title"] == "Xã Nhân Cơ (24751)"


def test_a_conflict_that_stays_is_told_with_all_that_waits_for_it(
    stub: GrafanaStub, stubbed: GrafanaPort
) -> None:
    stub.trouble = lambda operation, _: 409 if operation.id == "createTeam" else 0
    outcome = run(stubbed)
    assert not outcome.in_step
    assert all("409" in why for _, why in outcome.left)
    assert not any(isinstance(action, SaveBoard) for action in outcome.done)
    assert stub.asked.count("createTeam") == ROUNDS * len(WANTED.places)


def test_one_refused_dashboard_does_not_hold_up_the_others(
    stub: GrafanaStub, stubbed: GrafanaPort
) -> None:
    run(stubbed)
    for board in stub.grafana.boards.values():
        board.messages.append("sửa tay")
    stub.grafana.boards[board_uid("24751")].provisioned = True
    before = len(stub.asked)
    outcome = run(stubbed)
    assert [(type(action).__name__, why[:3]) for action, why in outcome.left] == [
        ("SaveBoard", "400")
    ]
    assert stub.asked[before:].count("postDashboard") == len(stub.grafana.boards)


def test_no_dashboard_goes_into_a_folder_whose_permissions_were_refused(
    stub: GrafanaStub, stubbed: GrafanaPort
) -> None:
    stub.trouble = lambda operation, _: 404 if operation.id == "updateFolderPermissions" else 0
    assert not run(stubbed).in_step
    assert "postDashboard" not in stub.asked


def test_a_grafana_that_stays_away_stops_the_run_after_some_rounds(
    stub: GrafanaStub, stubbed: GrafanaPort
) -> None:
    stub.trouble = always(PROXY)
    paused: list[int] = []
    outcome = synchronise(stubbed, WANTED, Progress(), paused.append)
    assert isinstance(outcome.stopped, Unavailable)
    assert paused == [1, 2]


@pytest.mark.parametrize("library", list(Library))
def test_a_wrong_token_stops_the_run_at_once_and_is_never_told(
    stub: GrafanaStub, library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    address = Address(stub.url, "glsa_wrong")
    outcome = run(connect(address, library))
    assert isinstance(outcome.stopped, NotAllowed)
    assert len(stub.asked) == 1
    assert "glsa_wrong" not in f"{outcome} {address!r} {caplog.text}"


def test_no_answer_at_all_is_told_as_unavailable() -> None:
    outcome = run(connect(Address("http://127.0.0.1:9", TOKEN)))
    assert isinstance(outcome.stopped, Unavailable)


def test_a_team_keeps_its_address_when_it_gets_another_name(
    stub: GrafanaStub, stubbed: GrafanaPort
) -> None:
    number = stubbed.create_team("Xã A")
    stub.grafana.teams[number]["email"] = "doi@example.vn"
    stubbed.rename_team(number, "Xã B")
    assert stub.grafana.teams[number]["email"] == "doi@example.vn"


def test_the_permission_of_whoever_made_a_folder_goes_too(
    stub: GrafanaStub, stubbed: GrafanaPort
) -> None:
    stubbed.create_folder("x", stubbed.folder("x") or WANTED.places[0].folder)
    assert Permission(4, user=9) in stubbed.permissions("x")
    run(stubbed)
    assert all(
        "userId" not in str(stub.grafana.lines[folder_uid(one.key)]) for one in WANTED.places
    )


def test_lists_longer_than_a_page_are_read_to_their_end(
    stub: GrafanaStub, stubbed: GrafanaPort, monkeypatch: pytest.MonkeyPatch
) -> None:
    for library in ("current_library", "old_library"):
        monkeypatch.setattr(f"motcua_grafana.adapters.{library}.PAGE", 3)
    names = [f"đội {number}" for number in range(7)]
    for number, name in enumerate(names):
        stubbed.create_team(name)
        stubbed.create_folder(f"f{number}", WANTED.places[0].folder)
    assert [team.name for team in stubbed.teams()] == names
    assert sorted(stubbed.folder_uids()) == sorted(stub.grafana.folders)
    assert len(stub.grafana.folders) == len(names)


def test_the_stub_notices_what_grafana_does_not_know(stub: GrafanaStub) -> None:
    token = {"Authorization": f"Bearer {TOKEN}"}
    stub.answer("POST", "/grafana/api/folders", token, b'{"name": "x", "title": 3}')
    stub.answer("GET", "/grafana/api/folders/x?deep=1", token, b"")
    stub.answer("GET", "/grafana/api/alert-notifications", token, b"")
    stub.trouble = always(418)
    stub.answer("GET", "/grafana/api/folders/x", token, b"")
    assert stub.violations == [
        "createFolder.title: no string",
        "createFolder.name: unknown",
        "getFolderByUID?deep: unknown",
        "getFolderByUID: never answers 400",
        "GET /grafana/api/alert-notifications: no such operation",
        "getFolderByUID: never answers 418",
    ]
    stub.violations.clear()
