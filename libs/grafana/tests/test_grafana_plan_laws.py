"""The laws of the plan: it arrives, it stays, it goes on from anywhere, it minds its own."""

from __future__ import annotations

from functools import reduce

from grafana_cases import BEFORE, MERGER, a_state, wanted_on
from hypothesis import given, settings
from hypothesis import strategies as st
from motcua_grafana.domain.actions import Permit, SaveBoard, after, subject
from motcua_grafana.domain.names import ARCHIVE, folder_uid, key_of_folder
from motcua_grafana.domain.plan import plan
from motcua_grafana.domain.states import Seen, Shelved, Wanted

wanted_states = st.sampled_from((wanted_on(BEFORE), wanted_on(MERGER)))


def carried_out(wanted: Wanted, seen: Seen, steps: int | None = None) -> Seen:
    return reduce(after, plan(wanted, seen)[:steps], seen)


@settings(deadline=None, max_examples=60)
@given(wanted_states, st.data())
def test_the_plan_carried_out_gives_what_is_wanted(wanted: Wanted, data: st.DataObject) -> None:
    then = carried_out(wanted, a_state(data, wanted))
    for place in wanted.places:
        uid = folder_uid(place.key)
        assert then.folders[uid] == place.folder
        assert then.grants[uid] == place.grants
        assert then.teams[place.key] == place.team
        if place.board:
            assert then.boards[place.board.uid] == Shelved(uid, place.board.mark)


@settings(deadline=None, max_examples=60)
@given(wanted_states, st.data())
def test_the_plan_of_what_is_wanted_is_empty(wanted: Wanted, data: st.DataObject) -> None:
    assert plan(wanted, carried_out(wanted, a_state(data, wanted))) == []


@settings(deadline=None, max_examples=60)
@given(wanted_states, st.data())
def test_a_run_cut_short_anywhere_is_gone_on_with(wanted: Wanted, data: st.DataObject) -> None:
    seen = a_state(data, wanted)
    whole = plan(wanted, seen)
    cut = carried_out(wanted, seen, data.draw(st.integers(0, len(whole))))
    assert carried_out(wanted, cut) == carried_out(wanted, seen)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_from_one_map_to_the_other_and_back(data: st.DataObject) -> None:
    old, new = wanted_on(BEFORE), wanted_on(MERGER)
    before = carried_out(old, a_state(data, old))
    merged = carried_out(new, before)
    assert plan(new, merged) == []
    again = carried_out(old, merged)
    for place in old.places:
        assert again.folders[folder_uid(place.key)] == place.folder


@settings(deadline=None, max_examples=60)
@given(wanted_states, st.data())
def test_what_is_not_ours_is_never_touched(wanted: Wanted, data: st.DataObject) -> None:
    seen = a_state(data, wanted)
    ours = {place.board.uid for place in wanted.places if place.board}
    for action in plan(wanted, seen):
        what = subject(action)
        mine = what == ARCHIVE or key_of_folder(what) is not None or what.startswith("team:")
        assert mine or what in ours
    then = carried_out(wanted, seen)
    assert then.folders.get("theirs") == seen.folders.get("theirs")


@settings(deadline=None, max_examples=60)
@given(wanted_states, st.data())
def test_no_dashboard_is_saved_into_a_folder_that_is_still_open_to_others(
    wanted: Wanted, data: st.DataObject
) -> None:
    right = {folder_uid(place.key): place.grants for place in wanted.places}
    seen = a_state(data, wanted)
    for action in plan(wanted, seen):
        if isinstance(action, SaveBoard):
            assert seen.grants[action.folder] == right[action.folder]
        seen = after(seen, action)


@settings(deadline=None, max_examples=60)
@given(wanted_states, st.data())
def test_nobody_may_edit_a_folder_in_the_archive(wanted: Wanted, data: st.DataObject) -> None:
    then = carried_out(wanted, a_state(data, wanted))
    standing = {folder_uid(place.key) for place in wanted.places}
    for uid, grants in then.grants.items():
        if key_of_folder(uid) is not None and uid not in standing:
            assert all(grant.level == 1 and grant.holder.startswith("team:") for grant in grants)
            top = uid
            while then.folders[top].parent:
                top = then.folders[top].parent
            assert top == ARCHIVE


@settings(deadline=None, max_examples=60)
@given(wanted_states, st.data())
def test_permissions_name_only_teams_that_exist_by_then(
    wanted: Wanted, data: st.DataObject
) -> None:
    seen = a_state(data, wanted)
    for action in plan(wanted, seen):
        if isinstance(action, Permit):
            holders = {grant.holder.removeprefix("team:") for grant in action.grants}
            assert holders <= seen.teams.keys()
        seen = after(seen, action)
