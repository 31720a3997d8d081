"""Reading a table takes as much memory at its end as at its beginning."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from xml.etree.ElementTree import Element

from motcua_intake.adapters.tables.xlsx_rows import read_xlsx
from openpyxl import Workbook

_ROWS = 6_000
_STEP = 2_000


def _elements_alive() -> int:
    return sum(isinstance(one, Element) for one in gc.get_objects())


def _alive_along(rows: Iterator[list[str]]) -> Iterator[int]:
    while list(islice(rows, _STEP)):
        yield _elements_alive()


def test_rows_of_a_workbook_that_have_been_read_are_held_no_longer(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for number in range(_ROWS):
        sheet.append([number, "000.00.90.H16-200106-0001"])
    book.save(tmp_path / "table.xlsx")

    _, rows = read_xlsx(tmp_path / "table.xlsx", "")
    alive = list(_alive_along(rows))

    assert len(alive) == _ROWS // _STEP
    assert max(alive) < _STEP
