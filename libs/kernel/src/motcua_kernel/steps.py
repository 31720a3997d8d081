"""Steps (bước, quy trình nội bộ): what each may use of the time, and when it is due.

A budget never extends the deadline of the dossier, and while the dossier rests its step rests too.
Time that a step leaves unused is carried and shown; it makes no later step due later, as each is
due by its own budget alone. A restart of the dossier's clock gives every step its budget anew.

A step sent back to (trả lại bước) resumes what was left of its budget, or starts it again, by the
procedure. Being handed on within a step is no send-back. Source: domain reference 4.5; budgets are
those of the procedure's version of the receipt day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from motcua_kernel.calendar import Edge, Measure
from motcua_kernel.clock import (
    Due,
    Ledger,
    Limit,
    LimitUnit,
    due,
    start_of_clock,
)
from motcua_kernel.instant import MINUTE, Instant, day_number
from motcua_kernel.procedures import SendBack
from motcua_kernel.running import FAR, Span, common, running
from motcua_kernel.state import NEVER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from motcua_kernel.calendar import Calendar
    from motcua_kernel.procedures import Procedure, ProcessStep
    from motcua_kernel.state import DossierState, Step


class StepAccount(NamedTuple):
    """One stay at a step, in working milliseconds; `left` is None while the dossier is there.

    `budget` is what this stay might use, None where the procedure knows no such step. `carried`
    is what other steps had left unused when this stay began.
    """

    department: str
    step: str
    entered: Instant
    left: Instant | None
    budget: int | None
    carried: int
    used: int

    @property
    def unused(self) -> int:
        """What the stay left of its budget; 0 when it took more."""
        return max(0, (self.budget or 0) - self.used)


def process_step(stay: Step, procedure: Procedure | None) -> ProcessStep | None:
    """The step of the procedure that a stay belongs to: by its id, else its department's only one.

    None where that does not tell.
    """
    if procedure is None:
        return None
    for one in procedure.steps:
        if one.id == stay.step:
            return one
    if stay.step:
        return None
    own = [one for one in procedure.steps if one.department == stay.department]
    return own[0] if len(own) == 1 else None


def step_due(
    state: DossierState, procedure: Procedure | None, ledger: Ledger, calendar: Calendar
) -> Due | None:
    """When the step that the dossier is at is due; None without a budget, or while it rests.

    A step that comes back with nothing left is due at the moment of its return.

    Raises:
        BeyondCalendar: the end lies behind the calendar's horizon.
    """
    if procedure is None or state.is_ended or not state.steps or state.steps[-1].left != NEVER:
        return None
    here = state.steps[-1]
    step = process_step(here, procedure)
    if step is None:
        return None
    limit = Limit(LimitUnit.WORKING_HOURS, step.budget_minutes)
    stays = _on_one_budget(state.steps, step, procedure)
    if len(stays) == 1 and not ledger.pauses:
        started = here.entered
        if ledger.limit.cutoff_minute is not None:
            started = max(started, start_of_clock(ledger.started, ledger.limit, calendar))
        return due(Ledger(limit, started), calendar)
    ran = running(ledger, calendar, FAR)
    if not ran or ran[-1][1] != FAR:
        return None
    there = common([_span(stay, FAR) for stay in stays], ran)
    end = max(here.entered, _run_out(there, step.budget_minutes * MINUTE, calendar))
    return Due(day_number(end), end, by_day=False)


def step_accounts(
    state: DossierState,
    procedure: Procedure | None,
    ledger: Ledger,
    calendar: Calendar,
    now: Instant,
) -> tuple[StepAccount, ...]:
    """Every stay at a step with what it might use and what it used by a moment, in order.

    Only time of the dossier's running clock is used; a restart has wiped out what came before.

    Raises:
        BeyondCalendar: the calendar does not answer for a day that matters.
    """
    until = min(now, state.ended_at) if state.is_ended else now
    ran = running(ledger, calendar, until)
    accounts: list[StepAccount] = []
    last_of: dict[tuple[str, str], StepAccount] = {}
    key_before: tuple[str, str] | None = None
    for stay in state.steps:
        step = process_step(stay, procedure)
        key = key_of(stay, step)
        earlier = last_of.get(key)
        carried = sum(one.unused for other, one in last_of.items() if other != key)
        used = sum(_worked(span, calendar) for span in common([_span(stay, until)], ran))
        budget = None if step is None else step.budget_minutes * MINUTE
        if budget is not None and earlier is not None:
            resumes = procedure is not None and procedure.send_back is SendBack.RESUME
            if resumes or key_before == key:
                budget = earlier.unused
        account = StepAccount(
            stay.department,
            step.id if step else stay.step,
            stay.entered,
            None if stay.left == NEVER else stay.left,
            budget,
            carried,
            used,
        )
        accounts.append(account)
        last_of[key] = account
        key_before = key
    return tuple(accounts)


def key_of(stay: Step, step: ProcessStep | None) -> tuple[str, str]:
    """What makes two stays one step: the id in the procedure, else as it was told."""
    return ("", step.id) if step else (stay.department, stay.step)


def _on_one_budget(
    stays: Sequence[Step], step: ProcessStep, procedure: Procedure
) -> Sequence[Step]:
    """The stays that draw on the budget of the last one, itself included."""
    if len(stays) == 1:
        return stays
    resumes = procedure.send_back is SendBack.RESUME
    found: list[Step] = []
    for stay in reversed(stays):
        same = process_step(stay, procedure)
        if same is not None and same.id == step.id:
            found.insert(0, stay)
        elif not resumes:
            break
    return found


def _span(stay: Step, until: Instant) -> Span:
    return (stay.entered, until if stay.left == NEVER else min(stay.left, until))


def _run_out(spans: Sequence[Span], budget: int, calendar: Calendar) -> Instant:
    """When a budget in working milliseconds is used up within spans, of which the last is open."""
    left = budget
    for start, end in spans:
        position = calendar.position(start, Measure.TIME) + left
        if end != FAR:
            left = position - calendar.position(end, Measure.TIME)
            if left >= 0:
                continue
        return max(start, calendar.instant_at(position, Measure.TIME, Edge.EARLY))
    return spans[-1][1]


def _worked(span: Span, calendar: Calendar) -> int:
    start, end = span
    return calendar.position(end, Measure.TIME) - calendar.position(start, Measure.TIME)
