"""Compressed bodies: gzip and zstd, never more in memory than the limit."""

from __future__ import annotations

import zlib
from typing import Final

import zstandard

from motcua_intake.domain.errors import MalformedBody

ENCODINGS: Final = ("gzip", "zstd")
_GZIP: Final = 31
_CHUNK: Final = 64 * 1024
_WINDOW: Final = 8 * 1024 * 1024


class TooLarge(Exception):  # noqa: N818
    """More bytes than the limit come out."""


def decompress(encoding: str, data: bytes, limit: int) -> bytes:
    """The body that was compressed.

    Raises:
        MalformedBody: it is not what the encoding says, or breaks off.
        TooLarge: it is larger than `limit` bytes.
    """
    return _gunzip(data, limit) if encoding == "gzip" else _unzstd(data, limit)


def _gunzip(data: bytes, limit: int) -> bytes:
    member = zlib.decompressobj(_GZIP)
    try:
        body = member.decompress(data, limit + 1)
    except zlib.error as error:
        raise MalformedBody("the body is no gzip") from error
    if len(body) > limit:
        raise TooLarge
    if not member.eof or member.unused_data:
        raise MalformedBody("the gzip breaks off, or something follows it")
    return body


def _unzstd(data: bytes, limit: int) -> bytes:
    unpacker = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
    try:
        _check_size(unpacker, data, limit)
        frame = unpacker.decompressobj()
        body = frame.decompress(data)
    except zstandard.ZstdError as error:
        raise MalformedBody("the body is no zstd") from error
    if not frame.eof or frame.unused_data:
        raise MalformedBody("the zstd breaks off, or something follows it")
    return body


def _check_size(unpacker: zstandard.ZstdDecompressor, data: bytes, limit: int) -> None:
    """Unpack once for the size alone: only whoever keeps the whole frame can tell its end.

    Raises:
        TooLarge: it is larger than `limit` bytes.
    """
    size = 0
    with unpacker.stream_reader(data) as frame:
        while chunk := frame.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise TooLarge
