"""The names under which places of the registry stand in Grafana.

A place is a unit (đơn vị) or a department (phòng) inside one. Its key is made of the stable ids of
the registry; folder, dashboard and team are found again by it, whatever people call them.
"""

from __future__ import annotations

import re
from hashlib import blake2s
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date

ARCHIVE: Final = "motcua-archive"
ARCHIVE_TITLE: Final = "Lưu trữ · Archive"
"""The folder of places that have ended."""

_FOLDER: Final = "motcua-unit-"
_BOARD: Final = "motcua-board-"
_LONGEST: Final = 40
"""Grafana's limit for a uid."""

_SAFE: Final = re.compile(r"[A-Za-z0-9-]+")
_TEAM: Final = re.compile(r".*\[motcua ([A-Za-z0-9_-]+)\]")
_CLOSED: Final = " – đã đóng"


def place_key(unit: str, department: str = "") -> str:
    """The key of a unit or a department; letters that a uid may not have become a short hash.

    >>> place_key("24733-2025"), place_key("24733-2025", "van-phong")
    ('24733-2025', '24733-2025_van-phong')
    """
    room = _LONGEST - len(_BOARD)
    whole = "_".join(filter(None, (unit, department)))
    parts = (unit, department or "x")
    if len(whole) <= room and all(_SAFE.fullmatch(part) for part in parts):
        return whole
    short = blake2s(department.encode(), digest_size=4).hexdigest() if department else ""
    if _SAFE.fullmatch(unit) and len(unit) + len(short) < room:
        return f"{unit}_{short}"
    return f"h-{blake2s(f'{unit}_{department}'.encode(), digest_size=10).hexdigest()}"


def folder_uid(key: str) -> str:
    """The uid of a place's folder."""
    return _FOLDER + key


def board_uid(key: str) -> str:
    """The uid of a place's dashboard; folders and dashboards share one space of uids."""
    return _BOARD + key


def key_of_folder(uid: str) -> str | None:
    """The key of the place that a folder belongs to; None for folders that are not ours."""
    return uid.removeprefix(_FOLDER) if uid.startswith(_FOLDER) else None


def team_name(title: str, key: str) -> str:
    """The name of a place's team: Grafana lets a program choose nothing else of it."""
    return f"{title} [motcua {key}]"


def key_of_team(name: str) -> str | None:
    """The key of the place that a team belongs to; None for teams that are not ours.

    >>> key_of_team(team_name("Xã Kiến Đức", "24733-2025")), key_of_team("Kế toán [24733]")
    ('24733-2025', None)
    """
    match = _TEAM.fullmatch(name)
    return match[1] if match else None


def ended_title(title: str, last_day: date) -> str:
    """The title of a unit that has ended (đã kết thúc)."""
    return f"{title} – đến {last_day:%d/%m/%Y}"


def closed_title(title: str) -> str:
    """The title of a place that the registry no longer names, from the one that its folder has."""
    return title if title.endswith(_CLOSED) else title + _CLOSED
