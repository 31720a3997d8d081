"""One seed's worth of random cases, put to the engine and to the reference."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

import reference_clock as reference
from motcua_kernel.calendar import BeyondCalendar, Calendar, build_calendar
from motcua_kernel.clock import Due, Ledger, LimitUnit, PauseMode, due, phase_in_force, remaining
from motcua_kernel.derive import Derived, derive
from motcua_kernel.fold import fold
from motcua_kernel.instant import DAY, Instant, day_number, local_date
from motcua_kernel.ruled import ruled
from motcua_kernel.verdict import is_resting
from random_cases import FIRST, LAST, random_ledger, random_overrides, random_week
from random_rules import DOSSIER, Story, World, events_of, random_story, random_world
from reference_rules import Answer, ReferenceRules, Verdict, read

if TYPE_CHECKING:
    from motcua_kernel.state import DossierState


@dataclass
class Seen:
    """How many cases there were, and of which kinds."""

    cases: int = 0
    beyond: int = 0
    kinds: Counter[str] = field(default_factory=Counter[str])

    def add(self, other: Seen) -> None:
        self.cases += other.cases
        self.beyond += other.beyond
        self.kinds += other.kinds


def ledgers_agree(seed: int, cases: int) -> Seen:
    """Due dates, and at a moment the phase in force and what remains of it."""
    random, seen = Random(seed), Seen()
    week, overrides = random_week(random), random_overrides(random)
    calendar = build_calendar(week, overrides, FIRST, LAST)
    slow = reference.ReferenceCalendar(week, overrides, FIRST, LAST)
    for case in range(cases):
        ledger = random_ledger(random)
        answer = _engine_due(ledger, calendar)
        assert answer == _reference_due(ledger, slow), (seed, case, ledger)
        _note(seen, ledger, answer)
        now = Instant(ledger.started + random.randrange(-DAY, 40 * DAY))
        if ledger.limit.unit is not LimitUnit.NONE:
            left = _engine_left(ledger, calendar, now)
            assert left == _reference_left(ledger, slow, now), (seed, case, ledger, now)
    return seen


def _note(seen: Seen, ledger: Ledger, answer: object) -> None:
    seen.cases += 1
    seen.beyond += answer == "beyond"
    seen.kinds[ledger.limit.unit.name] += 1
    seen.kinds["phases"] += ledger.limit.then is not None
    seen.kinds["overlaps"] += any(
        a.closed and b.opened < a.closed for a, b in pairwise(ledger.pauses)
    )
    seen.kinds["restarts"] += any(one.mode is PauseMode.RESTART for one in ledger.pauses)


def _engine_due(ledger: Ledger, calendar: Calendar) -> Answer | str:
    try:
        return _plain(due(ledger, calendar))
    except BeyondCalendar:
        return "beyond"


def _plain(found: Due | None) -> Answer:
    if found is None:
        return None
    moment = reference.local(found.moment)
    assert found.day == moment.toordinal()
    return moment.date(), moment, found.by_day


def _reference_due(ledger: Ledger, calendar: reference.ReferenceCalendar) -> Answer | str:
    try:
        return reference.due(ledger, calendar)
    except reference.OutOfRangeError:
        return "beyond"


def _engine_left(ledger: Ledger, calendar: Calendar, now: Instant) -> tuple[int, int] | str:
    try:
        phase = phase_in_force(ledger, calendar, now).limit
        return phase.amount, remaining(ledger, calendar, now)
    except BeyondCalendar:
        return "beyond"


def _reference_left(
    ledger: Ledger, calendar: reference.ReferenceCalendar, now: Instant
) -> tuple[int, int] | str:
    try:
        film = reference.Film(ledger, calendar, reference.local(now))
        return film.limit.amount, film.left()
    except reference.OutOfRangeError:
        return "beyond"


def stories_agree(seed: int, cases: int) -> Seen:
    """Everything that the rules of a registry make of a story."""
    random, seen = Random(seed), Seen()
    world = random_world(random)
    rules = ReferenceRules(world)
    for case in range(cases):
        story = random_story(random, world.base)
        now = Instant(story[-1][0] + random.randrange(20 * DAY))
        try:
            _story_agrees(story, world, rules, now, seen)
        except AssertionError as error:
            raise AssertionError(seed, case, story) from error
        seen.cases += 1
    return seen


def _story_agrees(
    story: Story, world: World, rules: ReferenceRules, now: Instant, seen: Seen
) -> None:
    state = fold(DOSSIER, events_of(story), world.registry)
    found = derive(state, world.registry)
    told = read(story)
    kinds = [one.kind for one in found.anomalies]
    if "beyond_calendar" in kinds:
        seen.beyond += 1
        return
    reception = rules.reception(told) if told.filed else None
    assert _plain(found.reception_due) == reception
    seen.kinds["reception"] += reception is not None
    seen.kinds["reception paused"] += bool(told.before)
    if told.received is None:
        assert found.due is None
        return
    verdict = Verdict(told, rules)
    assert _plain(found.due) == verdict.due
    assert _plain(found.reappointed_due) == verdict.reappointed
    assert [_plain(one) for one in found.consultation_dues] == verdict.consultations()
    assert kinds == verdict.anomalies
    assert found.paused == verdict.paused
    assert is_resting(found.rests, day_number(now)) == verdict.rests_on(local_date(now))
    _note_story(seen, found, verdict)
    _remainders_agree(state, world, verdict, now)


def _remainders_agree(state: DossierState, world: World, verdict: Verdict, now: Instant) -> None:
    calendar = world.registry.calendar(state.resolving_unit)
    assert calendar is not None
    assert state.limit is not None
    if state.limit.unit is not LimitUnit.NONE:
        ledger = ruled(state, state.limit, world.registry, calendar).ledger
        left = _engine_left(ledger, calendar, now)
        assert left == _reference_left(verdict.ledger, verdict.calendar, now)


def _note_story(seen: Seen, found: Derived, verdict: Verdict) -> None:
    seen.kinds.update(verdict.anomalies)
    seen.kinds["phases"] += verdict.limit.then is not None
    seen.kinds["due"] += found.due is not None
    seen.kinds["reappointed"] += found.reappointed_due is not None
    seen.kinds["paused"] += found.paused
    seen.kinds["rests"] += bool(found.rests)
    seen.kinds["consulted"] += any(found.consultation_dues)
    seen.kinds["extended"] += verdict.ledger.extension > 0
    seen.kinds["suspended"] += any(one.reason.startswith("QĐ") for one in verdict.ledger.pauses)
    seen.kinds["no limit"] += verdict.limit.unit is LimitUnit.NONE
