"""Imported tables in CSV, in whatever encoding and with whatever delimiter."""

from __future__ import annotations

import csv
import io
from typing import Final

from reading_tables import read_table

_USUAL: Final = (",", ";", "\t", "|")


def one_input(data: bytes) -> None:
    """Refused for a named reason, or rows that are the same once written and read again."""
    if data.startswith(b"PK\x03\x04"):
        return
    read = read_table(data)
    if read is None:
        return
    about, rows = read
    if about.delimiter not in _USUAL:
        return
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=about.delimiter).writerows(rows)
    again = read_table(f"sep={about.delimiter}\r\n{text.getvalue()}".encode())
    if "\x00" not in text.getvalue():
        assert again is not None
        assert again[1] == [[], *rows]
