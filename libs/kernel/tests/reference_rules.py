"""A second opinion on what the rules make of a story; the clock is that of `reference_clock`.

It reads the events themselves and not the folded state, and finds each rule by looking through
all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from motcua_kernel.clock import EndRule, Holder, Ledger, Limit, LimitUnit, Pause, PauseMode
from motcua_kernel.events import (
    Consulted,
    Extended,
    Filed,
    OpinionGiven,
    PaymentPaid,
    PaymentRequested,
    Received,
    Resolved,
    Resumed,
    Stopped,
    SupplementRequested,
    SupplementSupplied,
)
from motcua_kernel.instant import Instant
from motcua_kernel.procedures import ConsultationRule, PauseCause, Procedure, TimeLimit, TimePhase
from reference_clock import (
    ONE_DAY,
    OutOfRangeError,
    ReferenceCalendar,
    due,
    instant,
    local,
)

if TYPE_CHECKING:
    from motcua_kernel.decrees import Suspension
    from random_rules import Story, World

Answer = tuple[date, datetime, bool] | None
ToldPause = tuple[PauseCause, str, Instant, Instant | None]
PARENT = {"24733": "67", "24736": "67"}


@dataclass
class Told:
    """What a story says, in local time."""

    filed: datetime | None = None
    received: datetime | None = None
    ended: datetime | None = None
    code: str = ""
    receiving: str = ""
    resolving: str = ""
    before: list[ToldPause] = field(default_factory=list)
    pauses: list[ToldPause] = field(default_factory=list)
    asked: list[tuple[str, Instant, Instant | None]] = field(default_factory=list)
    extensions: list[tuple[Instant, Extended]] = field(default_factory=list)


def read(story: Story) -> Told:  # noqa: C901 - one case for each kind of event
    told = Told()
    early: list[ToldPause] = []
    for moment, change in story:
        match change:
            case Filed():
                told.filed, told.code = local(moment), change.procedure
                told.receiving = change.receiving_unit
            case Received():
                early, told.pauses = told.pauses, []
                told.received, told.code = local(moment), change.procedure
                told.receiving, told.resolving = change.receiving_unit, change.resolving_unit
            case SupplementRequested():
                told.pauses.append((PauseCause.SUPPLEMENT, change.reason, moment, None))
            case PaymentRequested():
                told.pauses.append((PauseCause.PAYMENT, change.reason, moment, None))
            case Stopped():
                told.pauses.append((PauseCause.STOP, change.reason, moment, None))
            case SupplementSupplied() | PaymentPaid() | Resumed():
                cause, reason, opened, _ = told.pauses.pop()
                told.pauses.append((cause, reason, opened, moment))
            case Extended():
                told.extensions.append((moment, change))
            case Consulted():
                told.asked.append((change.agency, moment, None))
            case OpinionGiven():
                number = next(
                    n
                    for n, (agency, _, answered) in enumerate(told.asked)
                    if agency == change.agency and answered is None
                )
                told.asked[number] = (*told.asked[number][:2], moment)
            case Resolved():
                told.ended = local(moment)
            case _:
                pass
    told.before = early if told.received else told.pauses
    return told


class ReferenceRules:
    """The rules of a world, looked up one by one."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.known: dict[str, ReferenceCalendar] = {}

    def calendar(self, unit: str) -> ReferenceCalendar:
        if unit not in self.known:
            scopes = self.scopes(unit)
            week = next(self.world.weeks[one] for one in scopes if one in self.world.weeks)
            overrides = [one for scope, one in self.world.overrides if scope in scopes]
            self.known[unit] = ReferenceCalendar(
                week.days, overrides, week.first_day, week.last_day
            )
        return self.known[unit]

    def scopes(self, unit: str) -> list[str]:
        return [one for one in (unit, PARENT.get(unit)) if one] + [""]

    def ruled(self, unit: str, day: date, point: str) -> int | None:
        """A point that the province rules: the nearest scope that says something about it."""
        for scope in self.scopes(unit):
            versions = [
                rule
                for rule in self.world.registry.rules.values()
                if rule.scope == scope and rule.valid_from <= day
            ]
            if versions:
                newest = max(versions, key=lambda rule: rule.valid_from)
                if getattr(newest, point) is not None:
                    return getattr(newest, point)
        return None

    def reception(self, told: Told) -> Answer:
        assert told.filed is not None
        ruled = self.ruled(told.receiving, told.filed.date(), "reception_minutes")
        limit = Limit(LimitUnit.WORKING_HOURS, 480 if ruled is None else ruled)
        pauses = tuple(
            Pause(opened, closed, PauseMode.CONTINUE, "", Holder.APPLICANT)
            for _, _, opened, closed in told.before
        )
        ledger = Ledger(limit, Instant(instant(told.filed)), pauses)
        return due(ledger, self.calendar(told.receiving))


