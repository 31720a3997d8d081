"""Laws of limits in phases, of pauses in them, and of mass suspensions."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from motcua_kernel.calendar import Calendar
from motcua_kernel.clock import (
    EndRule,
    Holder,
    Ledger,
    Limit,
    LimitUnit,
    Pause,
    PauseMode,
    due,
    phase_in_force,
    phases_by,
    remaining,
)
from motcua_kernel.decrees import Suspension
from motcua_kernel.derive import derive
from motcua_kernel.fold import fold
from motcua_kernel.instant import DAY, Instant, day_number, midnight
from motcua_kernel.registry import Registry
from motcua_kernel.ruled import ruled
from motcua_kernel.state import DossierState
from motcua_kernel.verdict import Timing, is_overdue, timing
from msgspec.structs import replace
from random_cases import random_ledger, random_limit, random_phases
from random_rules import DOSSIER, events_of, random_story, random_world
from test_clock import CALENDARS, calendars, found, randoms


def _without_decrees(registry: Registry) -> Registry:
    return Registry(
        units=registry.units,
        weeks=registry.weeks,
        days=registry.days,
        procedures=registry.procedures,
    )


WORLDS = tuple(random_world(Random(seed)) for seed in range(12))
PLAIN = tuple((_without_decrees(world.registry), world.base) for world in WORLDS)
units = st.sampled_from(tuple(LimitUnit)[1:])


def now_of(ledger: Ledger, calendar: Calendar, now: Instant) -> tuple[Limit, int]:
    """The phase in force at a moment, and what remains of it."""
    return phase_in_force(ledger, calendar, now).limit, remaining(ledger, calendar, now)


@given(calendars, randoms, units, st.integers(0, 30 * DAY), st.integers(1, 20 * DAY))
def test_a_pause_leaves_the_phase_and_its_remaining_time_as_they_were(
    calendar: Calendar, random: Random, unit: LimitUnit, run: int, stand: int
) -> None:
    started = random_ledger(random).started
    limit = Limit(unit, 1440 * random.randrange(1, 8), then=random_phases(random, 2))
    ledger = Ledger(limit, started, extension=random.choice((0, 480)))
    end = found(ledger, calendar)
    opened, closed = Instant(started + run), Instant(started + run + stand)
    assume(not is_overdue(end, opened))
    before = now_of(ledger, calendar, opened)

    def paused(until: Instant | None) -> Ledger:
        stop = Pause(opened, until, PauseMode.CONTINUE, "fee", Holder.APPLICANT)
        return replace(ledger, pauses=(stop,))

    for moment in (Instant(opened + 1), closed):
        assert now_of(paused(None), calendar, moment) == before
    after = now_of(paused(closed), calendar, closed)
    if after[0] != before[0]:
        # Calendar days end with their day: this phase had none after the day on which it resumed.
        assert before[0].unit is LimitUnit.CALENDAR_DAYS
        assert closed >= calendar.closing(calendar.roll_forward(day_number(closed)))
    else:
        assert after == before


@given(calendars, randoms)
def test_a_due_date_never_lies_on_a_day_off(calendar: Calendar, random: Random) -> None:
    end = due(random_ledger(random), calendar)
    if end is not None and end.by_day:
        assert calendar.is_working_day(end.day)
        assert day_number(end.moment) == end.day


@given(calendars, randoms, st.lists(st.integers(1, 9), min_size=2, max_size=4))
def test_phases_of_whole_days_that_end_with_the_day_add_up(
    calendar: Calendar, random: Random, days: list[int]
) -> None:
    def limit(*parts: int) -> Limit | None:
        if not parts:
            return None
        then = limit(*parts[1:])
        return Limit(LimitUnit.WORKING_DAYS, 480 * parts[0], EndRule.END_OF_DAY, None, then)

    started = random_ledger(random).started
    split, whole = limit(*days), limit(sum(days))
    assert split is not None
    assert whole is not None
    no_half_days = all(
        calendar.day(day).weight in {0, 28_800_000}
        for day in range(day_number(started), found(Ledger(whole, started), calendar).day + 9)
    )
    assume(no_half_days)
    assert found(Ledger(split, started), calendar) == found(Ledger(whole, started), calendar)


@given(calendars, randoms, st.lists(st.integers(1, 5000), min_size=2, max_size=4))
def test_phases_of_working_hours_add_up(
    calendar: Calendar, random: Random, parts: list[int]
) -> None:
    then = None
    for minutes in parts:
        then = Limit(LimitUnit.WORKING_HOURS, minutes, then=then)
    whole = Limit(LimitUnit.WORKING_HOURS, sum(parts))
    assert then is not None
    started = random_ledger(random).started
    assert found(Ledger(then, started), calendar) == found(Ledger(whole, started), calendar)


@given(calendars, randoms, st.integers(0, 30 * DAY))
def test_receiving_later_never_makes_phases_end_earlier(
    calendar: Calendar, random: Random, delay: int
) -> None:
    limit = replace(random_limit(random), then=None)
    assume(limit.unit is not LimitUnit.NONE and limit.amount)
    limit = replace(limit, then=random_phases(random, 2))
    started = random_ledger(random).started
    earlier = found(Ledger(limit, started), calendar)
    later = found(Ledger(limit, Instant(started + delay)), calendar)
    assert earlier.day <= later.day
    assert earlier.moment <= later.moment


@settings(deadline=None, max_examples=50)
@given(randoms, st.integers(0, 30))
def test_a_lifted_suspension_gives_back_the_time_that_was_left(random: Random, length: int) -> None:
    state, registry, calendar, first = _running(random)
    assert state.limit is not None
    last = first + timedelta(days=length)
    decree = Suspension("QĐ 1", (), (), first, None)
    suspended = registry.with_entries([(900, decree)])
    lifted = suspended.with_entries([(901, replace(decree, last_day=last))])
    undone = lifted.with_entries([(902, replace(decree, last_day=first - timedelta(days=1)))])
    opening, reopening = midnight(first.toordinal()), midnight(last.toordinal() + 1)

    before = now_of(ruled(state, state.limit, registry, calendar).ledger, calendar, opening)
    still = ruled(state, state.limit, suspended, calendar).ledger
    assert due(still, calendar) is None
    assert now_of(still, calendar, reopening) == before
    after = now_of(ruled(state, state.limit, lifted, calendar).ledger, calendar, reopening)
    assert after == before
    rests = derive(state, lifted).rests
    for moment, expected in ((opening, Timing.PAUSED), (reopening, Timing.WITHIN)):
        assert timing(None, paused=False, now=moment, soon_until=0, rests=rests) is expected
    assert derive(state, undone).due == derive(state, registry).due


def _running(random: Random) -> tuple[DossierState, Registry, Calendar, date]:
    """A dossier that runs in a world without suspensions, and a day on which it still does."""
    while True:
        registry, base = random.choice(PLAIN)
        story = random_story(random, base)
        state = fold(DOSSIER, events_of(story), registry)
        end = derive(state, registry).due
        told = day_number(story[-1][0])
        calendar = registry.calendar(state.resolving_unit)
        if end is not None and calendar is not None and not state.is_ended and told < end.day:
            first = date.fromordinal(random.randrange(told + 1, end.day + 1))
            return state, registry, calendar, first


@settings(deadline=None, max_examples=50)
@given(st.sampled_from(range(len(WORLDS))), randoms)
def test_what_the_rules_make_of_a_story_depends_on_the_registry_and_on_nothing_else(
    number: int, random: Random
) -> None:
    world = WORLDS[number]
    events = events_of(random_story(random, world.base))
    once = derive(fold(DOSSIER, events, world.registry), world.registry)
    again = derive(fold(DOSSIER, events, world.registry), world.registry)
    shuffled = random.sample(events, len(events))
    twin = random_world(Random(number)).registry
    assert once == again
    assert once == derive(fold(DOSSIER, [*shuffled, *events[:2]], twin), twin)


@pytest.mark.parametrize("calendar", CALENDARS[:3])
def test_a_restart_in_a_later_phase_starts_the_first_one_again(calendar: Calendar) -> None:
    then = Limit(LimitUnit.WORKING_HOURS, 600)
    limit = Limit(LimitUnit.WORKING_DAYS, 960, then=then)
    started = random_ledger(Random(1)).started
    second = found(Ledger(replace(limit, then=None), started), calendar).moment
    asked = Instant(second + 1)
    supplied = Instant(asked + 3 * DAY)
    pause = Pause(asked, supplied, PauseMode.RESTART, "", Holder.APPLICANT)
    again = Ledger(limit, supplied)
    assert found(Ledger(limit, started, (pause,)), calendar) == found(again, calendar)


@given(calendars, randoms, st.integers(0, 60 * DAY))
def test_the_phases_that_have_begun_follow_each_other_from_the_first_to_the_one_in_force(
    calendar: Calendar, random: Random, passed: int
) -> None:
    ledger = random_ledger(random)
    now = Instant(ledger.started + passed)
    begun = phases_by(ledger, calendar, now)
    assert begun[-1] == phase_in_force(ledger, calendar, now)
    limits = ledger.limit
    for number, phase in enumerate(begun):
        assert limits is not None
        assert (phase.limit.unit, phase.limit.amount) == (limits.unit, limits.amount)
        assert phase.follows == (number > 0)
        limits = limits.then
    for phase, after in pairwise(begun):
        assert phase.started <= after.started <= now
        assert phase_in_force(ledger, calendar, after.started).started >= after.started
