"""What was changed in Grafana, and what could not be, as tables."""

from collections.abc import Iterable
from typing import Final

from motcua_grafana.domain.actions import (
    Action,
    CreateFolder,
    CreateTeam,
    MoveFolder,
    Permit,
    RenameFolder,
    RenameTeam,
    SaveBoard,
    subject,
)
from motcua_grafana.domain.states import Level
from rich.table import Table

_DONE: Final = {
    CreateTeam: "tạo nhóm / create team",
    RenameTeam: "đổi tên nhóm / rename team",
    CreateFolder: "tạo thư mục / create folder",
    RenameFolder: "đổi tên thư mục / rename folder",
    MoveFolder: "chuyển thư mục / move folder",
    Permit: "đặt quyền / permit",
    SaveBoard: "ghi bảng / save dashboard",
}
_LEVELS: Final = {Level.VIEW: "xem/view", Level.EDIT: "sửa/edit", Level.ADMIN: "quản trị/admin"}


def table_of_changes(actions: Iterable[Action]) -> Table:
    """One line an action."""
    table = Table("Việc / what", "Đối tượng / of", "Chi tiết / detail")
    for action in actions:
        table.add_row(_DONE[type(action)], subject(action), _detail(action))
    return table


def table_of_failures(left: Iterable[tuple[Action, str]]) -> Table:
    """One line an action that was refused, or waits for one that was."""
    table = Table("Chưa làm được / not done", "Đối tượng / of", "Lý do / why")
    for action, why in left:
        table.add_row(_DONE[type(action)], subject(action), why)
    return table


def _detail(action: Action) -> str:
    match action:
        case CreateTeam(_, name) | RenameTeam(_, name):
            return name
        case CreateFolder(_, folder):
            return folder.title
        case RenameFolder(_, title):
            return title
        case MoveFolder(_, parent):
            return f"→ {parent or '/'}"
        case Permit(_, grants):
            lines = (f"{one.holder}: {_LEVELS[Level(one.level)]}" for one in grants)
            return ", ".join(sorted(lines)) or "chỉ quản trị / administrators only"
        case SaveBoard(board):
            return board.title
