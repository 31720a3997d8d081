"""Procedures (thủ tục hành chính) in their versions: limits, pauses, steps, consultations."""

from __future__ import annotations

from datetime import date
from enum import IntEnum

import msgspec

from motcua_kernel.clock import EndRule, Limit, LimitUnit, PauseMode
from motcua_kernel.events import Channel
from motcua_kernel.units import UnitLevel


class PauseCause(IntEnum):
    """What rests the clock."""

    SUPPLEMENT = 1
    PAYMENT = 2
    STOP = 3


class TimePhase(msgspec.Struct, frozen=True):
    """A further phase (giai đoạn) of a limit, with a unit of its own."""

    unit: LimitUnit
    statutory_minutes: int
    committed_minutes: int | None = None
    end_of_day: bool = False


class TimeLimit(msgspec.Struct, frozen=True):
    """A limit as the registry states it; the shorter of the two drives the clock."""

    channel: Channel
    unit: LimitUnit
    statutory_minutes: int
    committed_minutes: int | None = None
    end_of_day: bool = False
    cutoff_minute: int | None = None
    then: tuple[TimePhase, ...] = ()

    def effective(self, same_day_cutoff: int | None = None) -> Limit:
        """The limit that the appointment is made with.

        `same_day_cutoff` is the province's, for a same-day limit that states none.
        """
        then: Limit | None = None
        for phase in reversed(self.then):
            then = Limit(phase.unit, _shorter(phase), _end_rule(phase), None, then)
        cutoff = self.cutoff_minute
        if cutoff is None and self.unit is LimitUnit.WORKING_DAYS and not self.statutory_minutes:
            cutoff = same_day_cutoff
        return Limit(self.unit, _shorter(self), _end_rule(self), cutoff, then)


def _shorter(limit: TimeLimit | TimePhase) -> int:
    if limit.committed_minutes is None:
        return limit.statutory_minutes
    return min(limit.statutory_minutes, limit.committed_minutes)


def _end_rule(limit: TimeLimit | TimePhase) -> EndRule:
    return EndRule.END_OF_DAY if limit.end_of_day else EndRule.SAME_MOMENT


class SendBack(IntEnum):
    """What a step entered again may use: what was left of its budget, or all of it."""

    RESUME = 1
    RESTART = 2


class ExtensionRule(msgspec.Struct, frozen=True):
    """How far an extension (gia hạn) may go, in the limit's minutes, and how often."""

    most_minutes: int
    most_times: int


class ConsultationRule(msgspec.Struct, frozen=True):
    """The clock of an agency asked for its opinion; agency "" is any without a rule of its own."""

    agency: str
    budget_minutes: int
    pauses: bool = False


class ProcessStep(msgspec.Struct, frozen=True):
    """A step of the internal process (quy trình nội bộ) with its budget in working minutes."""

    id: str
    department: str
    budget_minutes: int


NO_LIMIT = Limit(LimitUnit.NONE, 0, EndRule.SAME_MOMENT, None)


class Procedure(msgspec.Struct, frozen=True):
    """One version of an administrative procedure (thủ tục hành chính)."""

    code: str
    name: str
    valid_from: date
    field: str = ""
    level: UnitLevel = UnitLevel.UNSPECIFIED
    limits: tuple[TimeLimit, ...] = ()
    pause_modes: tuple[tuple[PauseCause, PauseMode], ...] = ()
    steps: tuple[ProcessStep, ...] = ()
    iso_covered: bool = False
    reference: str = ""
    extension: ExtensionRule | None = None
    send_back: SendBack = SendBack.RESUME
    consultations: tuple[ConsultationRule, ...] = ()
    offset: int = -1

    def limit(self, channel: Channel, same_day_cutoff: int | None = None) -> Limit:
        """The limit for a channel: its own one, else the one for every channel, else none."""
        general = NO_LIMIT
        for limit in self.limits:
            if limit.channel == channel:
                return limit.effective(same_day_cutoff)
            if limit.channel == Channel.UNSPECIFIED:
                general = limit.effective(same_day_cutoff)
        return general

    def consultation(self, agency: str) -> ConsultationRule | None:
        """The rule for an agency: its own one, else the general one."""
        general = None
        for rule in self.consultations:
            if rule.agency == agency:
                return rule
            if not rule.agency:
                general = rule
        return general

    def pause_mode(self, cause: PauseCause) -> PauseMode:
        """How the clock goes on after a pause; *continue* where the procedure says nothing."""
        return dict(self.pause_modes).get(cause, PauseMode.CONTINUE)
