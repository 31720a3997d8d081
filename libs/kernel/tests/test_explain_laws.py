"""Laws: the lines of an explanation, the shares of a lateness and the accounts of steps add up."""

from __future__ import annotations

from random import Random

from accounted_cases import random_now, random_registry, random_state
from hypothesis import given, settings
from hypothesis import strategies as st
from motcua_kernel.attribution import Party, attribution
from motcua_kernel.calendar import Measure
from motcua_kernel.clock import LimitUnit, due, phase_in_force, phases_by, used
from motcua_kernel.derive import derive
from motcua_kernel.explain import Mark, explain
from motcua_kernel.explain_reasons import Reason
from motcua_kernel.instant import MINUTE, day_number
from motcua_kernel.ruled import Ruled, ruled
from motcua_kernel.running import running
from motcua_kernel.state import DossierState
from motcua_kernel.steps import step_accounts, step_due

seeds = st.integers(0, 2**32)


class Drawn:
    """A dossier, its registry, and the moment of asking."""

    def __init__(self, seed: int) -> None:
        random = Random(seed)
        self.registry = random_registry(random)
        self.state: DossierState = random_state(random)
        self.now = random_now(random, self.state)
        found = self.registry.calendar(self.state.resolving_unit)
        assert found is not None
        self.calendar = found
        ended = self.state.resolved_at
        self.until = min(self.now, ended) if ended else self.now
        assert self.state.limit is not None
        self.found: Ruled = ruled(self.state, self.state.limit, self.registry, self.calendar)
        self.procedure = self.registry.procedures[self.state.procedure][0]


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_the_lines_add_up_to_the_limit_and_to_what_was_used(seed: int) -> None:
    case = Drawn(seed)
    told = explain(case.state, derive(case.state, case.registry), case.registry, case.now)
    assert told.problem is None
    ledger = case.found.ledger
    assert told.due == due(ledger, case.calendar)
    if told.due is not None:
        assert [one.counted for one in told.sums] == [one.budget for one in told.sums]
    assert told.used == used(ledger, case.calendar, case.until)
    in_force = len(phases_by(ledger, case.calendar, case.until)) - 1
    assert sum(line.used for line in told.lines if line.phase == in_force) == told.used


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_every_day_from_the_receipt_to_the_due_date_has_its_line_and_its_reason(seed: int) -> None:
    case = Drawn(seed)
    told = explain(case.state, derive(case.state, case.registry), case.registry, case.now)
    days = sorted({line.day for line in told.lines})
    first = day_number(case.state.received_at)
    last = max(day_number(case.until), told.due.day if told.due else 0, first)
    assert days == list(range(first, last + 1))
    for line in told.lines:
        assert line.reasons or line.mark is not Mark.SKIPPED
        assert 0 <= line.counted <= line.whole + 1


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_the_shares_add_up_to_the_lateness_exactly(seed: int) -> None:
    case = Drawn(seed)
    shares = attribution(case.state, case.found, case.registry, case.calendar, case.now)
    ledger = case.found.ledger
    if ledger.limit.unit is LimitUnit.NONE:
        assert shares == ()
        return
    phase = phase_in_force(ledger, case.calendar, case.until)
    budget = (phase.limit.amount + phase.extension) * MINUTE
    spent = used(ledger, case.calendar, case.until)
    assert sum(one.late for one in shares) == spent - budget
    assert sum(one.spent for one in shares) == spent
    assert all(one.spent >= 0 for one in shares)
    assert [one.party for one in shares].count(Party.WAITING) == 1


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_the_stays_at_steps_never_use_more_than_the_clock_ran(seed: int) -> None:
    case = Drawn(seed)
    ledger = case.found.ledger
    accounts = step_accounts(case.state, case.procedure, ledger, case.calendar, case.now)
    position = case.calendar.position
    ran = running(ledger, case.calendar, case.until)
    worked = sum(position(b, Measure.TIME) - position(a, Measure.TIME) for a, b in ran)
    assert 0 <= sum(one.used for one in accounts) <= worked
    assert len(accounts) == len(case.state.steps)


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_the_step_at_hand_is_due_when_its_account_runs_out(seed: int) -> None:
    case = Drawn(seed)
    ledger = case.found.ledger
    end = step_due(case.state, case.procedure, ledger, case.calendar)
    if end is None:
        return
    (*_, here) = step_accounts(case.state, case.procedure, ledger, case.calendar, end.moment)
    assert here.budget is not None
    assert here.used == here.budget


def test_the_random_dossiers_meet_every_reason_of_a_day() -> None:
    met: set[Reason] = set()
    for seed in range(600):
        case = Drawn(seed)
        told = explain(case.state, derive(case.state, case.registry), case.registry, case.now)
        met |= {one.reason for line in told.lines for one in line.reasons}
    without_dates = {Reason.NOT_RECEIVED, Reason.NO_CALENDAR, Reason.BEYOND_CALENDAR}
    assert set(Reason) - met == without_dates | {Reason.CLOSED_OTHERWISE}
