"""What intake needs from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from pathlib import Path

    from motcua_kernel.events import Event
    from motcua_kernel.instant import Instant
    from motcua_kernel.registry import Registry

    from motcua_intake.domain.tables.contents import About, Rows, Unreadable


class EventLog(Protocol):
    """The log of dossier events, where the order per dossier is the order of appending."""

    async def append(self, events: Sequence[Event]) -> None:
        """Write all events; returns only when every in-sync replica has every one of them.

        Raises:
            LogAway: some may have been written and some not; writing all again is harmless.
        """
        ...

    @property
    def is_reachable(self) -> bool:
        """Whether the log answered when it was last asked."""
        ...


class RegistrySource(Protocol):
    """The registry as known now, and whether it is whole as of the start."""

    def current(self) -> Registry:
        """The registry as known now."""
        ...

    @property
    def is_complete(self) -> bool:
        """Whether the registry as of the start has been read."""
        ...


class Clock(Protocol):
    """Domain time (law L9)."""

    def now(self) -> Instant:
        """Domain time now."""
        ...


class Failpoint(Protocol):
    """Named places where a fault test kills the process."""

    def reach(self, name: str) -> None:
        """Pass the place of this name."""
        ...


class TableReader(Protocol):
    """Reads exported tables."""

    def read(self, path: Path, sheet: str) -> AsyncGenerator[About | Rows | Unreadable]:
        """What is in a file, in the order of its rows; `Unreadable` comes last, if at all.

        To close the generator is to stop reading.
        """
        ...
