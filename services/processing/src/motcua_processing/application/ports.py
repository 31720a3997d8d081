"""What the use cases ask of the outside: the books in one transaction, and the states topic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import NamedTuple, Protocol

from motcua_kernel.events import Event
from motcua_kernel.instant import Instant

from motcua_processing.application.watch_publishers import Watched
from motcua_processing.domain.identity import Entry, Known
from motcua_processing.domain.projection import DossierRow
from motcua_processing.domain.touching import Touch


class PartitionBook(NamedTuple):
    """How far a partition has been applied, under its number in the journal."""

    id: int
    next_offset: int


class QuarantineRow(NamedTuple):
    """A record set aside, under an id that no redelivery changes.

    Publisher, event and dossier are empty where the record does not say them readably.
    """

    id: str
    topic: str
    partition: int
    offset: int
    appended_at: int
    rule: str
    field: str
    record: bytes
    publisher: str = ""
    event_id: str = ""
    dossier: str = ""


class Work(NamedTuple):
    """Registry entries whose dossiers are being brought up to them, and how far that has got.

    `as_of`: domain time at which verdicts are compared. `figures`: what was counted so far, a
    `motcua.admin.v1.Restatement`.
    """

    id: int
    as_of: Instant
    touches: tuple[Touch, ...]
    done_until: str
    figures: bytes


class Books(Protocol):
    """One open transaction on the journal and the projections. Nothing in it commits."""

    async def lock_partitions(
        self, places: Sequence[tuple[str, int]]
    ) -> dict[tuple[str, int], PartitionBook]:
        """Lock the rows of these partitions, in order, until the transaction ends."""
        ...

    async def registry_position(self, *, exclusive: bool = False) -> int:
        """The registry offset of the projections, locked against change (or for changing it)."""
        ...

    async def set_registry_position(self, offset: int) -> None:
        """Say that the projections rest on the registry up to `offset`."""
        ...

    async def known(self, identities: Sequence[bytes]) -> dict[bytes, Known]:
        """What the journal has under these identities."""
        ...

    async def remove(self, known: Sequence[Known]) -> None:
        """Take entries out of the journal, since an earlier record of theirs came up."""
        ...

    async def add(self, entries: Sequence[Entry], books: Mapping[tuple[str, int], int]) -> None:
        """Add entries to the journal; `books` gives the number of each partition."""
        ...

    async def lock_dossiers(self, codes: Sequence[str]) -> dict[str, bytes]:
        """The snapshots of the dossiers that exist, locked in the order of the codes."""
        ...

    async def events(self, codes: Sequence[str]) -> dict[str, list[Event]]:
        """All events of these dossiers, from the journal."""
        ...

    async def put(self, created: Sequence[DossierRow], changed: Sequence[DossierRow]) -> None:
        """Write dossiers. Raises Transient when one of `created` exists by now."""
        ...

    async def drop(self, codes: Sequence[str]) -> None:
        """Forget locked dossiers whose only events turned out to be told of another."""
        ...

    async def mark_unpublished(self, codes: Iterable[str]) -> None:
        """Mark dossiers so that the publisher of their lane takes their current state."""
        ...

    async def quarantine(self, rows: Sequence[QuarantineRow]) -> None:
        """Set records aside, pending publication; known ids are left alone."""
        ...

    async def watched(self, publishers: Sequence[str]) -> dict[str, Watched]:
        """The newest verdicts of publishers, locked; those without any are left out."""
        ...

    async def keep_watched(self, one: Watched) -> None:
        """Store the newest verdicts of a publisher, and whether intake is closed to it."""
        ...

    async def advance(self, offsets: Mapping[int, int]) -> None:
        """Store the next offset of each partition, by its number."""
        ...

    async def crossing(
        self, touches: Sequence[Touch], after: str, limit: int, *, lock: bool
    ) -> list[tuple[str, bytes]]:
        """Codes and snapshots of dossiers that meet a condition, in the order of their codes."""
        ...

    async def derive_again(self, changed: Sequence[tuple[bytes, DossierRow]]) -> None:
        """Write what derives from states that stay as they are; with each row its old snapshot.

        Raises Transient when one of them is not what it was.
        """
        ...

    async def begin_work(
        self, last_offset: int, as_of: Instant, touches: Sequence[Touch], figures: bytes
    ) -> None:
        """Write down that dossiers are to be brought up to the registry."""
        ...

    async def oldest_work(self, registry_offset: int) -> Work | None:
        """The oldest work, locked; None without one, if it is locked, or ahead of the registry."""
        ...

    async def keep_work(self, work: int, done_until: str, figures: bytes) -> None:
        """Write down how far a work has got."""
        ...

    async def end_work(self, work: int) -> None:
        """Forget a work that is done."""
        ...

    async def tell(self, name: str, occurred_at: Instant, record: bytes) -> None:
        """Put an admin event down for publication; a known id is left alone."""
        ...

    async def outdated(self, stamp: bytes, limit: int) -> list[str]:
        """Dossiers whose snapshots do not begin with `stamp`, up to `limit` of them."""
        ...


class Store(Protocol):
    """Opens transactions."""

    def transaction(self) -> AbstractAsyncContextManager[Books]:
        """A transaction that commits when left in good order. Raises Transient for a lost one."""
        ...
