"""Golden stories: what happened at the counter, and the due date it leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from event_strategies import (
    COMMUNE,
    CONTINUES,
    DOSSIER,
    ENDLESS,
    HOURS,
    REGISTRY,
    RESTARTS,
    event,
)
from motcua_kernel.clock import Holder, PauseMode
from motcua_kernel.derive import Derived, derive
from motcua_kernel.events import (
    Change,
    Channel,
    Extended,
    Filed,
    Forwarded,
    PaymentPaid,
    PaymentRequested,
    Received,
    Refused,
    Resolved,
    Resumed,
    Returned,
    Stopped,
    SupplementRequested,
    SupplementSupplied,
    Withdrawn,
)
from motcua_kernel.fold import fold
from motcua_kernel.instant import Instant, format_local, parse_rfc3339
from motcua_kernel.life_cycle import Status
from motcua_kernel.state import NEVER, DossierState, Step
from motcua_kernel.verdict import Outcome, outcome

if TYPE_CHECKING:
    from motcua_kernel.clock import Due

Told = tuple[str, Change]


def at(text: str) -> Instant:
    return parse_rfc3339(f"2026-{text.replace(' ', 'T')}:00+07:00")


def shown(due: Due | None) -> str:
    return "" if due is None else format_local(due.moment)[5:16].replace("T", " ")


def told(*story: Told) -> tuple[DossierState, Derived]:
    events = [event(change, at(moment), f"e{n}") for n, (moment, change) in enumerate(story)]
    state = fold(DOSSIER, events, REGISTRY)
    assert state.anomalies == ()
    assert state.events == len(story)
    return state, derive(state, REGISTRY)


def received(procedure: str = CONTINUES) -> Told:
    change = Received(procedure, Channel.COUNTER, COMMUNE, COMMUNE, department="tu-phap")
    return ("03-02 10:00", change)


FORWARDED: Told = ("03-02 11:00", Forwarded("tu-phap", "appraise"))
ASKED: Told = ("03-03 10:00", SupplementRequested("R1", "02"))
SUPPLIED: Told = ("03-10 15:00", SupplementSupplied())


def test_received_is_due_three_working_days_later() -> None:
    state, derived = told(received())
    assert state.status is Status.RECEIVED
    assert state.reporting_unit == COMMUNE
    assert shown(derived.due) == "03-05 10:00"
    assert derived.anomalies == ()


def test_a_supplement_pauses_and_the_rest_goes_on() -> None:
    state, derived = told(received(), FORWARDED, ASKED)
    assert (state.status, state.is_paused) == (Status.SUPPLEMENT_REQUESTED, True)
    assert derived.due is None
    (pause,) = state.pauses
    assert (pause.reason, pause.holder, pause.mode) == ("R1", Holder.APPLICANT, PauseMode.CONTINUE)

    state, derived = told(received(), FORWARDED, ASKED, SUPPLIED)
    assert (state.status, state.is_paused) == (Status.IN_PROCESS, False)
    assert shown(derived.due) == "03-12 15:00"

    state, derived = told(received(), FORWARDED, ASKED, SUPPLIED, ("03-13 09:00", Resolved()))
    assert state.status is Status.RESOLVED
    assert state.steps == (Step("tu-phap", "appraise", at("03-02 11:00"), at("03-13 09:00")),)
    assert outcome(derived.due, state.resolved_at) is Outcome.OVERDUE
    assert outcome(derived.due, at("03-12 17:00")) is Outcome.ON_TIME


def test_after_the_supplement_the_dossier_is_where_it_was() -> None:
    state, _ = told(received(), ASKED, SUPPLIED)
    assert state.status is Status.RECEIVED


def test_a_supplement_before_receipt_rests_the_reception_clock_and_leads_back() -> None:
    filed: Told = ("03-02 08:00", Filed(CONTINUES, COMMUNE))
    state, derived = told(filed, ("03-02 09:00", SupplementRequested()))
    assert (state.status, state.is_paused) == (Status.SUPPLEMENT_REQUESTED, True)
    assert (derived.paused, derived.reception_due) == (True, None)
    state, derived = told(
        filed, ("03-02 09:00", SupplementRequested()), ("03-02 10:00", SupplementSupplied())
    )
    assert state.status is Status.FILED
    assert shown(derived.reception_due) == "03-03 09:00"


def test_a_restart_runs_the_full_limit_again() -> None:
    state, derived = told(received(RESTARTS), FORWARDED, ASKED, SUPPLIED)
    assert state.pauses[0].mode is PauseMode.RESTART
    assert shown(derived.due) == "03-13 15:00"


def test_a_payment_pauses() -> None:
    asked: Told = ("03-03 10:00", PaymentRequested("FEE"))
    state, derived = told(received(), FORWARDED, asked)
    assert (state.status, derived.due) == (Status.PAYMENT_DUE, None)
    state, derived = told(received(), FORWARDED, asked, ("03-04 10:00", PaymentPaid()))
    assert state.status is Status.IN_PROCESS
    assert shown(derived.due) == "03-06 10:00"


def test_a_pause_that_comes_too_late_cures_nothing() -> None:
    late: Told = ("03-06 10:00", SupplementRequested("R1"))
    state, derived = told(received(), FORWARDED, late)
    assert state.is_paused
    assert shown(derived.due) == "03-05 10:00"
    state, derived = told(received(), FORWARDED, late, SUPPLIED, ("03-11 09:00", Resolved()))
    assert outcome(derived.due, state.resolved_at) is Outcome.OVERDUE


def extended(at_moment: str, minutes: int, *, replaces_due: bool = False) -> Told:
    return at_moment, Extended(minutes, "R1", "04/03-2025-TT-VPCP", replaces_due)


def test_an_extension_replaces_the_due_date_or_only_appoints_anew() -> None:
    replacing = extended("03-04 10:00", 960, replaces_due=True)
    _, derived = told(received(), replacing)
    assert (shown(derived.due), derived.reappointed_due) == ("03-09 10:00", None)

    _, derived = told(received(), extended("03-04 10:00", 480))
    assert shown(derived.due) == "03-05 10:00"
    assert shown(derived.reappointed_due) == "03-06 10:00"

    _, derived = told(received(), replacing, extended("03-04 11:00", 480))
    assert shown(derived.due) == "03-09 10:00"
    assert shown(derived.reappointed_due) == "03-10 10:00"


def test_an_extension_without_reason_and_form_moves_nothing_and_is_shown() -> None:
    _, derived = told(received(), ("03-04 10:00", Extended(960, "R1", replaces_due=True)))
    assert (shown(derived.due), derived.reappointed_due) == ("03-05 10:00", None)
    assert [one.kind for one in derived.anomalies] == ["extension_without_ground"]


def test_an_extension_after_the_limit_ran_out_cures_no_lateness() -> None:
    _, derived = told(received(), extended("03-06 08:00", 960, replaces_due=True))
    assert shown(derived.due) == "03-05 10:00"
    assert shown(derived.reappointed_due) == "03-09 10:00"
    assert [one.kind for one in derived.anomalies] == ["extension_too_late"]


def test_a_stop_pauses_and_a_final_stop_closes() -> None:
    state, derived = told(received(), FORWARDED, ("03-03 10:00", Stopped("R2")))
    assert (state.status, state.is_paused, state.is_ended) == (Status.STOPPED, True, False)
    assert state.pauses[0].holder is Holder.AGENCY
    assert derived.due is None
    state, derived = told(
        received(), FORWARDED, ("03-03 10:00", Stopped()), ("03-04 10:00", Resumed())
    )
    assert state.status is Status.IN_PROCESS
    assert shown(derived.due) == "03-06 10:00"
    state, _ = told(received(), FORWARDED, ("03-03 10:00", Stopped(final=True)))
    assert (state.status, state.is_paused, state.is_ended) == (Status.STOPPED, False, True)
    assert state.closed_at == state.steps[-1].left == at("03-03 10:00")


def test_what_never_came_is_refused_after_the_supplement_request() -> None:
    state, _ = told(received(), ASKED, ("03-30 10:00", Refused("R3")))
    assert (state.status, state.is_received) == (Status.REFUSED, True)
    assert state.closed_at == state.pauses[0].closed == at("03-30 10:00")


def test_refused_at_the_counter_was_never_received() -> None:
    state, derived = told(("03-02 10:00", Refused("R3")))
    assert (state.status, state.is_received, state.is_ended) == (Status.REFUSED, False, True)
    assert (derived.due, derived.registry_offset) == (None, -1)


def test_withdrawn_ends_the_dossier_and_its_pause() -> None:
    state, _ = told(received(), FORWARDED, ASKED, ("03-04 10:00", Withdrawn("R4")))
    assert (state.status, state.is_paused) == (Status.WITHDRAWN, False)
    assert state.pauses[0].closed == state.closed_at == at("03-04 10:00")


def test_filed_online_waits_eight_working_hours_for_its_answer() -> None:
    filed: Told = ("03-07 21:00", Filed(CONTINUES, COMMUNE))
    state, derived = told(filed)
    assert (state.status, state.is_received, derived.due) == (Status.FILED, False, None)
    assert shown(derived.reception_due) == "03-09 17:30"
    answered = Received(CONTINUES, Channel.ONLINE, COMMUNE, COMMUNE)
    state, derived = told(filed, ("03-09 08:00", answered))
    assert (state.filed_at, state.received_at) == (at("03-07 21:00"), at("03-09 08:00"))
    assert shown(derived.reception_due) == "03-09 17:30"
    assert shown(derived.due) == "03-12 08:00"


def test_a_limit_in_hours_and_no_limit_at_all() -> None:
    _, derived = told(received(HOURS))
    assert shown(derived.due) == "03-03 10:00"
    state, derived = told(received(ENDLESS), ("03-30 10:00", Resolved()))
    assert derived.due is None
    assert outcome(derived.due, state.resolved_at) is Outcome.NO_DEADLINE


def test_forwarding_leaves_one_step_and_enters_the_next() -> None:
    state, _ = told(received(), FORWARDED, ("03-03 09:00", Forwarded("dia-chinh", "sign")))
    assert state.department == "tu-phap"
    assert state.steps == (
        Step("tu-phap", "appraise", at("03-02 11:00"), at("03-03 09:00")),
        Step("dia-chinh", "sign", at("03-03 09:00"), NEVER),
    )


def test_returned_keeps_the_resolved_date() -> None:
    state, derived = told(
        received(), ("03-04 16:00", Resolved("KQ.G15.000031")), ("03-20 08:00", Returned())
    )
    assert state.status is Status.RETURNED
    assert (state.resolved_at, state.returned_at) == (at("03-04 16:00"), at("03-20 08:00"))
    assert outcome(derived.due, state.resolved_at) is Outcome.EARLY
