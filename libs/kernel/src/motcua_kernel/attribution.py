"""Where the time of a dossier went: its lateness divided so that the lines add up to it exactly.

The sum of the lines is what was used minus the limit, in the limit's own units (`clock.used`):
positive for a dossier over its limit, negative by what it has left. Every moment in which the
clock ran falls to one line: a pause that rested nothing, else a consultation, else the step the
dossier was at, else waiting (chờ), when it was at none. A step's share is what it took beyond its
budget, and may be negative; waiting is measured against what the limit leaves beside the budgets.

The verdict by date is another thing: a limit in days that ran out at noon is kept until evening.
"""

from __future__ import annotations

from collections import Counter
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from motcua_kernel.clock import Ledger, LimitUnit, elapsed, phase_in_force, stretch
from motcua_kernel.instant import MINUTE, Instant, local_date
from motcua_kernel.procedures import SendBack
from motcua_kernel.running import Span, outside_rests
from motcua_kernel.state import NEVER
from motcua_kernel.steps import key_of, process_step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from motcua_kernel.calendar import Calendar
    from motcua_kernel.procedures import Procedure
    from motcua_kernel.registry import Registry
    from motcua_kernel.ruled import Ruled
    from motcua_kernel.state import DossierState


class Party(Enum):
    """What a share of the time falls to."""

    STEP = "step"
    PAUSE = "pause"
    SUSPENSION = "suspension"
    CONSULTATION = "consultation"
    WAITING = "waiting"


class Share(NamedTuple):
    """A line of the attribution, in units of `clock.used`.

    `code` is the step (`department` too where the procedure does not know it), the reason of a
    pause, the suspension or the agency; `opened` tells pauses and consultations apart.
    """

    party: Party
    code: str
    department: str
    opened: Instant | None
    spent: int
    budget: int

    @property
    def late(self) -> int:
        """The part of the lateness that falls to this line."""
        return self.spent - self.budget


class _Claim(NamedTuple):
    """A span that a line lays claim to; earlier claims go before later ones."""

    party: Party
    code: str
    department: str
    opened: Instant | None
    span: Span


_WORKING_DAY_IN_CALENDAR_DAYS: Final = 3
"""480 minutes of a budget stand for a day of 1440 where the limit counts calendar days."""


def attribution(
    state: DossierState, found: Ruled, registry: Registry, calendar: Calendar, now: Instant
) -> tuple[Share, ...]:
    """The shares of the time used by the end of the dossier, or by `now`; () without a limit.

    Of a limit in phases it is the phase in force, with the steps that took part in it.

    Raises:
        BeyondCalendar: the calendar does not answer for a day that matters.
    """
    ledger = found.ledger
    unit = ledger.limit.unit
    if unit is LimitUnit.NONE:
        return ()
    until = min(now, state.ended_at) if state.is_ended else now
    phase = phase_in_force(ledger, calendar, until)
    procedure = registry.procedure_on(state.procedure, local_date(state.received_at))
    claims = _claims(state, found, procedure, until)
    ran = outside_rests(stretch(phase, calendar, until))
    spent = _spent(ran, claims, phase.limit.unit, calendar)
    whole = (phase.limit.amount + phase.extension) * MINUTE
    shares = _pauses(claims, spent)
    steps = _steps(state, procedure, phase, spent, in_phases=ledger.limit.then is not None)
    rest = whole - sum(one.budget for one in steps)
    return (*steps, *shares, Share(Party.WAITING, "", "", None, spent[None], rest))


def _claims(
    state: DossierState, found: Ruled, procedure: Procedure | None, until: Instant
) -> list[_Claim]:
    """All claims; a lawful rest is cut out of the running time before any of them is heard."""
    claims: list[_Claim] = []
    for pause in state.pauses:
        span = (pause.opened, until if pause.closed is None else pause.closed)
        claims.append(_Claim(Party.PAUSE, pause.reason, "", pause.opened, span))
    suspensions = {one.id for one in found.suspensions}
    for pause in found.ledger.pauses:
        if pause.reason in suspensions:
            span = (pause.opened, until if pause.closed is None else pause.closed)
            claims.append(_Claim(Party.SUSPENSION, pause.reason, "", pause.opened, span))
    for one in state.consultations:
        span = (one.asked, one.answered or until)
        claims.append(_Claim(Party.CONSULTATION, one.agency, "", one.asked, span))
    for stay in state.steps:
        department, code = key_of(stay, process_step(stay, procedure))
        span = (stay.entered, until if stay.left == NEVER else stay.left)
        claims.append(_Claim(Party.STEP, code, department, None, span))
    return claims


def _spent(
    ran: Sequence[Span], claims: Sequence[_Claim], unit: LimitUnit, calendar: Calendar
) -> Counter[tuple[Party, str, str, Instant | None] | None]:
    """The running time of each claim; None is nobody's. Positions telescope, so nothing is lost."""
    spent: Counter[tuple[Party, str, str, Instant | None] | None] = Counter()
    edges = {moment for claim in claims for moment in claim.span}
    for start, end in ran:
        cuts = sorted({start, end, *(edge for edge in edges if start < edge < end)})
        for first, last in pairwise(cuts):
            holder = next((one for one in claims if one.span[0] <= first < one.span[1]), None)
            spent[None if holder is None else holder[:4]] += elapsed(first, last, unit, calendar)
    return spent


def _pauses(
    claims: Sequence[_Claim], spent: Counter[tuple[Party, str, str, Instant | None] | None]
) -> list[Share]:
    found = {claim[:4]: spent[claim[:4]] for claim in claims if claim.party is not Party.STEP}
    return [Share(*key, took, 0) for key, took in found.items() if took]


def _steps(
    state: DossierState,
    procedure: Procedure | None,
    phase: Ledger,
    spent: Counter[tuple[Party, str, str, Instant | None] | None],
    *,
    in_phases: bool,
) -> list[Share]:
    """A line for each step of the procedure, also those not reached, and for steps it lacks."""
    rate = MINUTE
    if phase.limit.unit is LimitUnit.CALENDAR_DAYS:
        rate *= _WORKING_DAY_IN_CALENDAR_DAYS
    budgets = _budgets(state, procedure)
    shares: list[Share] = []
    for (department, code), minutes in budgets.items():
        took = spent[(Party.STEP, code, department, None)]
        if took or not in_phases:
            shares.append(Share(Party.STEP, code, department, None, took, minutes * rate))
    return shares


def _budgets(state: DossierState, procedure: Procedure | None) -> dict[tuple[str, str], int]:
    """The minutes of each step: once, and again at each send-back that starts it anew."""
    steps = procedure.steps if procedure else ()
    budgets = {("", one.id): one.budget_minutes for one in steps}
    again = procedure is not None and procedure.send_back is SendBack.RESTART
    seen: set[tuple[str, str]] = set()
    before: tuple[str, str] | None = None
    for stay in state.steps:
        step = process_step(stay, procedure)
        key = key_of(stay, step)
        budgets.setdefault(key, 0)
        if again and step is not None and key in seen and key != before:
            budgets[key] += step.budget_minutes
        seen.add(key)
        before = key
    return budgets
