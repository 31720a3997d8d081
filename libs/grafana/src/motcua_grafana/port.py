"""What is asked of Grafana, and how it may fail; adapters give it, tests have a fake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from motcua_grafana.domain.states import Folder


class GrafanaError(Exception):
    """Grafana did not do what was asked; the message holds no token and no content."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status or 'no answer'}: {reason}")
        self.status = status


class Refused(GrafanaError):  # noqa: N818
    """The request is not acceptable as it is; asking again changes nothing."""


class NotAllowed(Refused):
    """401 or 403: the token is wrong, or its service account is no administrator."""


class Conflict(GrafanaError):  # noqa: N818
    """409 or 412: somebody else changed the same thing; look again, then plan again."""


class Unavailable(GrafanaError):  # noqa: N818
    """No answer, 429 or 5xx: whether it was done is not known; try again later."""


@dataclass(frozen=True, slots=True)
class Team:
    """A team; Grafana chooses its number."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Permission:
    """One line of a folder's permissions: exactly one of team, user and role is named."""

    level: int
    team: int = 0
    user: int = 0
    role: str = ""


class GrafanaPort(Protocol):
    """One Grafana, one organisation of it, seen by a service account that administers it."""

    def version(self) -> str:
        """The version that Grafana says it is."""
        ...

    def folder_uids(self) -> Sequence[str]:
        """The uids of all folders, at any depth; the newest ones may still be missing."""
        ...

    def folder(self, uid: str) -> Folder | None:
        """A folder, as it is at this moment."""
        ...

    def create_folder(self, uid: str, folder: Folder) -> None:
        """Make a folder; its uid must be free."""
        ...

    def rename_folder(self, uid: str, title: str) -> None:
        """Give a folder another title."""
        ...

    def move_folder(self, uid: str, parent: str) -> None:
        """Put a folder, with all in it, under another one; empty: to the top."""
        ...

    def permissions(self, uid: str) -> Sequence[Permission]:
        """The permissions set on a folder itself, none that it inherits."""
        ...

    def set_permissions(self, uid: str, permissions: Sequence[Permission]) -> None:
        """Let a folder have these permissions, and no others."""
        ...

    def teams(self) -> Sequence[Team]:
        """All teams."""
        ...

    def create_team(self, name: str) -> int:
        """Make a team; returns its number."""
        ...

    def rename_team(self, team: int, name: str) -> None:
        """Give a team another name."""
        ...

    def board_folder(self, uid: str) -> str | None:
        """The uid of the folder that a dashboard lies in; None where there is no such dashboard."""
        ...

    def board_mark(self, uid: str) -> str:
        """The message of a dashboard's newest version."""
        ...

    def save_board(self, model: bytes, folder: str, mark: str) -> None:
        """Save a dashboard over whatever is there, with a message."""
        ...
