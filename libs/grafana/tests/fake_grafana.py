"""A Grafana in memory behind the port; it refuses what the real one refuses."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
from motcua_grafana.domain.states import Folder
from motcua_grafana.port import Conflict, Permission, Refused, Team

DEFAULTS = (Permission(1, role="Viewer"), Permission(2, role="Editor"))


class FakeGrafana:
    """Folders, teams, permissions and dashboards; `before` hears the name of each change."""

    def __init__(self, before: Callable[[str], None] = lambda _: None) -> None:
        self.kept: dict[str, Folder] = {}
        self.lines: dict[str, list[Permission]] = {}
        self.groups: dict[int, str] = {}
        self.boards: dict[str, tuple[str, str]] = {}
        self.before = before

    def version(self) -> str:
        return "13.0.0"

    def folder_uids(self) -> Sequence[str]:
        return list(self.kept)

    def folder(self, uid: str) -> Folder | None:
        return self.kept.get(uid)

    def create_folder(self, uid: str, folder: Folder) -> None:
        self.before("create_folder")
        if uid in self.kept:
            raise Conflict(409, "a folder with that uid exists")
        self._find_parent(folder.parent)
        self.kept[uid] = folder
        self.lines[uid] = [] if folder.parent else list(DEFAULTS)

    def rename_folder(self, uid: str, title: str) -> None:
        self.before("rename_folder")
        self.kept[uid] = Folder(title, self._found(uid).parent)

    def move_folder(self, uid: str, parent: str) -> None:
        self.before("move_folder")
        moved = self._found(uid)
        self._find_parent(parent)
        above = parent
        while above:
            if above == uid:
                raise Refused(400, "a folder cannot lie in itself")
            above = self.kept[above].parent
        self.kept[uid] = Folder(moved.title, parent)

    def permissions(self, uid: str) -> Sequence[Permission]:
        self._found(uid)
        return list(self.lines[uid])

    def set_permissions(self, uid: str, permissions: Sequence[Permission]) -> None:
        self.before("set_permissions")
        self._found(uid)
        if any(one.team and one.team not in self.groups for one in permissions):
            raise Refused(400, "no such team")
        self.lines[uid] = list(permissions)

    def teams(self) -> Sequence[Team]:
        return [Team(number, name) for number, name in self.groups.items()]

    def create_team(self, name: str) -> int:
        self.before("create_team")
        if name in self.groups.values():
            raise Conflict(409, "team name taken")
        number = max(self.groups, default=0) + 1
        self.groups[number] = name
        return number

    def rename_team(self, team: int, name: str) -> None:
        self.before("rename_team")
        if team not in self.groups:
            raise Refused(404, "team not found")
        self.groups[team] = name

    def board_folder(self, uid: str) -> str | None:
        return self.boards[uid][0] if uid in self.boards else None

    def board_mark(self, uid: str) -> str:
        return self.boards[uid][1]

    def save_board(self, model: bytes, folder: str, mark: str) -> None:
        self.before("save_board")
        self._found(folder)
        uid: str = msgspec.json.decode(model)["uid"]
        self.boards[uid] = (folder, mark)

    def _found(self, uid: str) -> Folder:
        if uid not in self.kept:
            raise Refused(404, "folder not found")
        return self.kept[uid]

    def _find_parent(self, parent: str) -> None:
        if parent and parent not in self.kept:
            raise Refused(400, "parent folder not found")
