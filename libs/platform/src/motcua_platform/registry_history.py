"""The registry as it was known at an instant (law L4), made anew from its entries."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from motcua_kernel.instant import Instant
from motcua_kernel.registry import Entry, Registry

_KEPT: Final = 8


class RegistryHistory:
    """The entries of the registry, with the domain time at which each was recorded.

    What the registry held before domain time began to be mapped was known from the first mapped
    moment on: an entry was known no later than any that came after it.
    """

    def __init__(self, start: Registry | None = None) -> None:
        """`start` was known always."""
        self._start = self._newest = start or Registry()
        self._entries: list[tuple[int, Entry]] = []
        self._recorded: list[int] = []
        self._made: OrderedDict[int, Registry] = OrderedDict()

    @property
    def newest(self) -> Registry:
        """The registry with all entries."""
        return self._newest

    def append(
        self, following: Registry, entries: Sequence[tuple[int, Entry]], recorded: Sequence[Instant]
    ) -> None:
        """Add entries that were recorded at these moments, with which it became `following`."""
        self._entries += entries
        self._recorded += recorded
        self._newest = following
        latest = None
        for place in range(len(self._recorded) - 1, -1, -1):
            if latest is not None and self._recorded[place] > latest:
                self._recorded[place] = latest
            latest = self._recorded[place]

    def as_known(self, known: Instant) -> Registry:
        """The registry of the entries that had been recorded by `known`.

        >>> RegistryHistory().as_known(Instant(0)).offset
        -1
        """
        return self._with(bisect_right(self._recorded, known))

    def up_to(self, offset: int) -> Registry:
        """The registry of the entries up to an offset."""
        return self._with(sum(1 for place, _ in self._entries if place <= offset))

    def _with(self, number: int) -> Registry:
        if number == len(self._entries):
            return self._newest
        if number not in self._made:
            self._made[number] = self._start.with_entries(self._entries[:number])
            while len(self._made) > _KEPT:
                self._made.popitem(last=False)
        self._made.move_to_end(number)
        return self._made[number]

    def after(self, offset: int) -> Sequence[tuple[int, Entry]]:
        """The entries behind an offset."""
        return [(place, entry) for place, entry in self._entries if place > offset]
