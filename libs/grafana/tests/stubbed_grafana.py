"""What the stub's Grafana keeps, and the work behind each operation of the description."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

NEWEST_SCHEMA = 42


class Refusal(Exception):  # noqa: N818
    """An answer that is no success."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(slots=True)
class KeptBoard:
    """A dashboard: its JSON, its folder, and the messages of its versions."""

    model: dict[str, Any]
    folder: str
    messages: list[str]
    provisioned: bool = False


@dataclass(slots=True)
class StubbedGrafana:
    """Folders, teams and dashboards as JSON objects, by uid or number."""

    folders: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    lines: dict[str, list[dict[str, Any]]] = field(default_factory=dict[str, list[dict[str, Any]]])
    teams: dict[int, dict[str, Any]] = field(default_factory=dict[int, dict[str, Any]])
    boards: dict[str, KeptBoard] = field(default_factory=dict[str, KeptBoard])

    def carry_out(self, operation: str, name: str, query: Mapping[str, str], body: Any) -> Any:
        """The answer of a success.

        Raises:
            Refusal: any other answer.
        """
        work: dict[str, Callable[[], Any]] = {
            "getHealth": lambda: {"database": "ok", "version": "13.0.0", "commit": "e36ea787"},
            "search": lambda: self._search(query),
            "getFolderByUID": lambda: self._folder(name),
            "createFolder": lambda: self._create_folder(body),
            "updateFolder": lambda: self._update_folder(name, body),
            "moveFolder": lambda: self._move_folder(name, body),
            "getFolderPermissionList": lambda: self._permissions(name),
            "updateFolderPermissions": lambda: self._set_permissions(name, body),
            "searchTeams": lambda: self._search_teams(query),
            "getTeamByID": lambda: self._team(name),
            "createTeam": lambda: self._create_team(body),
            "updateTeam": lambda: self._update_team(name, body),
            "getDashboardByUID": lambda: self._board(name),
            "getDashboardVersionsByUID": lambda: self._versions(name, query),
            "postDashboard": lambda: self._save(body),
        }
        return work[operation]()

    def _search(self, query: Mapping[str, str]) -> list[dict[str, Any]]:
        if query.get("type") != "dash-folder":
            raise Refusal(422, "the stub knows folders only")
        hits: list[dict[str, Any]] = [
            {
                "uid": uid,
                "title": folder["title"],
                "type": "dash-folder",
                "folderUid": folder["parentUid"],
                "tags": [],
            }
            for uid, folder in sorted(self.folders.items())
        ]
        return _page(hits, query, "limit")

    def _folder(self, uid: str) -> dict[str, Any]:
        if uid not in self.folders:
            raise Refusal(404, "folder not found")
        return self.folders[uid]

    def _create_folder(self, body: dict[str, Any]) -> dict[str, Any]:
        uid, parent = body.get("uid", ""), body.get("parentUid", "")
        if not body.get("title"):
            raise Refusal(400, "folder title cannot be empty")
        if not uid or len(uid) > 40:
            raise Refusal(400, "uid too long, or missing")
        if uid in self.folders:
            raise Refusal(409, "a folder with that uid already exists")
        if parent and parent not in self.folders:
            raise Refusal(400, "parent folder not found")
        self.folders[uid] = {
            "id": len(self.folders) + 1,
            "uid": uid,
            "orgId": 1,
            "title": body["title"],
            "parentUid": parent,
            "version": 1,
        }
        everybody = [{"role": "Viewer", "permission": 1}, {"role": "Editor", "permission": 2}]
        creator: dict[str, Any] = {"userId": 9, "userLogin": "sa-motcua", "permission": 4}
        self.lines[uid] = [creator] if parent else [creator, *everybody]
        return self.folders[uid]

    def _update_folder(self, uid: str, body: dict[str, Any]) -> dict[str, Any]:
        folder = self._folder(uid)
        if not body.get("overwrite") and body.get("version") != folder["version"]:
            raise Refusal(409, "the folder has been changed by someone else")
        folder.update(title=body["title"], version=folder["version"] + 1)
        return folder

    def _move_folder(self, uid: str, body: dict[str, Any]) -> dict[str, Any]:
        folder, parent = self._folder(uid), body.get("parentUid", "")
        above = parent
        while above:
            if above == uid:
                raise Refusal(500, "a folder cannot be moved into itself")
            above = self._folder(above)["parentUid"]
        folder.update(parentUid=parent)
        return folder

    def _permissions(self, uid: str) -> list[dict[str, Any]]:
        self._folder(uid)
        return [{**line, "isFolder": True, "uid": uid} for line in self.lines[uid]]

    def _set_permissions(self, uid: str, body: dict[str, Any]) -> dict[str, Any]:
        self._folder(uid)
        if any("teamId" in one and one["teamId"] not in self.teams for one in body["items"]):
            raise Refusal(404, "team not found")
        self.lines[uid] = body["items"]
        return {"message": "Folder permissions updated"}

    def _search_teams(self, query: Mapping[str, str]) -> dict[str, Any]:
        teams = [self.teams[number] for number in sorted(self.teams)]
        return {
            "totalCount": len(teams),
            "page": int(query.get("page", "1")),
            "perPage": int(query.get("perpage", "1000")),
            "teams": _page(teams, query, "perpage"),
        }

    def _team(self, number: str) -> dict[str, Any]:
        if int(number) not in self.teams:
            raise Refusal(404, "Team not found")
        return self.teams[int(number)]

    def _create_team(self, body: dict[str, Any]) -> dict[str, Any]:
        self._refuse_taken(body["name"], 0)
        number = max(self.teams, default=0) + 1
        self.teams[number] = {
            "id": number,
            "uid": f"t{number}",
            "orgId": 1,
            "name": body["name"],
            "email": body.get("email", ""),
            "memberCount": 0,
            "isProvisioned": False,
        }
        return {"message": "Team created", "teamId": number, "uid": f"t{number}"}

    def _update_team(self, number: str, body: dict[str, Any]) -> dict[str, Any]:
        team = self._team(number)
        self._refuse_taken(body["name"], team["id"])
        team.update(name=body["name"], email=body.get("email", ""))
        return {"message": "Team updated"}

    def _refuse_taken(self, name: str, own: int) -> None:
        if any(one["name"] == name and one["id"] != own for one in self.teams.values()):
            raise Refusal(409, "Team name taken")

    def _board(self, uid: str) -> dict[str, Any]:
        """The dashboard as Grafana gives it back: migrated to the newest schema."""
        kept = self._kept(uid)
        model = kept.model | {"schemaVersion": NEWEST_SCHEMA, "version": len(kept.messages)}
        meta = {"folderUid": kept.folder, "version": len(kept.messages), "type": "db"}
        return {"dashboard": model, "meta": meta}

    def _versions(self, uid: str, query: Mapping[str, str]) -> dict[str, Any]:
        numbered = list(enumerate(self._kept(uid).messages, 1))
        newest_first = [
            {"version": number, "message": message, "uid": uid}
            for number, message in reversed(numbered)
        ]
        return {"continueToken": "", "versions": newest_first[: int(query.get("limit", "1000"))]}

    def _kept(self, uid: str) -> KeptBoard:
        if uid not in self.boards:
            raise Refusal(404, "Dashboard not found")
        return self.boards[uid]

    def _save(self, body: dict[str, Any]) -> dict[str, Any]:
        model, folder = body["dashboard"], body.get("folderUid", "")
        if folder and folder not in self.folders:
            raise Refusal(400, "folder not found")
        if not model.get("title"):
            raise Refusal(400, "Dashboard title cannot be empty")
        kept = self.boards.setdefault(model["uid"], KeptBoard(model, folder, []))
        if kept.provisioned:
            raise Refusal(400, "Cannot save provisioned dashboard")
        newest = model.get("version") == len(kept.messages)
        if kept.messages and not (body.get("overwrite") or newest):
            raise Refusal(412, "The dashboard has been changed by someone else")
        kept.model, kept.folder = model, folder
        kept.messages.append(body.get("message", ""))
        return {
            "id": 1,
            "uid": model["uid"],
            "url": f"/d/{model['uid']}",
            "status": "success",
            "version": len(kept.messages),
            "title": model["title"],
            "folderUid": folder,
        }


def _page(entries: list[Any], query: Mapping[str, str], size_name: str) -> list[Any]:
    size, page = int(query.get(size_name, "1000")), int(query.get("page", "1"))
    return entries[(page - 1) * size : page * size]
