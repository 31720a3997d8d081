"""One suite for every Grafana behind the port: fake, stub through each library, a real server."""

from __future__ import annotations

import time
import uuid
from dataclasses import replace

import msgspec
import pytest
from grafana_cases import BEFORE, MERGER, wanted_on
from motcua_grafana.domain.names import ARCHIVE, board_uid, folder_uid
from motcua_grafana.domain.states import Folder, Wanted
from motcua_grafana.observe import observe
from motcua_grafana.port import Conflict, GrafanaPort, Permission, Refused
from motcua_grafana.synchronise import Progress, planned, synchronise
from real_grafana import TRIAL


@pytest.fixture
def uid() -> str:
    return f"{TRIAL}{uuid.uuid4().hex[:12]}"


def in_step(port: GrafanaPort, wanted: Wanted) -> None:
    outcome = synchronise(port, wanted, Progress(), lambda _: None)
    assert (outcome.left, outcome.stopped) == ([], None)


def listed_with_patience(port: GrafanaPort, uid: str) -> bool:
    deadline = time.monotonic() + 20
    while uid not in port.folder_uids():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def test_it_says_its_version(grafana: GrafanaPort) -> None:
    assert grafana.version()[:2].isdigit()


def test_a_folder_is_not_there_then_it_is_and_cannot_be_made_twice(
    grafana: GrafanaPort, uid: str
) -> None:
    assert grafana.folder(uid) is None
    grafana.create_folder(uid, Folder("Xã Kiến Đức & vùng lân cận"))
    assert grafana.folder(uid) == Folder("Xã Kiến Đức & vùng lân cận")
    assert listed_with_patience(grafana, uid)
    with pytest.raises(Conflict):
        grafana.create_folder(uid, Folder("khác"))


def test_a_folder_keeps_its_place_when_renamed_and_its_title_when_moved(
    grafana: GrafanaPort, uid: str
) -> None:
    inner = f"{uid}-b"
    grafana.create_folder(uid, Folder("Xã A"))
    grafana.create_folder(inner, Folder("Phòng Tư pháp", uid))
    assert grafana.folder(inner) == Folder("Phòng Tư pháp", uid)
    grafana.rename_folder(inner, "Phòng Nội vụ")
    assert grafana.folder(inner) == Folder("Phòng Nội vụ", uid)
    grafana.move_folder(inner, "")
    assert grafana.folder(inner) == Folder("Phòng Nội vụ")
    grafana.move_folder(inner, uid)
    assert grafana.folder(inner) == Folder("Phòng Nội vụ", uid)


def test_a_new_folder_at_the_top_is_open_to_all_until_its_permissions_are_set(
    grafana: GrafanaPort, uid: str
) -> None:
    grafana.create_folder(uid, Folder("Xã A"))
    assert Permission(1, role="Viewer") in grafana.permissions(uid)
    team = grafana.create_team(f"{uid} đội")
    grafana.set_permissions(uid, [Permission(2, team=team)])
    assert list(grafana.permissions(uid)) == [Permission(2, team=team)]
    grafana.set_permissions(uid, [])
    assert list(grafana.permissions(uid)) == []


def test_a_team_has_a_number_and_a_name_of_its_own(grafana: GrafanaPort, uid: str) -> None:
    name = f"{uid} Phòng Tư pháp – Xã A [x]"
    number = grafana.create_team(name)
    assert [one.id for one in grafana.teams() if one.name == name] == [number]
    with pytest.raises(Conflict):
        grafana.create_team(name)
    grafana.rename_team(number, name + " mới")
    assert [one.name for one in grafana.teams() if one.id == number] == [name + " mới"]


