"""What is asked about quarantined records."""

from __future__ import annotations

from typing import Final, Protocol

from motcua.admin.v1.admin_pb2 import AdminEvent

from motcua_processing.application.decisions import Applied, SetAside


class SetAsideSource(Protocol):
    """What belongs to a dossier without having been applied."""

    async def of_dossier(self, code: str) -> list[SetAside]:
        """The records of a dossier about which nothing was decided."""
        ...

    async def same_natural_key(self, dossier: str) -> list[str]:
        """Other dossiers whose receipt is about the same: procedure, day and mark (law L7)."""
        ...


class Desk(SetAsideSource, Protocol):
    """Quarantined records, and the decisions about them."""

    async def listed(
        self, *, publisher: str, rule: str, decided: bool, after: str, limit: int
    ) -> list[SetAside]:
        """Records in the order of their ids; empty `publisher` and `rule` stand for all."""
        ...

    async def one(self, name: str) -> SetAside | None:
        """The record of an id."""
        ...

    async def of_event(self, publisher: str, event_id: str) -> list[SetAside]:
        """The records that say that they are this event, the newest first."""
        ...

    async def applied(self, publisher: str, event_id: str) -> Applied | None:
        """What the journal has of an event."""
        ...

    async def decide(self, event: AdminEvent) -> bool:
        """Write a decision down, pending publication; False where another one was first."""
        ...


class NothingSetAside:
    """Of a log that never had a bad record."""

    async def of_dossier(self, code: str) -> list[SetAside]:
        """None."""
        del code
        return []

    async def same_natural_key(self, dossier: str) -> list[str]:
        """None."""
        del dossier
        return []


NOTHING_SET_ASIDE: Final = NothingSetAside()
