"""The cut through the two times (law L4): what had occurred, as far as it was known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from motcua_kernel.events import Event, Voided
from motcua_kernel.fold import fold
from motcua_kernel.instant import Instant
from motcua_kernel.registry import Registry
from motcua_kernel.state import DossierState


@dataclass(frozen=True, slots=True)
class Cut:
    """Events that occurred by `at`, of those recorded by `known`; None: all that are there.

    A void is no further fact about the dossier but knowledge about one: it belongs to the cut with
    the event that it takes back, whenever it was told, if it had been recorded by `known`.
    """

    at: Instant
    known: Instant | None = None

    def through(self, events: Iterable[Event]) -> list[Event]:
        """The events within the cut.

        >>> Cut(Instant(0)).through([])
        []
        """
        told = self._known_of(events)
        identities = {one.identity for one in told}
        occurred = {
            one.identity
            for one in told
            if one.occurred_at <= self.at and not isinstance(one.change, Voided)
        }
        return [one for one in told if self._belongs(one, occurred, identities)]

    def fold(self, dossier: str, events: Sequence[Event], registry: Registry) -> DossierState:
        """The state of a dossier within the cut; its `events` are 0 where nothing had occurred.

        Whose the dossier is follows from all that was known, not only from what had occurred.
        """
        return fold(dossier, self.through(events), registry, self._known_of(events))

    def _known_of(self, events: Iterable[Event]) -> list[Event]:
        return [one for one in events if self.known is None or one.recorded_at <= self.known]

    def _belongs(
        self, event: Event, occurred: set[tuple[str, str]], told: set[tuple[str, str]]
    ) -> bool:
        if not isinstance(event.change, Voided):
            return event.identity in occurred
        target = (event.publisher, event.change.event_id)
        return target in occurred or (target not in told and event.occurred_at <= self.at)