def test_a_dashboard_is_found_with_its_folder_and_the_mark_of_its_newest_version(
    grafana: GrafanaPort, uid: str
) -> None:
    board = f"{uid}-d"
    model = msgspec.json.encode({"uid": board, "title": "Xã A", "id": None, "version": 0})
    assert grafana.board_folder(board) is None
    grafana.create_folder(uid, Folder("Xã A"))
    grafana.create_folder(f"{uid}-b", Folder("Xã B"))
    grafana.save_board(model, uid, "motcua 1")
    assert (grafana.board_folder(board), grafana.board_mark(board)) == (uid, "motcua 1")
    changed = msgspec.json.encode({"uid": board, "title": "Xã A, sửa", "id": None, "version": 0})
    grafana.save_board(changed, f"{uid}-b", "motcua 2")
    assert (grafana.board_folder(board), grafana.board_mark(board)) == (f"{uid}-b", "motcua 2")


def test_what_is_not_there_cannot_be_changed(grafana: GrafanaPort, uid: str) -> None:
    for change in (
        lambda: grafana.rename_folder(uid, "x"),
        lambda: grafana.set_permissions(uid, []),
        lambda: grafana.rename_team(987_654, "x"),
        lambda: grafana.save_board(b'{"uid": "mt-trial-x", "title": "x"}', uid, "m"),
    ):
        with pytest.raises(Refused):
            change()


def test_a_run_brings_it_in_step_and_the_next_one_has_nothing_to_do(grafana: GrafanaPort) -> None:
    wanted = wanted_on(BEFORE)
    in_step(grafana, wanted)
    assert planned(grafana, wanted, Progress()) == []
    seen = observe(grafana, wanted, Progress().looked).seen
    for place in wanted.places:
        assert seen.folders[folder_uid(place.key)] == place.folder
        assert seen.grants[folder_uid(place.key)] == place.grants


def test_after_a_merger_the_old_commune_lies_in_the_archive_and_nobody_edits_it(
    grafana: GrafanaPort,
) -> None:
    in_step(grafana, wanted_on(BEFORE))
    assert listed_with_patience(grafana, folder_uid("24760_tu-phap"))
    merged = wanted_on(MERGER)
    in_step(grafana, merged)
    assert planned(grafana, merged, Progress()) == []
    old = folder_uid("24760")
    assert grafana.folder(old) == Folder("Xã Đắk Sin (24760) – đến 30/06/2025", ARCHIVE)
    assert grafana.folder(folder_uid("24760_tu-phap")) == Folder("Phòng Tư pháp", old)
    for uid in (old, folder_uid("24760_tu-phap")):
        assert {one.level for one in grafana.permissions(uid)} == {1}
    assert list(grafana.permissions(ARCHIVE)) == []
    assert grafana.board_folder(board_uid("24760")) == old


def test_what_people_changed_by_hand_is_repaired(grafana: GrafanaPort) -> None:
    wanted = wanted_on(MERGER)
    in_step(grafana, wanted)
    uid, board = folder_uid("24751"), board_uid("24751")
    grafana.rename_folder(uid, "của tôi")
    grafana.move_folder(folder_uid("24760-2025_tu-phap"), uid)
    grafana.set_permissions(uid, [Permission(1, role="Viewer")])
    grafana.save_board(
        msgspec.json.encode({"uid": board, "title": "sửa tay", "id": None}), uid, "sửa tay"
    )
    drifted = planned(grafana, wanted, Progress())
    assert sorted(type(one).__name__ for one in drifted) == [
        "MoveFolder",
        "Permit",
        "RenameFolder",
        "SaveBoard",
    ]
    in_step(grafana, wanted)
    assert planned(grafana, wanted, Progress()) == []


def test_a_newer_template_is_saved_over_every_copy(grafana: GrafanaPort) -> None:
    wanted = wanted_on(MERGER)
    in_step(grafana, wanted)
    newer = [
        replace(place, board=replace(place.board, model=_newer(place.board.model)))
        for place in wanted.places
        if place.board
    ]
    changed = Wanted(tuple(newer), wanted.ended)
    boards = [one for one in planned(grafana, changed, Progress()) if "SaveBoard" in repr(one)]
    assert len(boards) == len(newer)


def _newer(model: bytes) -> bytes:
    return model.replace(b'"hide":0', b'"hide":1')
