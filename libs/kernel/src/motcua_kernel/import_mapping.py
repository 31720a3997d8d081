"""How a publisher's exported tables are read: which column holds what, and what its words mean."""

from __future__ import annotations

import msgspec


class ImportColumn(msgspec.Struct, frozen=True):
    """The column of a field; without words a cell is the value, `otherwise` stands for no cell."""

    field: str
    header: str = ""
    words: tuple[tuple[str, str], ...] = ()
    otherwise: str = ""


class ImportMapping(msgspec.Struct, frozen=True):
    """A saved mapping (cấu hình nhập) of a publisher, under a name of its own.

    `header_row` counts from 1; None where the headers are to be looked for.
    """

    publisher: str
    name: str
    columns: tuple[ImportColumn, ...]
    source: str
    sheet: str = ""
    header_row: int | None = None
    offset: int = -1
