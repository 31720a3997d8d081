"""Where each field stands in a table: found by a saved mapping, or by the usual headers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from motcua_kernel.import_mapping import ImportColumn, ImportMapping

from motcua_intake.domain.tables.catalogue import FIELDS
from motcua_intake.domain.tables.cells import folded, text_of

SEARCHED_ROWS: Final = 30
"""How far down the row of headers is looked for: exports begin with titles and dates."""


class Column(msgspec.Struct, frozen=True):
    """The place of a field, the words of its cells, and what stands for an empty one."""

    place: int | None
    header: str
    words: Mapping[str, str]
    otherwise: str = ""

    def cell(self, row: Sequence[str]) -> str:
        """The text of this column in a row, its words translated."""
        told = text_of(row[self.place]) if self.place is not None and self.place < len(row) else ""
        if not told:
            return self.otherwise
        return self.words.get(folded(told), told) if self.words else told


class Layout(msgspec.Struct, frozen=True):
    """The columns that are read, by field; the row of headers is the `header_row`-th, from 1."""

    columns: dict[str, Column]
    header_row: int

    def cell(self, field: str, row: Sequence[str]) -> str:
        """The text of a field in a row; empty where the table does not have it."""
        column = self.columns.get(field)
        return column.cell(row) if column else ""


class NoHeaders(Exception):  # noqa: N818
    """No row has the headers of all required fields; `missing` are those of the best one."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(missing)
        self.missing = tuple(missing)


def find_layout(rows: Sequence[Sequence[str]], mapping: ImportMapping | None) -> Layout:
    """The layout of a table that begins with these rows.

    Raises:
        NoHeaders: a required field has no column.
    """
    wanted = _wanted(mapping)
    given = mapping.header_row if mapping else None
    places = range(len(rows)) if given is None else range(given - 1, min(given, len(rows)))
    best: tuple[str, ...] = tuple(name for name, field in FIELDS.items() if field.is_required)
    for place in places[:SEARCHED_ROWS]:
        columns = _columns(wanted, rows[place])
        missing = tuple(
            name for name, field in FIELDS.items() if field.is_required and name not in columns
        )
        if not missing:
            return Layout(columns, place + 1)
        best = min(best, missing, key=len)
    raise NoHeaders(best)


def _wanted(mapping: ImportMapping | None) -> dict[str, tuple[Sequence[str], ImportColumn]]:
    """For each field its possible headers, and what the mapping says of it."""
    own = {column.field: column for column in mapping.columns} if mapping else {}
    return {
        name: (
            (own[name].header,) if name in own and own[name].header else field.headers,
            own.get(name, ImportColumn(name)),
        )
        for name, field in FIELDS.items()
    }


def _columns(
    wanted: Mapping[str, tuple[Sequence[str], ImportColumn]], row: Sequence[str]
) -> dict[str, Column]:
    """The columns of a row of headers; a header belongs to one field only."""
    headers = {folded(text_of(cell)): place for place, cell in reversed(list(enumerate(row)))}
    columns: dict[str, Column] = {}
    taken: set[int] = set()
    for name, (names, told) in wanted.items():
        found = (headers.get(folded(header)) for header in names)
        place = next((one for one in found if one is not None and one not in taken), None)
        if place is None and not told.otherwise:
            continue
        if place is not None:
            taken.add(place)
        words = {folded(text_of(word)): meant for word, meant in told.words}
        header = text_of(row[place]) if place is not None else ""
        columns[name] = Column(place, header, words, told.otherwise)
    return columns
