"""Steps: budgets, what is carried and shown, send-backs, and the dossier's rests."""

from __future__ import annotations

from datetime import date

import pytest
from event_strategies import COMMUNE, CONTINUES, DOSSIER, entries, event, registry_of
from motcua_kernel.clock import Due, Ledger, PauseMode
from motcua_kernel.derive import derive
from motcua_kernel.events import (
    Change,
    Channel,
    Forwarded,
    Received,
    Resolved,
    SupplementRequested,
    SupplementSupplied,
)
from motcua_kernel.fold import fold
from motcua_kernel.instant import Instant, format_local, local_date, parse_rfc3339
from motcua_kernel.procedures import PauseCause, Procedure, ProcessStep, SendBack
from motcua_kernel.registry import Registry
from motcua_kernel.ruled import ruled
from motcua_kernel.state import DossierState
from motcua_kernel.steps import StepAccount, step_accounts
from msgspec.structs import replace

HOUR_MS = 3_600_000
STEPS = (
    ProcessStep("receive", "mot-cua", 120),
    ProcessStep("appraise", "tu-phap", 300),
    ProcessStep("sign", "lanh-dao", 60),
)
Told = tuple[str, Change]
RECEIVED: Told = ("03-02 07:30", Received(CONTINUES, Channel.COUNTER, COMMUNE, COMMUNE))
AT_RECEPTION: Told = ("03-02 07:30", Forwarded("mot-cua", "receive"))
TO_APPRAISAL: Told = ("03-02 08:30", Forwarded("tu-phap", "appraise"))
TO_SIGNING: Told = ("03-02 10:30", Forwarded("lanh-dao", "sign"))
SENT_BACK: Told = ("03-02 11:00", Forwarded("tu-phap", "appraise"))


def at(text: str) -> Instant:
    return parse_rfc3339(f"2026-{text.replace(' ', 'T')}:00+07:00")


def registry(
    send_back: SendBack = SendBack.RESUME, mode: PauseMode = PauseMode.CONTINUE
) -> Registry:
    known = [
        replace(
            one,
            steps=STEPS,
            send_back=send_back,
            pause_modes=tuple((cause, mode) for cause in PauseCause),
        )
        if isinstance(one, Procedure)
        else one
        for one in entries()
    ]
    return registry_of(known)


def folded(*story: Told, under: Registry) -> DossierState:
    events = [event(change, at(moment), f"e{n}") for n, (moment, change) in enumerate(story)]
    return fold(DOSSIER, events, under)


def step_is_due(*story: Told, under: Registry | None = None) -> str:
    rules = under or registry()
    due = derive(folded(*story, under=rules), rules).step_due
    return shown(due)


def shown(due: Due | None) -> str:
    return "" if due is None else format_local(due.moment)[5:16].replace("T", " ")


def accounts(*story: Told, now: str, under: Registry | None = None) -> tuple[StepAccount, ...]:
    rules = under or registry()
    state = folded(*story, under=rules)
    calendar = rules.calendar(COMMUNE)
    assert calendar is not None
    assert state.limit is not None
    ledger: Ledger = ruled(state, state.limit, rules, calendar).ledger
    procedure = rules.procedure_on(CONTINUES, local_date(state.received_at))
    return step_accounts(state, procedure, ledger, calendar, at(now))


def hours(account: StepAccount) -> tuple[float | None, float, float]:
    """Budget, carried and used."""
    budget = None if account.budget is None else account.budget / HOUR_MS
    return budget, account.carried / HOUR_MS, account.used / HOUR_MS


def test_a_step_is_due_when_its_own_budget_ends_whatever_earlier_ones_left() -> None:
    assert step_is_due(RECEIVED, AT_RECEPTION) == "03-02 09:30"
    assert step_is_due(RECEIVED, AT_RECEPTION, TO_APPRAISAL) == "03-02 15:30"


def test_unused_time_is_carried_and_shown() -> None:
    story = (RECEIVED, AT_RECEPTION, TO_APPRAISAL, TO_SIGNING)
    receive, appraise, sign = accounts(*story, now="03-02 11:00")
    assert hours(receive) == (2, 0, 1)
    assert hours(appraise) == (5, 1, 2)
    assert hours(sign) == (1, 4, 0.5)
    assert appraise.unused == 3 * HOUR_MS
    assert (sign.left, sign.department) == (None, "lanh-dao")


