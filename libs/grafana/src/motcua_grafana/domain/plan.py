"""From what is seen to what is wanted: the list of actions, a pure function.

Teams first, then each place from above to below: its folder, who may open it, and only then its
dashboard, so that nothing is shown in a folder that is still open to everybody. A folder of ours
that no standing place answers for is put into the archive (lưu trữ); nothing is ever deleted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from motcua_grafana.domain.actions import (
    Action,
    CreateFolder,
    CreateTeam,
    MoveFolder,
    Permit,
    RenameFolder,
    RenameTeam,
    SaveBoard,
)
from motcua_grafana.domain.names import (
    ARCHIVE,
    ARCHIVE_TITLE,
    closed_title,
    folder_uid,
    key_of_folder,
)
from motcua_grafana.domain.states import Ended, Folder, Grant, Level, Shelved, team_holder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from motcua_grafana.domain.states import Place, Seen, Wanted


def plan(wanted: Wanted, seen: Seen) -> list[Action]:
    """The actions that lead from the seen state to the wanted one; none where they agree."""
    return [
        *(action for place in wanted.places for action in _team(place, seen)),
        *(action for place in wanted.places for action in _place(place, seen)),
        *_archive(wanted, seen),
    ]


def _team(place: Place, seen: Seen) -> Iterator[Action]:
    name = seen.teams.get(place.key)
    if name is None:
        yield CreateTeam(place.key, place.team)
    elif name != place.team:
        yield RenameTeam(place.key, place.team)


def _place(place: Place, seen: Seen) -> Iterator[Action]:
    uid = folder_uid(place.key)
    yield from _folder(uid, place.folder, place.grants, seen)
    if place.board and seen.boards.get(place.board.uid) != Shelved(uid, place.board.mark):
        yield SaveBoard(place.board, uid)


def _folder(uid: str, folder: Folder, grants: frozenset[Grant], seen: Seen) -> Iterator[Action]:
    found = seen.folders.get(uid)
    if found is None:
        yield CreateFolder(uid, folder)
        yield Permit(uid, grants)
        return
    if found.parent != folder.parent:
        yield MoveFolder(uid, folder.parent)
    if seen.grants.get(uid) != grants:
        yield Permit(uid, grants)
    if found.title != folder.title:
        yield RenameFolder(uid, folder.title)


def _archive(wanted: Wanted, seen: Seen) -> Iterator[Action]:
    standing = {place.key for place in wanted.places}
    teams = standing | seen.teams.keys()
    ended = {
        uid: wanted.ended.get(key) or _unknown(key, found, wanted)
        for uid, found in seen.folders.items()
        if (key := key_of_folder(uid)) is not None and key not in standing
    }
    if not ended:
        return
    yield from _folder(ARCHIVE, Folder(ARCHIVE_TITLE), frozenset(), seen)
    outer_first = sorted(
        ended.items(), key=lambda item: (item[1].folder.parent != ARCHIVE, item[0])
    )
    for uid, one in outer_first:
        kept = one.folder.parent in ended or one.folder.parent == ARCHIVE
        folder = one.folder if kept else Folder(one.folder.title, ARCHIVE)
        readers = (Grant(team_holder(key), Level.VIEW) for key in one.readers & teams)
        yield from _folder(uid, folder, frozenset(readers), seen)


def _unknown(key: str, found: Folder, wanted: Wanted) -> Ended:
    """A place that the registry does not name: a department that its unit no longer has."""
    unit = key.partition("_")[0]
    grants = [grant for place in wanted.places if place.key == unit for grant in place.grants]
    readers = {key, *(grant.holder.removeprefix("team:") for grant in grants)}
    return Ended(Folder(closed_title(found.title), ARCHIVE), frozenset(readers))
