"""What Grafana has of ours, and what it should have, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from motcua_grafana.domain.boards import Board


class Level(IntEnum):
    """What a permission lets its holder do with a folder, in Grafana's numbers."""

    VIEW = 1
    EDIT = 2
    ADMIN = 4


@dataclass(frozen=True, slots=True)
class Grant:
    """A permission on a folder; the holder is `team:KEY`, or whoever Grafana names."""

    holder: str
    level: int


def team_holder(key: str) -> str:
    """The holder that the team of a place is."""
    return f"team:{key}"


ON_CREATION = frozenset({Grant("role:Viewer", Level.VIEW), Grant("role:Editor", Level.EDIT)})
"""What Grafana grants on a new top folder: everybody may look. It has to go."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of Grafana; `parent` is the uid of the one above, empty at the top."""

    title: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Shelved:
    """A dashboard as seen: the uid of its folder, and the mark of its newest version."""

    folder: str
    mark: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What Grafana has of ours; folders, grants and boards by uid, names of teams by key."""

    folders: Mapping[str, Folder] = field(default_factory=dict[str, Folder])
    teams: Mapping[str, str] = field(default_factory=dict[str, str])
    grants: Mapping[str, frozenset[Grant]] = field(default_factory=dict[str, frozenset[Grant]])
    boards: Mapping[str, Shelved] = field(default_factory=dict[str, Shelved])


@dataclass(frozen=True, slots=True)
class Place:
    """A unit or department that stands: its folder, team and dashboard."""

    key: str
    folder: Folder
    team: str
    grants: frozenset[Grant]
    board: Board | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """A unit or department that has ended; it matters only where Grafana still has its folder."""

    folder: Folder
    readers: frozenset[str]
    """Keys of the teams that may still look: its own, its successors', those above it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What Grafana should have: places that stand, those above first, and those that ended."""

    places: tuple[Place, ...] = ()
    ended: Mapping[str, Ended] = field(default_factory=dict[str, Ended])
