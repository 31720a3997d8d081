"""A bounded memory of what was acknowledged lately, so that a retry is told *repeated*.

It only saves work and informs: processing holds the full memory, and repetition is harmless.
"""

from __future__ import annotations

from collections import OrderedDict
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
    """The content hashes of the newest `capacity` identities; the least recently used go first."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._hashes: OrderedDict[Identity, bytes] = OrderedDict()

    def recall(self, identity: Identity, content: bytes) -> Memory:
        """What is remembered about an identity, compared with this content."""
        known = self._hashes.get(identity)
        if known is None:
            return Memory.NOTHING
        self._hashes.move_to_end(identity)
        return Memory.SAME if known == content else Memory.OTHER

    def remember(self, identity: Identity, content: bytes) -> None:
        """Keep an identity that the log has acknowledged; what was known first stays."""
        self._hashes.setdefault(identity, content)
        self._hashes.move_to_end(identity)
        if len(self._hashes) > self._capacity:
            self._hashes.popitem(last=False)
