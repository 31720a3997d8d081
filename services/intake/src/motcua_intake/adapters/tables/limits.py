"""How large a table may be."""

from __future__ import annotations

from typing import Final

MAX_ROWS: Final = 1_000_000
MAX_COLUMNS: Final = 256
MAX_CELL: Final = 4_096
ROWS_PER_FRAME: Final = 100
MAX_UNPACKED: Final = 1024 * 1024 * 1024
"""Of the sheets of a workbook, in bytes; they are read as a stream."""
MAX_STRINGS: Final = 128 * 1024 * 1024
"""Of a workbook's table of strings, in bytes; it is held in memory."""
MEMORY: Final = 1024 * 1024 * 1024
"""Address space of the reading process, in bytes."""
CPU_SECONDS: Final = 300


class TableError(Exception):
    """The file cannot be read; `reason` is a word of the domain's `REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check_row(row: list[str]) -> list[str]:
    """A row within its limits.

    Raises:
        TableError: it has too many columns, or a cell is too long.
    """
    if len(row) > MAX_COLUMNS or any(len(cell) > MAX_CELL for cell in row):
        raise TableError("too-large")
    return row
