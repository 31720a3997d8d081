"""Rows of an imported table once they are text: lines of cells with tabs between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from motcua_intake.domain.tables.catalogue import FIELDS
from motcua_intake.domain.tables.layout import Layout, NoHeaders, find_layout
from motcua_intake.domain.tables.places import Places
from motcua_intake.domain.tables.rows import RowReader
from motcua_kernel.admission_rules import Rejected
from motcua_kernel.events import Event
from taking_in import PUBLISHER, REGISTRY, check_taken_in

_HEADERS: Final = [field.headers[0] for field in FIELDS.values()]
_MOST_ROWS: Final = 50
_places: Final = Places(REGISTRY, PUBLISHER)


def one_input(data: bytes) -> None:
    """A row is refused by a named rule, or proves events that are taken in."""
    lines = data.decode("utf-8", "replace").split("\n")[:_MOST_ROWS]
    rows = [line.split("\t") for line in lines]
    try:
        layout, told = find_layout(rows, None), rows[1:]
    except NoHeaders:
        layout, told = find_layout([_HEADERS], None), rows
    reader = _reader(layout)
    for row in told:
        found = _proven(reader, row)
        padded = [f"\u00a0 {cell}  " for cell in row]
        assert _proven(_reader(layout), padded) == found, "spaces around a cell mean something"
        if isinstance(found, list):
            check_taken_in(found)


def _reader(layout: Layout) -> RowReader:
    return RowReader(layout, _places, PUBLISHER.id, "/dak-rlap/import", backfill=False)


def _proven(reader: RowReader, row: Sequence[str]) -> list[Event] | tuple[str, str]:
    try:
        return [one.event for one in reader.events(row)]
    except Rejected as error:
        return error.field, error.expected("vi")
