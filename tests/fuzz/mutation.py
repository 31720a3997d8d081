"""Inputs beside those of a corpus, by chance that a seed repeats."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Final

_LONGEST: Final = 4_096
_TELLING: Final = (
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b'"',
    b"\\ud800",
    b"-1",
    b"1e999",
    b"9223372036854775808",
    b"null",
    b"[" * 600,
    b'{"id":' * 200,
    b"9999-12-31T23:59:59-23:59",
    b"0001-01-01",
    "ＡĐ\u0323²٣".encode(),
)


def mutated(corpus: Sequence[bytes], random: Random) -> Iterator[bytes]:
    """Inputs without end, each a few changes away from one of the corpus."""
    while True:
        data = random.choice(corpus)
        for _ in range(random.randint(1, 4)):
            data = random.choice(_CHANGES)(data, corpus, random)
        yield data[:_LONGEST]


def _span(data: bytes, random: Random) -> tuple[int, int]:
    start = random.randint(0, len(data))
    return start, random.randint(start, min(len(data), start + 64))


def _flip(data: bytes, _: Sequence[bytes], random: Random) -> bytes:
    if not data:
        return data
    place = random.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << random.randrange(8)]) + data[place + 1 :]


def _delete(data: bytes, _: Sequence[bytes], random: Random) -> bytes:
    start, end = _span(data, random)
    return data[:start] + data[end:]


def _repeat(data: bytes, _: Sequence[bytes], random: Random) -> bytes:
    start, end = _span(data, random)
    return data[:end] + data[start:end] * random.randint(1, 8) + data[end:]


def _insert(data: bytes, _: Sequence[bytes], random: Random) -> bytes:
    start, end = _span(data, random)
    return data[:start] + random.choice(_TELLING) + data[random.choice((start, end)) :]


def _splice(data: bytes, corpus: Sequence[bytes], random: Random) -> bytes:
    other = random.choice(corpus)
    return data[: random.randint(0, len(data))] + other[random.randint(0, len(other)) :]


_Change = Callable[[bytes, Sequence[bytes], Random], bytes]
_CHANGES: Final[tuple[_Change, ...]] = (_flip, _delete, _repeat, _insert, _splice)
