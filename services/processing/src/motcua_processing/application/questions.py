"""What can be asked: a summary of a unit and period, the departments of it, a dossier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from motcua_kernel.events import Event
from motcua_kernel.instant import Instant, at_local
from motcua_kernel.registry import Registry

from motcua_processing.domain.cut import Cut


@dataclass(frozen=True, slots=True)
class Span:
    """A period of whole local days, cut off at the moment of asking; [start, end) in instants."""

    first: date
    last: date
    start: Instant
    end: Instant

    @classmethod
    def ever(cls) -> Span:
        """All of time."""
        return cls(date.min, date.max, Instant(0), Instant(2**62))

    @classmethod
    def of(cls, first: date, last: date, at: Instant) -> Span:
        """The span of the days `first` to `last`, which ends no later than just after `at`.

        A period that has not begun by then is empty.
        """
        end = min(at_local(last + timedelta(days=1), 0), Instant(at + 1))
        return cls(first, last, min(at_local(first, 0), end), end)


@dataclass(frozen=True, slots=True)
class Question:
    """The figures of a span, for dossiers of `units`, as known at `known` (None: as applied).

    `units` are the reporting units that receipts told; each counts for the unit it leads to.
    """

    units: Mapping[str, str]
    span: Span
    known: Instant | None = None
    balanced: bool = True
    """Whether receipts are counted in the journal too, and the filings that wait."""

    @property
    def at(self) -> Instant:
        """The moment whose state of affairs is asked: the end of the period, or earlier."""
        return Instant(self.span.end - 1)

    @property
    def settled_at(self) -> Instant:
        """The moment up to which facts are read from columns: the earlier of both times."""
        return self.at if self.known is None else min(self.at, self.known)

    @property
    def cut(self) -> Cut:
        """The events that the answer is made of."""
        return Cut(self.at, self.known)


class Projections(Protocol):
    """Dossiers one by one."""

    async def snapshot(self, dossier: str) -> bytes | None:
        """The snapshot of a dossier."""
        ...

    async def events(self, dossier: str) -> Sequence[Event]:
        """All events of a dossier."""
        ...


def units_below(registry: Registry, unit: str) -> list[str]:
    """A unit and every unit below it."""
    return [one for one in registry.units if unit in registry.chain(one)]
