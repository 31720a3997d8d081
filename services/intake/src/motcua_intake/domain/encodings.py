"""Compressed bodies: gzip and zstd, never more in memory than the limit."""

from __future__ import annotations

import zlib
from typing import Final

import zstandard

from motcua_intake.domain.errors import MalformedBody

ENCODINGS: Final = ("gzip", "zstd")
_GZIP: Final = 31
_CHUNK: Final = 64 * 1024


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
    body = bytearray()
    try:
        with zstandard.ZstdDecompressor(max_window_size=1 << 23).stream_reader(data) as frame:
            while chunk := frame.read(_CHUNK):
                body += chunk
                if len(body) > limit:
                    raise TooLarge
        size = zstandard.frame_content_size(data)
    except zstandard.ZstdError as error:
        raise MalformedBody("the body is no zstd") from error
    if size not in {-1, len(body)}:
        raise MalformedBody("the zstd breaks off")
    return bytes(body)
