"""Reads what Grafana has of ours, place by place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from motcua_grafana.domain.names import ARCHIVE, folder_uid, key_of_folder, key_of_team
from motcua_grafana.domain.states import Folder, Grant, Seen, Shelved, team_holder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from motcua_grafana.domain.states import Wanted
    from motcua_grafana.port import GrafanaPort, Permission


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen, and the numbers that Grafana gave to our teams, by key."""

    seen: Seen
    team_ids: Mapping[str, int]


def observe(port: GrafanaPort, wanted: Wanted, told: Callable[[int, int], None]) -> Observation:
    """Read every folder and dashboard that is wanted or of ours; `told` hears done and total.

    The search that finds forgotten folders may lag behind; each folder itself is asked for by its
    uid, so that what was just made is seen.
    """
    ids: dict[str, int] = {}
    names: dict[str, str] = {}
    for team in sorted(port.teams(), key=lambda one: -one.id):
        key = key_of_team(team.name)
        if key is not None:
            ids[key], names[key] = team.id, team.name
    holders = {number: team_holder(key) for key, number in ids.items()}
    found = {uid for uid in port.folder_uids() if key_of_folder(uid) is not None}
    uids = sorted({ARCHIVE, *found, *(folder_uid(place.key) for place in wanted.places)})
    boards = [place.board.uid for place in wanted.places if place.board]
    folders: dict[str, Folder] = {}
    grants: dict[str, frozenset[Grant]] = {}
    shelved: dict[str, Shelved] = {}
    total = len(uids) + len(boards)
    for done, uid in enumerate(uids, 1):
        folder = port.folder(uid)
        if folder is not None:
            folders[uid] = folder
            grants[uid] = frozenset(_grant(one, holders) for one in port.permissions(uid))
        told(done, total)
    for done, uid in enumerate(boards, len(uids) + 1):
        inside = port.board_folder(uid)
        if inside is not None:
            shelved[uid] = Shelved(inside, port.board_mark(uid))
        told(done, total)
    return Observation(Seen(folders, names, grants, shelved), ids)


def _grant(permission: Permission, holders: Mapping[int, str]) -> Grant:
    if permission.team:
        holder = holders.get(permission.team, f"team number {permission.team}")
    elif permission.user:
        holder = f"user number {permission.user}"
    else:
        holder = f"role:{permission.role}"
    return Grant(holder, permission.level)
