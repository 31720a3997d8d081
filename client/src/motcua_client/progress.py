"""How far a drain has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeAlias

import msgspec

from motcua_client.answers import Verdict
from motcua_client.delivery import Batch, Spooled
from motcua_client.spool import Spool


class Progress(msgspec.Struct, frozen=True):
    """Events by their answer since the drain began, and how many still wait."""

    accepted: int = 0
    repeated: int = 0
    rejected: int = 0
    waiting: int = 0
    trouble: str = ""
    """Why the last request is tried again; empty after an answer."""

    @property
    def settled(self) -> int:
        """How many events have their verdict."""
        return self.accepted + self.repeated + self.rejected


Listener: TypeAlias = Callable[[Progress], None]


class Tally:
    """Counts verdicts, and keeps those of the events that somebody waits for."""

    def __init__(self, waiting: int, listener: Listener | None, wanted: Batch = ()) -> None:
        """Tell `listener` about a drain of `waiting` events; keep the verdicts of `wanted`."""
        self._counts: Counter[str] = Counter()
        self._waiting = waiting
        self._listener = listener
        self._wanted = frozenset(one.place for one in wanted)
        self._verdicts: dict[int, Verdict] = {}

    def add(self, settled: Iterable[tuple[Spooled, Verdict]], trouble: str = "") -> None:
        """Count verdicts and tell of them."""
        for event, verdict in settled:
            self._counts[verdict.status] += 1
            if event.place in self._wanted:
                self._verdicts[event.place] = verdict
        if self._listener is not None:
            self._listener(self.progress(trouble))

    def verdicts_of(self, events: Batch, spool: Spool) -> list[Verdict]:
        """The verdicts of events that no longer wait, whoever sent them."""
        known = [self._verdicts.get(one.place) or spool.verdict_of(one) for one in events]
        return [one for one in known if one is not None]

    def progress(self, trouble: str = "") -> Progress:
        """How far it has come."""
        counts = self._counts
        waiting = max(0, self._waiting - counts.total())
        return Progress(
            counts["accepted"], counts["repeated"], counts["rejected"], waiting, trouble
        )
