"""What a change of the registry would do to many dossiers at once (see `restating`, in columns)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from motcua_kernel.calendar import BeyondCalendar, Calendar
from motcua_kernel.clock import Limit, LimitUnit
from motcua_kernel.instant import DAY, EPOCH_DAY_NUMBER, LOCAL_OFFSET, Instant
from numpy.typing import NDArray

from motcua_processing.domain.columnar import Column, due_columns
from motcua_processing.domain.projection import limit_of
from motcua_processing.domain.restating import OVERDUE, Effect, Effects, Row, Verdict

_VERDICTS: Final = tuple(Verdict)
_PLACE: Final = {verdict: place for place, verdict in enumerate(_VERDICTS)}
_IS_OVERDUE: Final = np.array([verdict in OVERDUE for verdict in _VERDICTS])

Codes: TypeAlias = NDArray[np.intp]


class PlainGroup(NamedTuple):
    """Dossiers of one unit, department and limit that nothing but the calendar moves.

    The columns go together: received, the due day and moment in force, and `ended`: when it was
    resolved, or, below zero, closed without a result; 0 in progress.
    """

    row: Row
    resolving_unit: str
    procedure: str
    clock: str
    received: Sequence[int]
    due_day: Sequence[int]
    due_moment: Sequence[int]
    ended: Sequence[int]


CalendarOf: TypeAlias = Callable[[str], Calendar | None]


def effects_of_groups(
    groups: Sequence[PlainGroup], calendar_of: CalendarOf, now: Instant
) -> tuple[Effects, list[PlainGroup]]:
    """The effects of new calendars on groups, and the groups that only the readable path can tell.

    Groups that share a calendar and a limit are computed together.
    """
    together: dict[tuple[int, str], list[PlainGroup]] = {}
    calendars: dict[int, Calendar] = {}
    left: list[PlainGroup] = []
    for group in groups:
        calendar = calendar_of(group.resolving_unit)
        if calendar is None:
            left.append(group)
            continue
        calendars[id(calendar)] = calendar
        together.setdefault((id(calendar), group.clock), []).append(group)
    effects: Effects = {}
    for (known, clock), alike in together.items():
        try:
            _count(effects, alike, calendars[known], limit_of(clock), now)
        except BeyondCalendar:
            left += alike
    return effects, left


def _count(
    effects: Effects, groups: Sequence[PlainGroup], calendar: Calendar, limit: Limit, now: Instant
) -> None:
    received, old_day, old_moment, ended = (
        np.concatenate([np.array(group[place], np.int64) for group in groups])
        for place in range(4, 8)
    )
    new_day, new_moment = due_columns(calendar, limit, received)
    by_day = limit.unit is not LimitUnit.WORKING_HOURS
    before = _verdicts(ended, old_day, old_moment, by_day=by_day, now=now)
    after = _verdicts(ended, new_day, new_moment, by_day=by_day, now=now)
    moved = (old_day != new_day) | (old_moment != new_moment)
    of_group: Codes = np.repeat(np.arange(len(groups)), [len(group.received) for group in groups])
    late_before, late_after = _IS_OVERDUE[before], _IS_OVERDUE[after]
    sums = [
        np.bincount(of_group[mask], minlength=len(groups)).tolist()
        for mask in (moved, late_before & ~late_after, late_after & ~late_before)
    ]
    counts = [_table(of_group, codes, len(groups)) for codes in (before, after)]
    for place, group in enumerate(groups):
        effects.setdefault(group.row, Effect()).add(
            Effect(
                len(group.received),
                *(column[place] for column in sums),
                *(
                    {v: n for v, n in zip(_VERDICTS, table[place], strict=True) if n}
                    for table in counts
                ),
            )
        )


def _table(of_group: Codes, codes: Codes, groups: int) -> list[list[int]]:
    """How often each verdict stands in each group."""
    width = len(_VERDICTS)
    flat = np.bincount(of_group * width + codes, minlength=groups * width)
    return flat.reshape(groups, width).tolist()


def _verdicts(
    ended: Column, due_day: Column, due_moment: Column, *, by_day: bool, now: Instant
) -> Codes:
    """The verdict of each dossier, as its place among the verdicts."""
    at = np.where(ended > 0, ended, now)
    day = (at + LOCAL_OFFSET) // DAY + EPOCH_DAY_NUMBER
    late = day > due_day if by_day else at > due_moment
    resolved = np.where(
        late,
        _PLACE[Verdict.RESOLVED_OVERDUE],
        np.where(day < due_day, _PLACE[Verdict.RESOLVED_EARLY], _PLACE[Verdict.RESOLVED_ON_TIME]),
    )
    running = np.where(late, _PLACE[Verdict.OPEN_OVERDUE], _PLACE[Verdict.OPEN_OTHER])
    open_or_closed = np.where(ended < 0, _PLACE[Verdict.CLOSED], running)
    return np.where(ended > 0, resolved, open_or_closed).astype(np.intp)
