"""A file of events, one JSON object a line, on its way into a spool; goes on where it stopped.

How far a file was taken stands in the spool, in the same commit as the events: whenever the
command is killed, no line is left out, and none is put in twice. A file that has grown goes on
where it ended; one whose beginning has changed is read anew, which intake answers as repeated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

from motcua_client.spool import Spool, Taken

from motcua_cli.errors import CommandError

_LINES: Final = 1_000
_CHUNK: Final = 1 << 20


def spool_file(spool: Spool, file: Path, advanced: Callable[[int], None]) -> int:
    """Put what is new of a file into the spool; `advanced` is told the bytes read.

    Returns:
        How many lines were no JSON object and are set aside.

    Raises:
        CommandError: the file cannot be read.
        SpoolFull: the disk is full; the same command goes on from there.
    """
    path = str(file.resolve())
    aside = 0
    try:
        with file.open("rb") as content:
            digest = hashlib.sha256()
            before = _known_beginning(content, spool.taken_of(path))
            if before is not None:
                digest = before
            advanced(content.tell())
            for lines in _portions(content):
                whole = b"".join(lines)
                digest.update(whole)
                taken = Taken(content.tell(), digest.digest())
                _, refused = spool.put_lines(path, filter(None, map(bytes.strip, lines)), taken)
                aside += refused
                advanced(len(whole))
    except OSError as error:
        raise CommandError(
            f"Không đọc được {file} ({error.strerror}).", f"{file} cannot be read."
        ) from error
    return aside


def _known_beginning(content: BinaryIO, taken: Taken | None) -> hashlib._Hash | None:  # pyright: ignore[reportPrivateUsage] - it has no public name
    """The hash of what was taken before, read past; None, at the start, if it has changed."""
    if taken is None:
        return None
    digest = hashlib.sha256()
    left = taken.bytes
    while left and (chunk := content.read(min(left, _CHUNK))):
        digest.update(chunk)
        left -= len(chunk)
    if not left and digest.digest() == taken.digest:
        return digest
    content.seek(0)
    return None


def _portions(content: BinaryIO) -> Iterator[list[bytes]]:
    """Lines by the thousand; `readline` keeps the position of the file true."""
    lines = iter(content.readline, b"")
    while portion := list(islice(lines, _LINES)):
        yield portion
