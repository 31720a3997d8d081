"""A stretch of one partition as a file: the records as they were, in their order.

A file is a row of frames, each with its length in front: a few thousand records as msgpack, packed
by zlib. A stretch is written once and never changed; its SHA-256 stands in the inventory.
"""

import hashlib
import os
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import msgspec

from motcua_cli.errors import CommandError

_LENGTH_BYTES: Final = 4
_READ_BYTES: Final = 1 << 20
_QUICKEST: Final = 1


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """A record of the log."""

    offset: int
    timestamp: int
    """When the log had it, in milliseconds: `recorded_at` comes from here (law L4)."""
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[Kept])


class StretchFile:
    """Writes a stretch; what was not closed in order is not there."""

    def __init__(self, path: Path) -> None:
        """Nothing is written before the block begins."""
        self._path = path
        self._unfinished = path.with_suffix(".part")
        self._digest = hashlib.sha256()

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._unfinished.open("wb")
        return self

    def add(self, records: Sequence[Kept]) -> None:
        """Append records."""
        packed = zlib.compress(_encoder.encode(records), _QUICKEST)
        frame = len(packed).to_bytes(_LENGTH_BYTES, "big") + packed
        self._digest.update(frame)
        self._file.write(frame)

    @property
    def sha256(self) -> str:
        """Of what has been written."""
        return self._digest.hexdigest()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        if error is None:
            self._unfinished.replace(self._path)
        else:
            self._unfinished.unlink()


def read_stretch(path: Path) -> Iterator[list[Kept]]:
    """The records of a stretch, a frame at a time.

    Raises:
        CommandError: the file ends in the middle of a frame.
    """
    with path.open("rb") as file:
        while length := file.read(_LENGTH_BYTES):
            size = int.from_bytes(length, "big")
            packed = file.read(size)
            if len(length) < _LENGTH_BYTES or len(packed) < size:
                raise CommandError(f"Tệp {path.name} bị cụt.", f"{path.name} is cut off.")
            yield _decoder.decode(zlib.decompress(packed))


def sha256_of(path: Path) -> str:
    """Of a whole file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_READ_BYTES):
            digest.update(part)
    return digest.hexdigest()
