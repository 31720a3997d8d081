"""Compressed bodies: the first byte chooses gzip or zstd, the rest is the body."""

from __future__ import annotations

import gzip
import zlib
from typing import Final

import zstandard
from motcua_intake.domain.encodings import TooLarge, decompress
from motcua_intake.domain.errors import MalformedBody

LIMIT: Final = 64 * 1024


def one_input(data: bytes) -> None:
    """Unpacked within the limit, or refused; never half of it."""
    encoding = "zstd" if data[:1] < b"\x80" else "gzip"
    body = data[1:]
    _check_unpacking(encoding, body)
    _check_packing(body[:LIMIT])


def _check_unpacking(encoding: str, body: bytes) -> None:
    try:
        unpacked = decompress(encoding, body, LIMIT)
    except (MalformedBody, TooLarge):
        return
    assert len(unpacked) <= LIMIT
    if encoding == "gzip":
        assert unpacked == gzip.decompress(body)
    _check_cut(encoding, body)


def _check_packing(plain: bytes) -> None:
    """What a client packs comes out the same, and cut short it is refused."""
    stream = zstandard.ZstdCompressor(level=1, write_content_size=False).compressobj()
    packed = {
        "gzip": [gzip.compress(plain, 1)],
        "zstd": [
            zstandard.ZstdCompressor(level=1).compress(plain),
            stream.compress(plain) + stream.flush(),
        ],
    }
    for encoding, bodies in packed.items():
        for body in bodies:
            assert decompress(encoding, body, LIMIT) == plain
            _check_cut(encoding, body)


def _check_cut(encoding: str, body: bytes) -> None:
    """Half a body is no body: nothing of it may be taken for the whole."""
    for end in {len(body) - 1, len(body) // 2, 3 * len(body) // 4}:
        try:
            decompress(encoding, body[:end], LIMIT)
        except (MalformedBody, TooLarge):
            continue
        except (zlib.error, zstandard.ZstdError) as error:
            raise AssertionError("an error of a library came out") from error
        raise AssertionError(f"{end} of {len(body)} bytes were taken for the whole body")
