"""When a clock ran: the stretches that count, phase by phase, without the rests in them.

A restart (tính lại từ đầu) wipes out what ran before it; the phases are those since the last one.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

from motcua_kernel.clock import Stretch, phases_by, stretch
from motcua_kernel.instant import Instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from motcua_kernel.calendar import Calendar
    from motcua_kernel.clock import Ledger

Span: TypeAlias = tuple[Instant, Instant]
"""A stretch of time, [start, end)."""

FAR: Final = Instant(2**62)
"""Later than every moment: asked at it, a clock that runs has no end."""


def running(ledger: Ledger, calendar: Calendar, now: Instant) -> tuple[Span, ...]:
    """The spans in which the clock ran by a moment, over all phases since the last restart."""
    begun = phases_by(ledger, calendar, now)
    spans: list[Span] = []
    for phase, after in pairwise(begun):
        spans += outside_rests(stretch(phase, calendar, after.started))
    spans += outside_rests(stretch(begun[-1], calendar, now))
    return tuple(spans)


def outside_rests(counted: Stretch) -> list[Span]:
    """What is left of a stretch between its rests.

    >>> outside_rests(Stretch(Instant(0), Instant(9), ((Instant(2), Instant(4)),)))
    [(0, 2), (4, 9)]
    """
    spans: list[Span] = []
    start = counted.start
    for opened, closed in counted.rests:
        if start < opened:
            spans.append((start, opened))
        start = closed
    if start < counted.end:
        spans.append((start, counted.end))
    return spans


def common(some: Iterable[Span], others: Sequence[Span]) -> list[Span]:
    """What lies in both of two sets of spans, each in order.

    >>> common([(Instant(0), Instant(5))], [(Instant(3), Instant(4)), (Instant(4), Instant(9))])
    [(3, 4), (4, 5)]
    """
    shared: list[Span] = []
    for first, last in some:
        for start, end in others:
            if max(first, start) < min(last, end):
                shared.append((max(first, start), min(last, end)))
    return shared
