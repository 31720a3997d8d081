"""Grafana's answers as values, and its failures as ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from motcua_grafana.domain.states import Folder
from motcua_grafana.port import (
    Conflict,
    GrafanaError,
    NotAllowed,
    Permission,
    Refused,
    Unavailable,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE: Final = 1000
"""How many entries a page of a list may have; the most that Grafana gives."""

_NOT_FOUND: Final = 404
_TOO_MANY: Final = 429
_LONGEST: Final = 200

T = TypeVar("T")


class FolderAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """`GET /folders/{uid}`."""

    title: str
    parent_uid: str = ""

    def as_folder(self) -> Folder:
        """The folder as the plan knows it."""
        return Folder(self.title, self.parent_uid)


class PermissionAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """One entry of `GET /folders/{uid}/permissions`."""

    permission: int = 0
    team_id: int = 0
    user_id: int = 0
    role: str = ""
    inherited: bool = False

    def as_permission(self) -> Permission:
        """The permission as the port knows it."""
        return Permission(self.permission, self.team_id, self.user_id, self.role)


class TeamAnswer(msgspec.Struct, frozen=True):
    """A team."""

    id: int
    name: str
    email: str = ""


class CreatedTeam(msgspec.Struct, frozen=True, rename="camel"):
    """`POST /teams`."""

    team_id: int


class HitAnswer(msgspec.Struct, frozen=True):
    """One find of `GET /search`."""

    uid: str


class BoardMeta(msgspec.Struct, frozen=True, rename="camel"):
    """Where a dashboard lies."""

    folder_uid: str = ""


class BoardAnswer(msgspec.Struct, frozen=True):
    """`GET /dashboards/uid/{uid}`."""

    meta: BoardMeta


class VersionAnswer(msgspec.Struct, frozen=True):
    """One entry of `GET /dashboards/uid/{uid}/versions`."""

    version: int = 0
    message: str = ""


class VersionsAnswer(msgspec.Struct, frozen=True):
    """The newest versions of a dashboard."""

    versions: list[VersionAnswer]


class HealthAnswer(msgspec.Struct, frozen=True):
    """`GET /health`."""

    version: str = ""


def read(answer: Any, kind: type[T]) -> T:
    """An answer as a value.

    Raises:
        Unavailable: it is none that Grafana gives; a proxy may have answered.
    """
    try:
        return msgspec.convert(answer, kind)
    except msgspec.ValidationError as error:
        raise Unavailable(0, f"not an answer of Grafana ({error})") from error


def failure(status: int, message: object) -> GrafanaError:
    """The failure that a status stands for."""
    reason = " ".join(str(message).split())[:_LONGEST]
    if status in {401, 403}:
        return NotAllowed(status, reason)
    if status in {409, 412}:
        return Conflict(status, reason)
    if status == _TOO_MANY or not 400 <= status < 500:  # noqa: PLR2004 - the 4xx
        return Unavailable(status, reason)
    return Refused(status, reason)


def is_missing(error: GrafanaError) -> bool:
    """Whether there is no such thing."""
    return error.status == _NOT_FOUND


def items_of(permissions: Sequence[Permission]) -> list[dict[str, object]]:
    """Permissions as `POST /folders/{uid}/permissions` takes them."""
    return [_item(one) for one in permissions]


def _item(one: Permission) -> dict[str, object]:
    if one.team:
        return {"teamId": one.team, "permission": one.level}
    if one.user:
        return {"userId": one.user, "permission": one.level}
    return {"role": one.role, "permission": one.level}


def save_command(model: bytes, folder: str, mark: str) -> dict[str, object]:
    """A dashboard as `POST /dashboards/db` takes it."""
    dashboard: object = msgspec.json.decode(model)
    return {"dashboard": dashboard, "folderUid": folder, "overwrite": True, "message": mark}
