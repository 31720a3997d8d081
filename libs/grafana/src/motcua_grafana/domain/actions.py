"""The single steps by which Grafana is changed, and what each leaves behind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from motcua_grafana.domain.boards import Board
from motcua_grafana.domain.states import ON_CREATION, Folder, Grant, Seen, Shelved, team_holder


@dataclass(frozen=True, slots=True)
class CreateTeam:
    """A team for a place."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class RenameTeam:
    """The place has another name, or somebody changed the team's."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class CreateFolder:
    """A folder that is missing."""

    uid: str
    folder: Folder


@dataclass(frozen=True, slots=True)
class RenameFolder:
    """A folder with another title."""

    uid: str
    title: str


@dataclass(frozen=True, slots=True)
class MoveFolder:
    """A folder under another one; an empty parent is the top."""

    uid: str
    parent: str


@dataclass(frozen=True, slots=True)
class Permit:
    """These grants on a folder, and no others."""

    uid: str
    grants: frozenset[Grant]


@dataclass(frozen=True, slots=True)
class SaveBoard:
    """A dashboard into its folder: missing, edited, moved away, or of an older template."""

    board: Board
    folder: str


Action: TypeAlias = (
    CreateTeam | RenameTeam | CreateFolder | RenameFolder | MoveFolder | Permit | SaveBoard
)


def subject(action: Action) -> str:
    """What an action changes: the uid of a folder or dashboard, or a team as a holder."""
    match action:
        case CreateTeam(key) | RenameTeam(key):
            return team_holder(key)
        case SaveBoard(board):
            return board.uid
        case _:
            return action.uid


def needs(action: Action) -> frozenset[str]:
    """The subjects that must be in order before an action makes sense, its own among them."""
    match action:
        case CreateFolder(_, Folder(_, parent)) | MoveFolder(_, parent):
            return frozenset({subject(action), parent})
        case Permit(_, grants):
            return frozenset({subject(action), *(grant.holder for grant in grants)})
        case SaveBoard(_, folder):
            return frozenset({subject(action), folder})
        case _:
            return frozenset({subject(action)})


def after(seen: Seen, action: Action) -> Seen:
    """What is seen once an action has been carried out."""
    match action:
        case CreateTeam(key, name) | RenameTeam(key, name):
            return replace(seen, teams={**seen.teams, key: name})
        case CreateFolder(uid, folder):
            given = frozenset[Grant]() if folder.parent else ON_CREATION
            return replace(
                seen, folders={**seen.folders, uid: folder}, grants={**seen.grants, uid: given}
            )
        case RenameFolder(uid, title):
            renamed = replace(seen.folders[uid], title=title)
            return replace(seen, folders={**seen.folders, uid: renamed})
        case MoveFolder(uid, parent):
            moved = replace(seen.folders[uid], parent=parent)
            return replace(seen, folders={**seen.folders, uid: moved})
        case Permit(uid, grants):
            return replace(seen, grants={**seen.grants, uid: grants})
        case SaveBoard(board, folder):
            shelved = Shelved(folder, board.mark)
            return replace(seen, boards={**seen.boards, board.uid: shelved})
