"""The books: every dossier's contribution, their sums, and what waits for the registry.

The consumer writes on the event loop, scrapes read in threads. `lock` is held by the consumer for
one short slice of a batch (`SLICE`), and by a scrape for the counts of one unit at a time, so that
neither waits longer than a few milliseconds for the other, and the figures of a unit always
belong together.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final

import structlog
from motcua_kernel.instant import Instant, day_number
from motcua_kernel.registry import Registry

from motcua_metrics.domain.aggregates import Aggregates
from motcua_metrics.domain.contribution import contribution_of
from motcua_metrics.domain.dossier_book import DossierBook
from motcua_metrics.domain.movements import Movements

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from motcua_platform.state_codec import PublishedState

SLICE: Final = 200
"""Updates written under one hold of the lock."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Update:
    """The record of a dossier: its newest state, or None for a tombstone.

    `live` tells whether it was published after this process started; catching up adds nothing to
    the counters.
    """

    dossier: str
    state: PublishedState | None
    live: bool = True


@dataclass(slots=True)
class Tally:
    """What the process itself has seen, for its own metrics."""

    states: int = 0
    tombstones: int = 0
    regressions: int = 0


class Books:
    """All that metrics knows; rebuilt from the states topic at each start."""

    def __init__(self, now: Callable[[], Instant]) -> None:
        """Start empty; `now` is domain time (law L9)."""
        self.lock = Lock()
        self.aggregates = Aggregates()
        self.movements = Movements()
        self.tally = Tally()
        self.registry = Registry()
        self._now = now
        self._records = DossierBook()
        self._held: dict[str, Update] = {}

    @property
    def dossiers(self) -> int:
        """How many dossiers are known."""
        return len(self._records)

    @property
    def held(self) -> int:
        """How many states wait for a registry entry that has not been read yet."""
        return len(self._held)

    def advance(self, registry: Registry) -> None:
        """Go on to a newer registry, and write down the states that waited for it."""
        with self.lock:
            self.registry = registry
            ready = [one for one in self._held.values() if not self._is_ahead(one)]
            for update in ready:
                del self._held[update.dossier]
                self._write(update)

    def apply(self, updates: Sequence[Update]) -> None:
        """Write down updates in the order of the log; of one dossier the last one wins."""
        with self.lock:
            for update in updates:
                self._held.pop(update.dossier, None)
                if self._is_ahead(update):
                    self._held[update.dossier] = update
                else:
                    self._write(update)

    def _is_ahead(self, update: Update) -> bool:
        state = update.state
        return state is not None and state.registry_offset > self.registry.offset

    def _write(self, update: Update) -> None:
        if update.state is None:
            self._forget(update.dossier)
            return
        self.tally.states += 1
        new = contribution_of(update.state)
        old = self._records.replace(update.dossier, new)
        if old is not None:
            if new.version < old.version:
                self.tally.regressions += 1
                _log.warning("state_regressed", dossier=update.dossier)
            self.aggregates.remove(old)
        self.aggregates.add(new)
        if update.live:
            today = day_number(self._now())
            self.movements.observe(old, new, today, self.registry.unit_map)

    def _forget(self, dossier: str) -> None:
        self.tally.tombstones += 1
        old = self._records.forget(dossier)
        if old is not None:
            self.aggregates.remove(old)
