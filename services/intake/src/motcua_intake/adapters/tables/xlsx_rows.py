"""XLSX, row by row, with dates and numbers as the text that stands for them."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import Element, ParseError, iterparse

from openpyxl import load_workbook
from openpyxl.worksheet import _reader

from motcua_intake.adapters.tables.limits import (
    MAX_STRINGS,
    MAX_UNPACKED,
    TableError,
    check_row,
)
from motcua_intake.domain.tables.contents import About

if TYPE_CHECKING:
    from typing import BinaryIO

    from openpyxl import Workbook

_BROKEN: Final = (
    zipfile.BadZipFile,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    EOFError,
    OverflowError,
    RuntimeError,
    zlib.error,
)
"""What the library raises on files that are no workbooks; it does not gather them."""


def _without_past_rows(source: BinaryIO) -> Iterator[tuple[str, Element]]:
    """The ends of a sheet's elements; rows that have been read leave the tree.

    The library empties them and leaves them in: 17 MB more with each 200,000 rows.
    """
    past: Element | None = None
    for event, element in iterparse(source, ("start", "end")):  # noqa: S314 - the process is limited
        if event == "start":
            if past is None and element.tag == _reader.DATA_TAG:
                past = element
            continue
        yield event, element
        if past is not None and element.tag == _reader.ROW_TAG:
            past.clear()


_reader.iterparse = _without_past_rows  # pyright: ignore[reportAttributeAccessIssue]


def read_xlsx(path: Path, sheet: str) -> tuple[About, Iterator[list[str]]]:
    """The form of a workbook and the rows of one sheet, the first where `sheet` is empty.

    Raises:
        TableError: it is broken, too large, or has no such sheet; also while the rows are read.
    """
    _check_sizes(path)
    try:
        book = load_workbook(path.open("rb"), read_only=True, data_only=True, keep_links=False)
        names = [one.title for one in book.worksheets]
    except _BROKEN as error:
        raise TableError("broken") from error
    if not names or (sheet and sheet not in names):
        raise TableError("sheet")
    chosen = sheet or names[0]
    return About("xlsx", sheet=chosen), _rows(book, chosen)


def _rows(book: Workbook, sheet: str) -> Iterator[list[str]]:
    try:
        page = book[sheet]
        page.reset_dimensions()  # exporters declare sizes that are not true, such as A1
        for row in page.iter_rows(values_only=True):
            yield check_row([_text(cell) for cell in row])
    except _BROKEN as error:
        raise TableError("broken") from error


def _check_sizes(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {one.filename: one.file_size for one in archive.infolist()}
    except _BROKEN as error:
        raise TableError("broken") from error
    strings = sizes.get("xl/sharedStrings.xml", 0)
    if strings > MAX_STRINGS or sum(sizes.values()) > MAX_UNPACKED:
        raise TableError("too-large")


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        is_day = cell.time() == time(0)
        return cell.date().isoformat() if is_day else cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
