"""What is in a file: its form, its rows as text, or why it cannot be read."""

from __future__ import annotations

import msgspec


class About(msgspec.Struct, frozen=True, tag=True):
    """The form that was found: `csv` with its encoding and delimiter, or `xlsx` with its sheet."""

    format: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


class Rows(msgspec.Struct, frozen=True, tag=True):
    """Rows that follow each other; the first is the `first`-th of the table, counted from 1."""

    first: int
    rows: list[list[str]]


class Unreadable(msgspec.Struct, frozen=True, tag=True):
    """The file cannot be read on: a word of `REASONS`."""

    reason: str


REASONS = {
    "not-a-table": ("không phải CSV hoặc XLSX", "neither CSV nor XLSX"),
    "old-excel": (
        "tệp .xls cũ; hãy lưu lại dạng .xlsx hoặc CSV",
        "an old .xls; save it as .xlsx or CSV",
    ),
    "protected": ("tệp có mật khẩu hoặc đã mã hóa", "protected by a password"),
    "sheet": ("không có trang tính mang tên này", "no sheet of this name"),
    "broken": ("tệp bị hỏng hoặc không đầy đủ", "broken, or cut off"),
    "too-large": (
        "quá nhiều dòng, cột hoặc ô quá dài",
        "too many rows, columns, or too long cells",
    ),
    "too-slow": ("đọc tệp quá lâu", "it takes too long to read"),
}
"""Why a file cannot be read, in Vietnamese and English."""
