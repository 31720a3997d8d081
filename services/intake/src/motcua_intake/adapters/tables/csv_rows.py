"""CSV as spreadsheets and databases write it: the encoding and the delimiter are found out."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from motcua_intake.adapters.tables.limits import MAX_CELL, TableError, check_row
from motcua_intake.domain.tables.contents import About

_DELIMITERS: Final = (",", ";", "\t", "|")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_VIETNAMESE: Final = "cp1258"
"""What Vietnamese Windows wrote before everybody wrote UTF-8."""
_CHUNK: Final = 1024 * 1024
_SAMPLE: Final = 256 * 1024
_SAMPLED_ROWS: Final = 50
_SEPARATOR_LINE: Final = "sep="


def read_csv(path: Path) -> tuple[About, Iterator[list[str]]]:
    """The form of a CSV file and its rows.

    Raises:
        TableError: it is no text; also while the rows are read.
    """
    encoding = _encoding_of(path)
    try:
        with path.open(encoding=encoding, newline="") as file:
            sample = file.read(_SAMPLE)
    except UnicodeDecodeError as error:
        raise TableError("broken") from error
    if "\x00" in sample:
        raise TableError("not-a-table")
    first_line = sample.partition("\n")[0].rstrip("\r")
    if first_line.casefold().startswith(_SEPARATOR_LINE) and len(first_line) > len(_SEPARATOR_LINE):
        delimiter, skipped = first_line[len(_SEPARATOR_LINE)], 1
    else:
        delimiter, skipped = _delimiter_of(sample), 0
    return About("csv", encoding, delimiter), _rows(path, encoding, delimiter, skipped)


def _rows(path: Path, encoding: str, delimiter: str, skipped: int) -> Iterator[list[str]]:
    csv.field_size_limit(MAX_CELL)
    with path.open(encoding=encoding, newline="") as file:
        try:
            for _ in range(skipped):
                file.readline()
                yield []
            for row in csv.reader(file, delimiter=delimiter):
                yield check_row(row)
        except csv.Error as error:
            raise TableError("too-large") from error
        except UnicodeDecodeError as error:
            raise TableError("broken") from error


def _encoding_of(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(4)
        for mark, encoding in _MARKS:
            if head.startswith(mark):
                return encoding
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return _checked(path, _VIETNAMESE)
    return "utf-8"


def _checked(path: Path, encoding: str) -> str:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
        except UnicodeDecodeError as error:
            raise TableError("not-a-table") from error
    return encoding


def _delimiter_of(sample: str) -> str:
    """The delimiter under which most cells of the first rows stand in rows of equal width."""

    def cells(delimiter: str) -> int:
        widths: list[int] = []
        try:
            for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
                widths.append(len(row))
                if len(widths) == _SAMPLED_ROWS:
                    break
        except csv.Error:
            return 0
        usual = max(set(widths), key=lambda width: widths.count(width) * (width - 1), default=0)
        return widths.count(usual) * (usual - 1)

    return max(_DELIMITERS, key=cells)
