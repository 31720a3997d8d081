"""The reading process: `python -m motcua_intake.adapters.tables FILE SHEET`, frames to its output.

Its memory and processor time are limited by the kernel; it has no network to speak to and no
secret to lose: it is started with an empty environment.
"""

from __future__ import annotations

import gc
import resource
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from motcua_intake.adapters.tables.csv_rows import read_csv
from motcua_intake.adapters.tables.frames import End, write_frame
from motcua_intake.adapters.tables.limits import (
    CPU_SECONDS,
    MAX_ROWS,
    MEMORY,
    ROWS_PER_FRAME,
    TableError,
)
from motcua_intake.domain.tables.contents import About, Rows, Unreadable

if TYPE_CHECKING:
    from typing import BinaryIO

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def main() -> None:
    """Read the file that the arguments name."""
    gc.set_threshold(50_000)  # rows come and go without cycles
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    write_table(sys.stdout.buffer, Path(sys.argv[1]), sys.argv[2])


def write_table(out: BinaryIO, path: Path, sheet: str) -> None:
    """Write the frames of a table; the last one says whether it was whole."""
    try:
        about, rows = open_table(path, sheet)
        write_frame(out, about)
        first = 1
        rows = _bounded(rows)
        while chunk := list(islice(rows, ROWS_PER_FRAME)):
            write_frame(out, Rows(first, chunk))
            out.flush()
            first += len(chunk)
        write_frame(out, End())
    except TableError as error:
        write_frame(out, Unreadable(error.reason))
    except MemoryError:
        write_frame(out, Unreadable("too-large"))
    out.flush()


def _bounded(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    for number, row in enumerate(rows, 1):
        if number > MAX_ROWS:
            raise TableError("too-large")
        yield row


def open_table(path: Path, sheet: str) -> tuple[About, Iterator[list[str]]]:
    """The form of a file by its content, and its rows.

    Raises:
        TableError: it is no table.
    """
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(_ZIP):
        if not _is_workbook(path):
            raise TableError("not-a-table")
        from motcua_intake.adapters.tables.xlsx_rows import (  # noqa: PLC0415 - slow to load
            read_xlsx,
        )

        return read_xlsx(path, sheet)
    if head == _OLE:
        raise TableError(_reason_of_ole(path))
    if not head:
        raise TableError("not-a-table")
    return read_csv(path)


def _is_workbook(path: Path) -> bool:
    import zipfile  # noqa: PLC0415

    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith("xl/") for name in archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return True  # and broken, as its reader says


def _reason_of_ole(path: Path) -> str:
    """An encrypted .xlsx is an OLE file too."""
    with path.open("rb") as file:
        return "protected" if "EncryptedPackage".encode("utf-16-le") in file.read() else "old-excel"


if __name__ == "__main__":
    main()
