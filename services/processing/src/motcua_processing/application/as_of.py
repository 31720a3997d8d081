"""Figures as of two times (law L4): by definition the fold of the events within the cut.

Where the columns of a dossier certainly say what that fold would, SQL counts it in a group. The
others are folded again from the journal, under the registry as known then.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

from motcua_kernel.derive import derive_due
from motcua_kernel.events import Event
from motcua_kernel.registry import Entry, Registry
from motcua_platform.registry_history import RegistryHistory

from motcua_processing.application.questions import Question
from motcua_processing.domain.cut import Cut
from motcua_processing.domain.tally import Row, Tally
from motcua_processing.domain.verdicts import Figures, Receptions


@dataclass(slots=True)
class Unsettled:
    """Dossiers whose columns speak of another moment, by what has to be counted anew of them."""

    wholly: set[str] = field(default_factory=set[str])
    verdicts: set[str] = field(default_factory=set[str])
    receptions: set[str] = field(default_factory=set[str])

    @property
    def codes(self) -> list[str]:
        """All of them."""
        return sorted(self.wholly | self.verdicts | self.receptions)


@dataclass(frozen=True, slots=True)
class Shift:
    """The registry that an answer rests on, and the entries by which the columns may differ."""

    known: Registry
    before: Registry
    after: Registry
    entries: Sequence[Entry] = ()

    @classmethod
    def none(cls, registry: Registry) -> Shift:
        """The columns rest on the same registry."""
        return cls(registry, registry, registry)


Portion = Mapping[str, Sequence[Event]]
"""All events of some dossiers."""


class Past(Protocol):
    """One consistent look at the books for one question."""

    async def applied_registry(self) -> int:
        """The registry offset up to which every dossier has been brought."""
        ...

    async def told_late(self) -> set[str]:
        """Dossiers with an event that the cut leaves out though it had occurred by its moment."""
        ...

    async def count_settled(self, tally: Tally, unsettled: Unsettled, shift: Shift) -> None:
        """Count what the columns can tell, and name the dossiers of which they cannot."""
        ...

    def journal(self, codes: Sequence[str]) -> AsyncIterator[Portion]:
        """The events of dossiers, in portions of whole dossiers."""
        ...


OpenPast = Callable[[Question], AbstractAsyncContextManager[Past]]


@dataclass(frozen=True, slots=True)
class Answer:
    """Figures by the units that were asked for."""

    rows: Mapping[Row, Figures]
    receptions: Receptions
    received_in_journal: int

    @property
    def total(self) -> Figures:
        """All rows together."""
        total = Figures()
        for figures in self.rows.values():
            total.add(figures)
        total.received_in_journal = self.received_in_journal
        return total


async def figures_as_of(
    open_past: OpenPast, registry: Registry, question: Question, history: RegistryHistory | None
) -> Answer:
    """The figures of a question under `registry`, the one known then.

    `history` tells which entries came later; None where nothing did.
    """
    tally = Tally(registry, question.units.keys(), question.span.start, question.at)
    async with open_past(question) as past:
        shift = await _shift(past, registry, history)
        unsettled = Unsettled()
        if question.known is not None:
            unsettled.wholly = await past.told_late()
        await past.count_settled(tally, unsettled, shift)
        async for portion in _read_ahead(past.journal(unsettled.codes)):
            await asyncio.to_thread(_recount, tally, unsettled, portion, question.cut, registry)
    return _grouped(tally, question.units)


async def _read_ahead(portions: AsyncIterator[Portion]) -> AsyncIterator[Portion]:
    """The portions in their order; while one is in hand the next one is fetched."""
    following = asyncio.ensure_future(anext(portions, None))
    try:
        while (portion := await following) is not None:
            following = asyncio.ensure_future(anext(portions, None))
            yield portion
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def _shift(past: Past, registry: Registry, history: RegistryHistory | None) -> Shift:
    if history is None:
        return Shift.none(registry)
    offset = min(registry.offset, await past.applied_registry())
    entries = [entry for _, entry in history.after(offset)]
    return Shift(registry, history.up_to(offset), history.newest, entries)


def _recount(
    tally: Tally,
    unsettled: Unsettled,
    portion: Mapping[str, Sequence[Event]],
    cut: Cut,
    registry: Registry,
) -> None:
    """Fold dossiers at the cut and count them; runs beside the event loop."""
    for code, events in portion.items():
        state = cut.fold(code, events, registry)
        if not state.events:
            continue
        derived = derive_due(state, registry)
        if code in unsettled.wholly:
            tally.count(state, derived)
            continue
        if code in unsettled.verdicts:
            tally.count_verdict(state, derived)
        if code in unsettled.receptions:
            tally.count_reception(state, derived)


def _grouped(tally: Tally, units: Mapping[str, str]) -> Answer:
    rows: dict[Row, Figures] = {}
    for (unit, department), figures in tally.rows.items():
        rows.setdefault((units[unit], department), Figures()).add(figures)
    receptions = Receptions()
    for one in tally.receptions.values():
        receptions.add(one)
    return Answer(rows, receptions, tally.received_in_journal)


def by_definition(
    journal: Mapping[str, Sequence[Event]], registry: Registry, question: Question
) -> Answer:
    """The figures with every dossier folded at the cut and counted."""
    tally = Tally(registry, question.units.keys(), question.span.start, question.at)
    everyone = Unsettled(wholly=set(journal))
    _recount(tally, everyone, journal, question.cut, registry)
    return _grouped(tally, question.units)
