"""What an authority rules about clocks beside the procedures.

Grounds of pauses, mass suspensions, and the points that a province rules for all its procedures.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

import msgspec

from motcua_kernel.clock import Holder


class PauseReason(msgspec.Struct, frozen=True):
    """A ground on which the clock may rest, or may not (lý do tạm dừng).

    After `cap_working_days` the clock runs again by itself. `holder` None: as the cause says.
    """

    code: str
    name: str
    legal_basis: str = ""
    keeps_running: bool = False
    cap_working_days: int | None = None
    holder: Holder | None = None
    offset: int = -1


class Coverage(NamedTuple):
    """Units with all below them, and base codes of procedures; () takes in all."""

    units: tuple[str, ...]
    procedures: tuple[str, ...]

    def takes_in(self, links: Collection[str], procedure: str) -> bool:
        """Whether a dossier of a procedure is taken in whose unit is linked upwards to `links`."""
        return (not self.units or not set(links).isdisjoint(self.units)) and (
            not self.procedures or procedure[:8] in self.procedures
        )


class Suspension(msgspec.Struct, frozen=True):
    """A mass suspension of clocks by area, procedures and days (tạm dừng hàng loạt).

    `units` stand for all below them, () for all; `procedures` are base codes, () for all.
    `last_day` None: until it is lifted, by the same entry with a last day. `reach` are the first
    and last day that any version of the entry ever had, `former` what earlier versions took in:
    what rested on one of them rests on the entry.
    """

    id: str
    units: tuple[str, ...]
    procedures: tuple[str, ...]
    first_day: date
    last_day: date | None
    reference: str = ""
    reach: tuple[date, date] = (date.max, date.min)
    former: tuple[Coverage, ...] = ()
    offset: int = -1

    @property
    def coverage(self) -> Coverage:
        """What this version takes in."""
        return Coverage(self.units, self.procedures)


class DeadlineRules(msgspec.Struct, frozen=True):
    """What a province rules for all its procedures, from a day on; None or () where it is silent.

    `reception_minutes` are working minutes, `notice_rungs` working days before a due date.
    """

    scope: str
    valid_from: date
    reception_minutes: int | None = None
    same_day_cutoff_minute: int | None = None
    notice_rungs: tuple[int, ...] = ()
    reference: str = ""
    offset: int = -1


def reaching(new: Suspension, old: Suspension | None) -> Suspension:
    """A suspension with what its earlier versions took in, and their days in reach."""
    first, last = old.reach if old else (date.max, date.min)
    reach = (min(first, new.first_day), max(last, new.last_day or date.max))
    former = dict.fromkeys((*old.former, old.coverage)) if old else {}
    former.pop(new.coverage, None)
    return msgspec.structs.replace(new, reach=reach, former=tuple(former))


def filled(near: DeadlineRules, far: DeadlineRules) -> DeadlineRules:
    """The nearer rules, with what they leave open taken from the farther ones."""
    return DeadlineRules(
        near.scope or far.scope,
        max(near.valid_from, far.valid_from),
        far.reception_minutes if near.reception_minutes is None else near.reception_minutes,
        far.same_day_cutoff_minute
        if near.same_day_cutoff_minute is None
        else near.same_day_cutoff_minute,
        near.notice_rungs or far.notice_rungs,
        near.reference or far.reference,
        max(near.offset, far.offset),
    )


NO_RULES = DeadlineRules("", date.min)
