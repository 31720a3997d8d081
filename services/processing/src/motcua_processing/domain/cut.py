"""The cut through the two times (law L4): what had occurred, as far as it was known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from motcua_kernel.events import Event, Voided
from motcua_kernel.instant import Instant


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
        told = [one for one in events if self.known is None or one.recorded_at <= self.known]
        identities = {one.identity for one in told}
        occurred = {
            one.identity
            for one in told
            if one.occurred_at <= self.at and not isinstance(one.change, Voided)
        }
        return [one for one in told if self._belongs(one, occurred, identities)]

    def _belongs(
        self, event: Event, occurred: set[tuple[str, str]], told: set[tuple[str, str]]
    ) -> bool:
        if not isinstance(event.change, Voided):
            return event.identity in occurred
        target = (event.publisher, event.change.event_id)
        return target in occurred or (target not in told and event.occurred_at <= self.at)
