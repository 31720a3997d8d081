"""What the reading process tells: a description, rows by the hundred, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import msgspec

from motcua_intake.domain.tables.contents import About, Rows, Unreadable

if TYPE_CHECKING:
    from typing import BinaryIO

LENGTH_BYTES: Final = 4


class End(msgspec.Struct, frozen=True, tag=True):
    """All rows were told."""


Frame: TypeAlias = About | Rows | Unreadable | End

_encode = msgspec.msgpack.Encoder().encode
decode_frame = msgspec.msgpack.Decoder(Frame).decode


def write_frame(out: BinaryIO, frame: Frame) -> None:
    """Write a frame after its length."""
    data = _encode(frame)
    out.write(len(data).to_bytes(LENGTH_BYTES, "big"))
    out.write(data)
