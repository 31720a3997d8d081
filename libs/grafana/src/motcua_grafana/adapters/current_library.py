"""The port over grafana-client, the maintained library."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# The library has no annotations worth the name.

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from grafana_client.api import GrafanaApi
from grafana_client.client import GrafanaException
from niquests.exceptions import RequestException

from motcua_grafana.adapters.address import Address
from motcua_grafana.adapters.answers import (
    PAGE,
    BoardAnswer,
    CreatedTeam,
    FolderAnswer,
    HealthAnswer,
    HitAnswer,
    PermissionAnswer,
    TeamAnswer,
    VersionsAnswer,
    failure,
    is_missing,
    items_of,
    read,
    save_command,
)
from motcua_grafana.domain.states import Folder
from motcua_grafana.port import GrafanaError, Permission, Team, Unavailable


class CurrentLibrary:
    """Grafana through grafana-client."""

    def __init__(self, address: Address) -> None:
        """Nothing is asked yet; proxies of the environment are ignored."""
        self._api: Any = GrafanaApi(**address.arguments())
        self._api.client.s.trust_env = False

    def version(self) -> str:
        # The library's own call reads `/frontend/settings`, which Grafana does not document.
        return read(_ask(self._api.client.GET, "/health"), HealthAnswer).version

    def folder_uids(self) -> Sequence[str]:
        found: list[str] = []
        for page in count(1):
            search = self._api.search.search_dashboards
            hits = read(_ask(search, type_="dash-folder", limit=PAGE, page=page), list[HitAnswer])
            found += [hit.uid for hit in hits]
            if len(hits) < PAGE:
                break
        return found

    def folder(self, uid: str) -> Folder | None:
        answer = _ask_for(self._api.folder.get_folder, uid)
        return None if answer is None else read(answer, FolderAnswer).as_folder()

    def create_folder(self, uid: str, folder: Folder) -> None:
        _ask(self._api.folder.create_folder, folder.title, uid, folder.parent or None)

    def rename_folder(self, uid: str, title: str) -> None:
        _ask(self._api.folder.update_folder, uid, title=title, overwrite=True)

    def move_folder(self, uid: str, parent: str) -> None:
        _ask(self._api.folder.move_folder, uid, parent)

    def permissions(self, uid: str) -> Sequence[Permission]:
        answer = _ask(self._api.folder.get_folder_permissions, uid)
        lines = read(answer, list[PermissionAnswer])
        return [one.as_permission() for one in lines if not one.inherited]

    def set_permissions(self, uid: str, permissions: Sequence[Permission]) -> None:
        items = {"items": items_of(permissions)}
        _ask(self._api.folder.update_folder_permissions, uid, items)

    def teams(self) -> Sequence[Team]:
        found: list[Team] = []
        for page in count(1):
            answer = _ask(self._api.teams.search_teams, page=page, perpage=PAGE)
            listed = read(answer, list[TeamAnswer])
            found += [Team(one.id, one.name) for one in listed]
            if len(listed) < PAGE:
                break
        return found

    def create_team(self, name: str) -> int:
        return read(_ask(self._api.teams.add_team, {"name": name}), CreatedTeam).team_id

    def rename_team(self, team: int, name: str) -> None:
        now = read(_ask(self._api.teams.get_team, team), TeamAnswer)
        _ask(self._api.teams.update_team, team, {"name": name, "email": now.email})

    def board_folder(self, uid: str) -> str | None:
        answer = _ask_for(self._api.dashboard.get_dashboard, uid)
        return None if answer is None else read(answer, BoardAnswer).meta.folder_uid

    def board_mark(self, uid: str) -> str:
        # The library's own call sends `limit` in the body of a GET, where nobody reads it.
        path = f"/dashboards/uid/{uid}/versions"
        versions = read(_ask(self._api.client.GET, path, params={"limit": 1}), VersionsAnswer)
        return max(versions.versions, key=lambda one: one.version).message

    def save_board(self, model: bytes, folder: str, mark: str) -> None:
        _ask(self._api.dashboard.update_dashboard, save_command(model, folder, mark))


def _ask(call: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """One call of the library, its failures as ours."""
    try:
        return call(*arguments, **named)
    except GrafanaException as error:
        raise failure(error.status_code, error.message) from error
    except RequestException as error:
        raise Unavailable(0, type(error).__name__) from error


def _ask_for(call: Callable[..., Any], uid: str) -> Any:
    """One call that may find nothing: None then."""
    try:
        return _ask(call, uid)
    except GrafanaError as error:
        if is_missing(error):
            return None
        raise
