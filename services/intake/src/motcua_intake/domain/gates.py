"""To which publishers intake is closed: too much of what they sent was set aside."""

from __future__ import annotations

from typing import Final, NamedTuple


class Gate(NamedTuple):
    """The cap that was reached: so many set aside of so many looked at."""

    rule: str
    quarantined: int
    looked_at: int


OPEN: Final = None


class Gates:
    """The closed gates as known now; before all that was decided has been read nobody is let in."""

    def __init__(self, *, are_known: bool = True) -> None:
        """Without `are_known` what was decided has still to be read."""
        self.are_known = are_known
        self._closed: dict[str, Gate] = {}

    def set(self, publisher: str, gate: Gate | None) -> None:
        """A gate closes, or opens for None."""
        if gate is None:
            self._closed.pop(publisher, None)
        else:
            self._closed[publisher] = gate

    def of(self, publisher: str) -> Gate | None:
        """The gate that is closed to a publisher; None while intake is open to it."""
        return self._closed.get(publisher)

    @property
    def closed(self) -> tuple[str, ...]:
        """The publishers that intake is closed to."""
        return tuple(self._closed)