class Verdict:
    """The due dates and rests of a received dossier."""

    def __init__(self, told: Told, rules: ReferenceRules) -> None:
        assert told.received is not None
        self.told, self.rules = told, rules
        self.registry = rules.world.registry
        self.calendar = rules.calendar(told.resolving)
        self.day = told.received.date()
        self.procedure = self.registry.procedures[told.code][0]
        self.resting_days: list[tuple[date, date]] = []
        self.anomalies: list[str] = []
        self.limit = self._limit()
        pauses = [*self._told(), *self._consultations()]
        self.paused = told.ended is None and any(one.closed is None for one in pauses)
        pauses += [pause for one in self.registry.suspensions.values() for pause in self._mass(one)]
        pauses.sort(key=lambda one: one.opened)
        self.ledger = Ledger(self.limit, Instant(instant(told.received)), tuple(pauses))
        self.appointed = 0
        self._extend()
        self.due = due(self.ledger, self.calendar)
        longer = Ledger(
            self.limit,
            self.ledger.started,
            self.ledger.pauses,
            self.ledger.extension + self.appointed,
        )
        self.reappointed = due(longer, self.calendar) if self.appointed else None

    def rests_on(self, day: date) -> bool:
        if self.told.ended is not None or self.limit.unit == LimitUnit.NONE:
            return False
        return any(first <= day <= last for first, last in self.resting_days)

    def consultations(self) -> list[Answer]:
        if self.told.ended is not None:
            return []
        answers: list[Answer] = []
        for agency, asked, _ in self.told.asked:
            rule = consultation_rule(self.procedure, agency)
            if rule is None or rule.budget_minutes == 0:
                answers.append(None)
            else:
                limit = Limit(LimitUnit.WORKING_HOURS, rule.budget_minutes)
                answers.append(due(Ledger(limit, asked), self.calendar))
        return answers

    def _limit(self) -> Limit:
        if not self.procedure.limits:
            return Limit(LimitUnit.NONE)
        [told] = self.procedure.limits
        then = None
        for phase in reversed(told.then):
            then = Limit(phase.unit, promised(phase), end_rule(phase), None, then)
        cutoff = told.cutoff_minute
        same_day = told.unit == LimitUnit.WORKING_DAYS and told.statutory_minutes == 0
        if cutoff is None and same_day:
            cutoff = self.rules.ruled(self.told.resolving, self.day, "same_day_cutoff_minute")
        return Limit(told.unit, promised(told), end_rule(told), cutoff, then)

    def _told(self) -> list[Pause]:
        pauses: list[Pause] = []
        catalogue = self.registry.pause_reasons
        unknown = {
            reason for _, reason, _, _ in self.told.pauses if reason and reason not in catalogue
        }
        self.anomalies += ["pause_reason_unknown"] * (len(unknown) if catalogue else 0)
        modes = dict(self.procedure.pause_modes)
        for cause, code, opened, closed in self.told.pauses:
            reason = catalogue.get(code)
            if reason is not None and reason.keeps_running:
                continue
            end = closed
            if reason is not None and reason.cap_working_days is not None:
                day = local(opened).date()
                for _ in range(reason.cap_working_days):
                    day = self.calendar.next_working_day(day)
                cap = Instant(instant(datetime.combine(day + ONE_DAY, time())))
                if closed is None:
                    self.resting_days.append((local(opened).date(), day))
                end = cap if closed is None else min(closed, cap)
            mode = modes.get(cause, PauseMode.CONTINUE)
            pauses.append(Pause(opened, end, mode, code, Holder.APPLICANT))
        return pauses

    def _consultations(self) -> list[Pause]:
        pauses: list[Pause] = []
        ended = None if self.told.ended is None else Instant(instant(self.told.ended))
        for agency, asked, answered in self.told.asked:
            rule = consultation_rule(self.procedure, agency)
            if rule is not None and rule.pauses:
                end = answered or ended
                pauses.append(Pause(asked, end, PauseMode.CONTINUE, agency, Holder.CONSULTED))
        return pauses

    def _mass(self, one: Suspension) -> list[Pause]:
        """Every day of the suspension on which the dossier was there, as one pause."""
        there = not one.units or any(
            unit in one.units for unit in self.rules.scopes(self.told.resolving)
        )
        if not there or (one.procedures and self.told.code not in one.procedures):
            return []
        first = max(one.first_day, self.day)
        ended = date.max if self.told.ended is None else self.told.ended.date()
        last = date.max if one.last_day is None else one.last_day
        if last < self.day or ended < first:
            return []
        self.resting_days.append((first, last))
        if last == date.max:
            last = ended
        end = None
        if last != date.max:
            end = Instant(instant(datetime.combine(last + ONE_DAY, time())))
        opened = Instant(instant(datetime.combine(first, time())))
        return [Pause(opened, end, PauseMode.CONTINUE, one.id, Holder.AGENCY)]

    def _extend(self) -> None:
        rule = self.procedure.extension
        granted = 0
        for moment, told in self.told.extensions:
            if not told.reason or not told.form:
                self.anomalies.append("extension_without_ground")
            elif rule and (told.added_minutes > rule.most_minutes or granted == rule.most_times):
                self.anomalies.append("extension_out_of_bounds")
            else:
                granted += 1
                late = self._is_late(moment)
                if late:
                    self.anomalies.append("extension_too_late")
                if told.replaces_due and not late:
                    self._add(told.added_minutes)
                else:
                    self.appointed += told.added_minutes

    def _add(self, minutes: int) -> None:
        ledger = self.ledger
        self.ledger = Ledger(
            ledger.limit, ledger.started, ledger.pauses, ledger.extension + minutes
        )

    def _is_late(self, moment: Instant) -> bool:
        known = tuple(pause for pause in self.ledger.pauses if pause.opened < moment)
        ledger = Ledger(self.limit, self.ledger.started, known, self.ledger.extension)
        try:
            end = due(ledger, self.calendar)
        except OutOfRangeError:
            return False
        if end is None:
            return False
        return local(moment).date() > end[0] if end[2] else local(moment) > end[1]


def consultation_rule(procedure: Procedure, agency: str) -> ConsultationRule | None:
    own = [rule for rule in procedure.consultations if rule.agency == agency]
    return next(iter(own or [rule for rule in procedure.consultations if not rule.agency]), None)


def promised(limit: TimeLimit | TimePhase) -> int:
    promises = [limit.statutory_minutes, limit.committed_minutes]
    return min(one for one in promises if one is not None)


def end_rule(limit: TimeLimit | TimePhase) -> EndRule:
    return EndRule.END_OF_DAY if limit.end_of_day else EndRule.SAME_MOMENT
