"""Counters of what happened while the process looked on.

They start at 0 with the process; reading up to the end adds nothing. A fact counts for the unit
that stands for the reporting one on the day when it becomes known, so that no total jumps when
units merge. One that is taken back or moves to another label counts as reversed there. A fact
older than `BACKFILL_DAYS` when it becomes known is a backfill and adds nothing (design section 5):
a counter shows the work of these days.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, TypeAlias

from motcua_kernel.events import Channel
from motcua_kernel.verdict import Outcome

from motcua_metrics.domain.labels import Closure, Fact

if TYPE_CHECKING:
    from motcua_kernel.unit_map import UnitMap

    from motcua_metrics.domain.contribution import Contribution

BACKFILL_DAYS: Final = 7
"""Local days of domain time after which a fact that becomes known is a backfill."""

Detail: TypeAlias = Channel | Outcome | Closure
_Told: TypeAlias = tuple[Fact, str, str, Detail]


class Movements:
    """Facts by (fact, unit, department, label) and reversals by (unit, fact).

    Closures are counted for the whole unit, under the department "".
    """

    __slots__ = ("reversals", "totals")

    def __init__(self) -> None:
        self.totals: dict[_Told, int] = {}
        self.reversals: dict[tuple[str, Fact], int] = {}

    def observe(
        self, old: Contribution | None, new: Contribution, today: int, units: UnitMap
    ) -> None:
        """Count what a dossier's new contribution tells beyond its old one."""
        on = date.fromordinal(today)
        before = _told(old, units.on(old.unit, on)) if old is not None else {}
        after = _told(new, units.on(new.unit, on))
        for told, day in after.items():
            if told not in before and today - day <= BACKFILL_DAYS:
                self.totals[told] = self.totals.get(told, 0) + 1
        for fact, unit, _, _ in before.keys() - after.keys():
            key = (unit, fact)
            self.reversals[key] = self.reversals.get(key, 0) + 1


def _told(one: Contribution, unit: str) -> dict[_Told, int]:
    if not one.received_day:
        return {}
    told: dict[_Told, int] = {(Fact.RECEIVED, unit, one.department, one.channel): one.received_day}
    match one.ending:
        case Outcome():
            told[Fact.RESOLVED, unit, one.department, one.ending] = one.ended_day
        case Closure():
            told[Fact.CLOSED, unit, "", one.ending] = one.ended_day
        case None:
            pass
    return told
