"""When a clock ran: the stretches that count, phase by phase, without the rests in them.

A restart (tính lại từ đầu) wipes out what ran before it; the phases are those since the last one.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec.structs import replace

from motcua_kernel.clock import Ledger, Stretch, due, phase_in_force, stretch
from motcua_kernel.instant import Instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from motcua_kernel.calendar import Calendar

Span: TypeAlias = tuple[Instant, Instant]
"""A stretch of time, [start, end)."""

FAR: Final = Instant(2**62)
"""Later than every moment: asked at it, a clock that runs has no end."""


def phases(ledger: Ledger, calendar: Calendar, now: Instant) -> tuple[Ledger, ...]:
    """The phases (giai đoạn) passed by a moment since the last restart, the one in force last.

    Each is a ledger of its own, with the pauses from its start on.

    Raises:
        BeyondCalendar: the end of a phase lies behind the calendar's horizon.
    """
    found = [phase_in_force(ledger, calendar, now)]
    if ledger.limit.then is None:
        return tuple(found)
    told = as_told_by(ledger, now)
    while (start := found[0].started) > ledger.started:
        before = phase_in_force(told, calendar, Instant(start - 1))
        end = due(before, calendar)
        if end is None or end.moment != start:
            break
        found.insert(0, before)
    return tuple(found)


def as_told_by(ledger: Ledger, now: Instant) -> Ledger:
    """The ledger with the pauses that had begun by a moment, open where they ended after it."""
    pauses = tuple(
        replace(pause, closed=None) if pause.closed is not None and pause.closed > now else pause
        for pause in ledger.pauses
        if pause.opened < now
    )
    return replace(ledger, pauses=pauses)


def running(ledger: Ledger, calendar: Calendar, now: Instant) -> tuple[Span, ...]:
    """The spans in which the clock ran by a moment, over all phases since the last restart."""
    passed = phases(ledger, calendar, now)
    spans: list[Span] = []
    for phase, after in pairwise(passed):
        spans += outside_rests(stretch(phase, calendar, after.started))
    spans += outside_rests(stretch(passed[-1], calendar, now))
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
