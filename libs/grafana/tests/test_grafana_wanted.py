"""What Grafana should have, from registries before and after a merger."""

from __future__ import annotations

import msgspec
from grafana_cases import (
    BEFORE,
    HUNG_BINH,
    JUSTICE,
    MAP,
    MERGER,
    NHAN_CO,
    OFFICE,
    PROVINCE,
    QUANG_TIN,
    SIN,
    TEMPLATES,
    commune,
    registry_of,
    wanted_on,
)
from motcua_grafana.domain.boards import TAG
from motcua_grafana.domain.names import ARCHIVE, board_uid, folder_uid, key_of_team, place_key
from motcua_grafana.domain.plan import plan
from motcua_grafana.domain.states import Folder, Grant, Place, Seen, Wanted, team_holder


def place(wanted: Wanted, key: str) -> Place:
    return next(one for one in wanted.places if one.key == key)


def test_each_unit_that_stands_has_a_place_and_each_department_one_inside_it() -> None:
    assert [one.key for one in wanted_on(BEFORE).places] == [
        "68",
        "24751",
        "24760",
        "24760_tu-phap",
        "24761",
        "24761_van-phong",
    ]
    assert [one.key for one in wanted_on(MERGER).places] == [
        "68",
        "24751",
        "24760-2025",
        "24760-2025_tu-phap",
        "24760-2025_van-phong",
    ]


def test_names_are_vietnamese_and_tell_units_of_one_code_apart() -> None:
    wanted = wanted_on(MERGER)
    assert place(wanted, "24760-2025").folder == Folder("Xã Quảng Tín (24760-2025)")
    office = place(wanted, "24760-2025_tu-phap")
    assert office.folder == Folder("Phòng Tư pháp", folder_uid("24760-2025"))
    assert office.team == "Phòng Tư pháp – Xã Quảng Tín [motcua 24760-2025_tu-phap]"


def test_a_team_edits_its_own_folder_and_those_above_may_look() -> None:
    wanted = wanted_on(MERGER)
    province, own = Grant(team_holder("68"), 1), Grant(team_holder("24751"), 2)
    assert place(wanted, "24751").grants == {province, own}
    inside = Grant(team_holder("24760-2025_tu-phap"), 2)
    assert place(wanted, "24760-2025_tu-phap").grants == {inside}


def test_the_dashboard_of_a_place_shows_that_place_and_no_other_can_be_chosen() -> None:
    board = place(wanted_on(MERGER), "24760-2025_tu-phap").board
    assert board
    model = msgspec.json.decode(board.model)
    assert (model["uid"], model["title"]) == (
        board_uid("24760-2025_tu-phap"),
        "Phòng Tư pháp – Xã Quảng Tín",
    )
    listed = {one["name"]: one for one in model["templating"]["list"]}
    assert (listed["unit"]["type"], listed["unit"]["query"]) == ("constant", "24760-2025")
    assert (listed["department"]["type"], listed["department"]["query"]) == ("constant", "tu-phap")
    assert (listed["province"]["type"], listed["province"]["query"]) == ("constant", "68")
    assert listed["unit"]["skipUrlSync"] is True
    assert listed["datasource"]["type"] == "query"


def test_copies_have_a_tag_of_their_own_and_link_to_copies() -> None:
    board = place(wanted_on(MERGER), "24751").board
    assert board
    model = msgspec.json.decode(board.model)
    assert model["tags"] == [TAG]
    assert [link.get("tags") for link in model["links"]] == [[TAG], ["motcua"]]


def test_a_merged_commune_stays_readable_for_its_team_its_successor_and_the_province() -> None:
    wanted = wanted_on(MERGER)
    sin, hung_binh = wanted.ended["24760"], wanted.ended["24761"]
    assert sin.folder == Folder("Xã Đắk Sin (24760) – đến 30/06/2025", ARCHIVE)
    assert hung_binh.folder.title == "Xã Hưng Bình (24761) – đến 30/06/2025"
    assert sin.readers == {"24760", "24760-2025", "68"}
    inside = wanted.ended["24760_tu-phap"]
    assert inside.folder == Folder("Phòng Tư pháp", folder_uid("24760"))
    assert inside.readers == {"24760_tu-phap", "24760-2025", "68"}


def test_a_commune_that_ended_before_grafana_knew_it_gets_no_folder() -> None:
    created = [action for action in plan(wanted_on(MERGER), Seen()) if "24761" in repr(action)]
    assert created == []


def test_a_department_that_its_unit_no_longer_has_is_closed() -> None:
    before = wanted_on(MERGER)
    seen = Seen(
        {folder_uid(one.key): one.folder for one in before.places},
        {one.key: one.team for one in before.places},
        {folder_uid(one.key): one.grants for one in before.places},
    )
    reformed = commune("Xã Quảng Tín", "24760-2025", OFFICE, begins="2025-07-01")
    after = wanted_on(MERGER, registry_of(PROVINCE, NHAN_CO, reformed))
    planned = {repr(one) for one in plan(after, seen) if "tu-phap" in repr(one)}
    assert any("MoveFolder" in one and ARCHIVE in one for one in planned)
    assert any("Phòng Tư pháp – đã đóng" in one for one in planned)


def test_every_commune_and_department_of_a_map_has_names_of_its_own() -> None:
    units = [PROVINCE, SIN, HUNG_BINH, QUANG_TIN, NHAN_CO]
    keys = [place_key(unit.id) for unit in units]
    keys += [place_key(unit.id, one.id) for unit in units for one in unit.departments]
    assert len(set(keys)) == len(keys)


def test_long_and_strange_ids_give_uids_that_grafana_takes() -> None:
    strange = ["lao-dong-thuong-binh-xa-hoi", "phòng", "a_b", "x" * 60]
    keys = [place_key("24733-2025", one) for one in strange] + [place_key("đơn vị lạ", "a")]
    assert len(set(keys)) == len(strange) + 1
    for key in keys:
        assert len(board_uid(key)) <= 40
        assert board_uid(key).replace("-", "").replace("_", "").isascii()
        assert key_of_team(f"tên [motcua {key}]") == key


def test_without_a_template_there_is_a_folder_and_a_team_and_no_dashboard() -> None:
    assert place(wanted_on(MERGER), "68").board is None
    assert TEMPLATES.department
    assert MAP.units["24760-2025"].departments[0] == JUSTICE
