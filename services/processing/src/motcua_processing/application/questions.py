"""What can be asked: a summary of a unit and period, the departments of it, a dossier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from motcua_kernel.events import Event
from motcua_kernel.instant import Instant, at_local
from motcua_kernel.registry import Registry
from motcua_kernel.verdict import due_soon_until

from motcua_processing.domain.verdicts import Figures, OpenGroup, ResolvedGroup

Row = tuple[str, str]
"""A reporting unit and a lead department."""


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
    def of(cls, first: date, last: date, now: Instant) -> Span:
        """The span of the days `first` to `last`, which ends no later than just after `now`."""
        end = at_local(last + timedelta(days=1), 0)
        return cls(first, last, at_local(first, 0), min(end, Instant(now + 1)))


class Projections(Protocol):
    """Counted groups of dossiers, by reporting unit and lead department."""

    async def flows(self, units: Sequence[str], span: Span) -> Mapping[Row, Mapping[str, int]]:
        """carried_over, received, withdrawn, stopped, refused, of received dossiers."""
        ...

    async def receipts(self, units: Sequence[str], span: Span) -> Mapping[str, int]:
        """Receipts that occurred in the span, by unit, from the journal."""
        ...

    async def resolved(
        self, units: Sequence[str], span: Span
    ) -> Sequence[tuple[Row, ResolvedGroup]]:
        """Dossiers resolved in the span."""
        ...

    async def in_progress(
        self, units: Sequence[str], span: Span
    ) -> Sequence[tuple[Row, OpenGroup]]:
        """Dossiers received before the end of the span and not ended by then."""
        ...

    async def snapshot(self, dossier: str) -> bytes | None:
        """The snapshot of a dossier."""
        ...

    async def events(self, dossier: str) -> Sequence[Event]:
        """All events of a dossier."""
        ...


def units_below(registry: Registry, unit: str) -> list[str]:
    """A unit and every unit below it."""
    return [one for one in registry.units if unit in registry.chain(one)]


async def figures_by_row(
    projections: Projections, registry: Registry, units: Sequence[str], span: Span, now: Instant
) -> dict[Row, Figures]:
    """The figures of each (unit, department) over a span, as of `now`."""
    rows: dict[Row, Figures] = {}

    def row(key: Row) -> Figures:
        return rows.setdefault(key, Figures())

    for key, flows in (await projections.flows(units, span)).items():
        figures = row(key)
        figures.carried_over = flows["carried_over"]
        figures.received = figures.received_in_journal = flows["received"]
        figures.withdrawn = flows["withdrawn"]
        figures.stopped = flows["stopped"]
        figures.refused = flows["refused"]
    for key, resolved in await projections.resolved(units, span):
        row(key).add_resolved([resolved])
    cut_off = min(now, Instant(span.end - 1))
    for key, group in await projections.in_progress(units, span):
        calendar = registry.calendar(key[0])
        soon = due_soon_until(calendar, cut_off) if calendar else 0
        row(key).add_open([group], cut_off, soon)
    return rows


async def figures_of(
    projections: Projections, registry: Registry, unit: str, span: Span, now: Instant
) -> Figures:
    """The figures of a unit with all units below it; received twice counted, in two ways."""
    units = units_below(registry, unit)
    rows = await figures_by_row(projections, registry, units, span, now)
    total = Figures()
    for figures in rows.values():
        total.add(figures)
    total.received_in_journal = sum((await projections.receipts(units, span)).values())
    return total
