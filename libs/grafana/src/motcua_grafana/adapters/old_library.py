"""The port over grafana-api, the old library, and grafana-client where the old one has no word.

The old library ends at Grafana 7: it knows no folders inside folders, no moving of them, no pages
of a search and no versions of dashboards (docs/adr/0029-two-grafana-libraries-behind-a-port.md).
"""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# The library has no annotations.

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from grafana_api.grafana_api import GrafanaException
from grafana_api.grafana_face import GrafanaFace
from requests.exceptions import RequestException

from motcua_grafana.adapters.address import Address
from motcua_grafana.adapters.answers import (
    PAGE,
    BoardAnswer,
    CreatedTeam,
    FolderAnswer,
    HealthAnswer,
    PermissionAnswer,
    TeamAnswer,
    failure,
    is_missing,
    items_of,
    read,
    save_command,
)
from motcua_grafana.adapters.current_library import CurrentLibrary
from motcua_grafana.domain.states import Folder
from motcua_grafana.port import GrafanaError, Permission, Team, Unavailable


class OldLibrary:
    """Grafana through grafana-api."""

    def __init__(self, address: Address) -> None:
        """Nothing is asked yet; proxies of the environment are ignored."""
        self._face: Any = GrafanaFace(**address.arguments())
        self._face.api.s.trust_env = False
        self._current = CurrentLibrary(address)

    def version(self) -> str:
        return read(_ask(self._face.api.GET, "/health"), HealthAnswer).version

    def folder_uids(self) -> Sequence[str]:
        return self._current.folder_uids()

    def folder(self, uid: str) -> Folder | None:
        answer = _ask_for(self._face.folder.get_folder, uid)
        return None if answer is None else read(answer, FolderAnswer).as_folder()

    def create_folder(self, uid: str, folder: Folder) -> None:
        if folder.parent:
            self._current.create_folder(uid, folder)
        else:
            _ask(self._face.folder.create_folder, folder.title, uid)

    def rename_folder(self, uid: str, title: str) -> None:
        _ask(self._face.folder.update_folder, uid, title, overwrite=True)

    def move_folder(self, uid: str, parent: str) -> None:
        self._current.move_folder(uid, parent)

    def permissions(self, uid: str) -> Sequence[Permission]:
        answer = _ask(self._face.folder.get_folder_permissions, uid)
        lines = read(answer, list[PermissionAnswer])
        return [one.as_permission() for one in lines if not one.inherited]

    def set_permissions(self, uid: str, permissions: Sequence[Permission]) -> None:
        items = {"items": items_of(permissions)}
        _ask(self._face.folder.update_folder_permissions, uid, items)

    def teams(self) -> Sequence[Team]:
        found: list[Team] = []
        for page in count(1):
            # Left to itself the library asks on for ever when a team vanishes between two pages.
            answer = _ask(self._face.teams.search_teams, page=page, perpage=PAGE)
            listed = read(answer, list[TeamAnswer])
            found += [Team(one.id, one.name) for one in listed]
            if len(listed) < PAGE:
                break
        return found

    def create_team(self, name: str) -> int:
        return read(_ask(self._face.teams.add_team, {"name": name}), CreatedTeam).team_id

    def rename_team(self, team: int, name: str) -> None:
        now = read(_ask(self._face.teams.get_team, team), TeamAnswer)
        _ask(self._face.teams.update_team, team, {"name": name, "email": now.email})

    def board_folder(self, uid: str) -> str | None:
        answer = _ask_for(self._face.dashboard.get_dashboard, uid)
        return None if answer is None else read(answer, BoardAnswer).meta.folder_uid

    def board_mark(self, uid: str) -> str:
        return self._current.board_mark(uid)

    def save_board(self, model: bytes, folder: str, mark: str) -> None:
        _ask(self._face.dashboard.update_dashboard, save_command(model, folder, mark))


def _ask(call: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """One call of the library, its failures as ours."""
    try:
        return call(*arguments, **named)
    except GrafanaException as error:
        raise failure(error.status_code, error.message) from error
    except RequestException as error:
        raise Unavailable(0, type(error).__name__) from error
    except TypeError as error:
        # The library looks for "message" in a text as if it were an object.
        raise Unavailable(0, "not an answer of Grafana") from error


def _ask_for(call: Callable[..., Any], uid: str) -> Any:
    """One call that may find nothing: None then."""
    try:
        return _ask(call, uid)
    except GrafanaError as error:
        if is_missing(error):
            return None
        raise