@pytest.mark.parametrize(
    ("rule", "due", "budget"),
    [(SendBack.RESUME, "03-02 16:00", 3), (SendBack.RESTART, "03-03 08:00", 5)],
)
def test_a_step_sent_back_to_resumes_its_budget_or_starts_it_again(
    rule: SendBack, due: str, budget: int
) -> None:
    story = (RECEIVED, AT_RECEPTION, TO_APPRAISAL, TO_SIGNING, SENT_BACK)
    under = registry(rule)
    assert step_is_due(*story, under=under) == due
    (*_, back) = accounts(*story, now="03-02 11:30", under=under)
    assert hours(back) == (budget, 1.5, 0.5)


def test_handing_on_within_a_step_starts_no_budget_again() -> None:
    to_a_colleague: Told = ("03-02 10:30", Forwarded("tu-phap", "appraise"))
    story = (RECEIVED, AT_RECEPTION, TO_APPRAISAL, to_a_colleague)
    for rule in SendBack:
        assert step_is_due(*story, under=registry(rule)) == "03-02 15:30"


def test_a_step_that_comes_back_with_nothing_left_is_due_at_once() -> None:
    back: Told = ("03-02 13:30", Forwarded("mot-cua", "receive"))
    away: Told = ("03-02 10:30", Forwarded("lanh-dao", "sign"))
    assert step_is_due(RECEIVED, AT_RECEPTION, away, back) == "03-02 13:30"


def test_a_step_rests_while_the_dossier_rests() -> None:
    asked: Told = ("03-02 09:30", SupplementRequested())
    supplied: Told = ("03-04 13:30", SupplementSupplied())
    story = (RECEIVED, AT_RECEPTION, TO_APPRAISAL, asked)
    assert step_is_due(*story) == ""
    assert step_is_due(*story, supplied) == "03-04 17:30"
    (_, appraise) = accounts(*story, supplied, now="03-04 14:30")
    assert hours(appraise) == (5, 1, 2)


def test_a_pause_after_the_dossiers_limit_ran_out_rests_no_step() -> None:
    late: Told = ("03-10 08:30", Forwarded("tu-phap", "appraise"))
    asked: Told = ("03-10 09:30", SupplementRequested())
    assert step_is_due(RECEIVED, late, asked) == "03-10 15:30"


def test_a_restart_of_the_dossier_gives_its_step_the_whole_budget_again() -> None:
    asked: Told = ("03-02 09:30", SupplementRequested())
    supplied: Told = ("03-04 08:30", SupplementSupplied())
    story = (RECEIVED, AT_RECEPTION, TO_APPRAISAL, asked, supplied)
    under = registry(mode=PauseMode.RESTART)
    assert step_is_due(*story, under=under) == "03-04 15:30"
    receive, appraise = accounts(*story, now="03-04 09:30", under=under)
    assert hours(receive) == (2, 0, 0)
    assert hours(appraise) == (5, 2, 1)


def test_the_only_step_of_a_department_is_known_without_its_id() -> None:
    assert step_is_due(RECEIVED, ("03-02 08:30", Forwarded("tu-phap"))) == "03-02 15:30"
    assert step_is_due(RECEIVED, ("03-02 08:30", Forwarded("tu-phap", "another"))) == ""
    assert step_is_due(RECEIVED, ("03-02 08:30", Forwarded("van-thu"))) == ""


def test_no_step_is_due_once_the_dossier_is_resolved() -> None:
    resolved: Told = ("03-02 10:00", Resolved())
    assert step_is_due(RECEIVED, AT_RECEPTION, TO_APPRAISAL, resolved) == ""
    (_, appraise) = accounts(RECEIVED, AT_RECEPTION, TO_APPRAISAL, resolved, now="05-04 10:00")
    assert hours(appraise) == (5, 1, 1.5)


def test_the_version_of_the_receipt_day_gives_the_budget() -> None:
    later = Procedure(
        CONTINUES, "", date(2026, 3, 3), steps=(ProcessStep("appraise", "tu-phap", 60),)
    )
    under = registry().with_entries([(99, later)])
    assert step_is_due(
        RECEIVED, ("03-04 08:30", Forwarded("tu-phap", "appraise")), under=under
    ) == ("03-04 15:30")
