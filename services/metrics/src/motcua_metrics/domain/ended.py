"""Two numbers for each of millions of dossiers, without an object for any of them.

A dossier is known by 128 bits of a hash of its code, which no two of them share in practice. Rows
lie in open addressing: in arrays of numbers, each at the place that its hash says, or else at the
next free one. There are many small tables, so that none takes long to grow.
"""

from __future__ import annotations

from array import array
from hashlib import blake2b
from struct import unpack
from typing import Final, TypeAlias

_TABLES: Final = 1024
_FIRST_CAPACITY: Final = 8
_FULLEST: Final = 0.75
_GROWTH: Final = 1.5
_FREE: Final = 0

_A, _B, _FACT, _VERSION = range(4)
_WIDTH: Final = 4

Row: TypeAlias = tuple[int, int]


class EndedDossiers:
    """A mapping from codes to two numbers each; a dossier takes 43 to 64 bytes."""

    def __init__(self) -> None:
        self._tables = [_Table() for _ in range(_TABLES)]

    def __len__(self) -> int:
        return sum(table.used for table in self._tables)

    def swap(self, code: str, fact: int, version: int) -> Row | None:
        """Set the numbers of a dossier; returns those before."""
        a, b = _hashes(code)
        return self._tables[a % _TABLES].swap(a, b, fact, version)

    def pop(self, code: str) -> Row | None:
        """Forget a dossier; returns its numbers."""
        a, b = _hashes(code)
        return self._tables[a % _TABLES].pop(a, b)


class _Table:
    """One table; a row of it is four numbers in a row, the second of them never 0."""

    __slots__ = ("_capacity", "_cells", "used")

    def __init__(self) -> None:
        self.used = 0
        self._grow_to(_FIRST_CAPACITY)

    def swap(self, a: int, b: int, fact: int, version: int) -> Row | None:
        cell = self._find(a, b)
        old = self._row(cell)
        if old is None:
            if self.used >= self._capacity * _FULLEST:
                self._grow_to(int(self._capacity * _GROWTH))
                cell = self._find(a, b)
            self.used += 1
        self._cells[cell : cell + _WIDTH] = array("Q", (a, b, fact, version))
        return old

    def pop(self, a: int, b: int) -> Row | None:
        cell = self._find(a, b)
        old = self._row(cell)
        if old is not None:
            self.used -= 1
            self._free(cell)
        return old

    def _row(self, cell: int) -> Row | None:
        cells = self._cells
        return (cells[cell + _FACT], cells[cell + _VERSION]) if cells[cell + _B] else None

    def _free(self, free: int) -> None:
        """Free a row, and let those behind it that were pushed on move up."""
        cells, size = self._cells, len(self._cells)
        cell = (free + _WIDTH) % size
        while cells[cell + _B] != _FREE:
            home = self._home(cells[cell + _A])
            if (cell - home) % size >= (cell - free) % size:
                cells[free : free + _WIDTH] = cells[cell : cell + _WIDTH]
                free = cell
            cell = (cell + _WIDTH) % size
        cells[free + _B] = _FREE

    def _home(self, a: int) -> int:
        return a // _TABLES % self._capacity * _WIDTH

    def _find(self, a: int, b: int) -> int:
        """Where the row is, or the free place where it would be."""
        cells, size = self._cells, len(self._cells)
        cell = self._home(a)
        while cells[cell + _B] != _FREE and (cells[cell + _B] != b or cells[cell] != a):
            cell = (cell + _WIDTH) % size
        return cell

    def _grow_to(self, capacity: int) -> None:
        old = getattr(self, "_cells", array("Q"))
        self._capacity = capacity
        self._cells = array("Q", bytes(8 * _WIDTH * capacity))
        for place in range(0, len(old), _WIDTH):
            if old[place + _B] != _FREE:
                cell = self._find(old[place], old[place + _B])
                self._cells[cell : cell + _WIDTH] = old[place : place + _WIDTH]


def _hashes(code: str) -> tuple[int, int]:
    a, b = unpack("<QQ", blake2b(code.encode(), digest_size=16).digest())
    return a, b or 1
