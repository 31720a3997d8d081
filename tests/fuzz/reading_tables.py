"""Tables read twice over: as rows in this process, and as the frames of the reading process."""

from __future__ import annotations

import io
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TypeAlias

from motcua_intake.adapters.tables.__main__ import open_table, write_table
from motcua_intake.adapters.tables.frames import LENGTH_BYTES, End, Frame, decode_frame
from motcua_intake.adapters.tables.limits import MAX_CELL, MAX_COLUMNS, TableError
from motcua_intake.domain.tables.contents import REASONS, About, Rows, Unreadable

Table: TypeAlias = tuple[About, list[list[str]]]


def read_table(data: bytes) -> Table | None:
    """The form and the rows of a table; None where it is refused, for a reason that is named."""
    with NamedTemporaryFile(prefix="motcua-fuzz-") as file:
        file.write(data)
        file.flush()
        path = Path(file.name)
        read = _rows_of(path)
        frames = _frames_of(path)
    last = frames.pop()
    if read is None:
        assert isinstance(last, Unreadable)
        assert last.reason in REASONS
        return None
    about, *rest = frames
    assert isinstance(last, End)
    assert about == read[0]
    told = [row for frame in rest if isinstance(frame, Rows) for row in frame.rows]
    assert told == read[1]
    return read


def _rows_of(path: Path) -> Table | None:
    try:
        about, rows = open_table(path, "")
        found = list(rows)
    except TableError:
        return None
    assert all(len(row) <= MAX_COLUMNS for row in found)
    assert all(len(cell) <= MAX_CELL for row in found for cell in row)
    return about, found


def _frames_of(path: Path) -> list[Frame]:
    out = io.BytesIO()
    write_table(out, path, "")
    data = out.getvalue()
    frames: list[Frame] = []
    while data:
        end = LENGTH_BYTES + int.from_bytes(data[:LENGTH_BYTES], "big")
        frames.append(decode_frame(data[LENGTH_BYTES:end]))
        data = data[end:]
    return frames
