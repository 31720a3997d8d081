"""A bounded memory of what was acknowledged lately, so that a retry is told *repeated*.

It only saves work and informs: processing holds the full memory, and repetition is harmless.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from motcua_kernel.events import Identity


class Memory(Enum):
    """What is remembered about an event."""

    NOTHING = 0
    SAME = 1
    """The same id with the same content."""
    OTHER = 2
    """The same id with another content."""


class RecentEvents:
    """The content hashes of at least the newest `capacity` identities, and of less than twice them.

    Two dictionaries of strings and bytes, the older one dropped whole: the garbage collector never
    has to walk through them, as it would through one that orders its entries.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._young: dict[str, bytes] = {}
        self._old: dict[str, bytes] = {}

    def recall(self, identity: Identity, content: bytes) -> Memory:
        """What is remembered about an identity, compared with this content."""
        known = self.content(identity)
        if known is None:
            return Memory.NOTHING
        return Memory.SAME if known == content else Memory.OTHER

    def content(self, identity: Identity) -> bytes | None:
        """The content hash that an identity was acknowledged with."""
        name = "\x00".join(identity)
        young = self._young.get(name)
        return self._old.get(name) if young is None else young

    def remember(self, identity: Identity, content: bytes) -> None:
        """Keep an identity that the log has acknowledged; what was known first stays."""
        if not self._capacity:
            return
        if len(self._young) >= self._capacity:
            self._old, self._young = self._young, {}
        name = "\x00".join(identity)
        self._young.setdefault(name, self._old.get(name, content))
