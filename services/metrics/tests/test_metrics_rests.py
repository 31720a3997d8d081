"""Clocks that stand by themselves on some days, and the clocks of steps and receptions."""

from __future__ import annotations

from datetime import date
from typing import Any

from metrics_cases import COMMUNE, due_on, state
from metrics_exposition import Bench
from motcua_kernel.clock import Due
from motcua_kernel.events import Channel
from motcua_kernel.instant import Instant, at_local, day_number
from motcua_kernel.life_cycle import Status
from motcua_kernel.ruled import FOR_EVER
from motcua_kernel.state import NEVER

_TIMINGS = ("within", "due_soon", "overdue", "paused", "no_deadline")
_STEPS = "motcua_steps_in_progress"
_DOSSIERS = "motcua_dossiers_in_progress"
_AT = at_local(date(2020, 10, 28), 15 * 60)


def _days(first: date, last: date) -> tuple[int, int]:
    return first.toordinal(), last.toordinal()


def _timing(bench: Bench, name: str, *place: str) -> str:
    """The only timing that has a count."""
    (found,) = [timing for timing in _TIMINGS if bench.value(name, *place, timing)]
    return found


def _by_day(bench: Bench, name: str, *place: str) -> dict[int, str]:
    """The timing on each day from 26/10/2020 to 31/10/2020, at 10:00."""
    seen: dict[int, str] = {}
    for day in range(26, 32):
        bench.now = at_local(date(2020, 10, day), 600)
        seen[day] = _timing(bench, name, *place)
    return seen


def test_a_suspension_pauses_on_its_days_only_what_was_within() -> None:
    bench = Bench()
    rests = _days(date(2020, 10, 27), date(2020, 10, 28))
    due = due_on(date(2020, 11, 20))
    bench.read(state(due=due, rests=rests, step_due=due, step_department="kt"))
    by_day = {26: "within", 27: "paused", 28: "paused", 29: "within", 30: "within", 31: "within"}
    for name in (_DOSSIERS, _STEPS):
        assert _by_day(bench, name, COMMUNE, "kt") == by_day


def test_a_suspension_pauses_on_its_days_only_what_was_overdue() -> None:
    bench = Bench()
    rests = _days(date(2020, 10, 28), date(2020, 10, 29))
    due = due_on(date(2020, 10, 23))
    bench.read(state(due=due, rests=rests))
    by_day = {26: "overdue", 27: "overdue", 28: "paused", 29: "paused", 30: "overdue"}
    assert _by_day(bench, _DOSSIERS, COMMUNE, "kt") == by_day | {31: "overdue"}
    bench.now = at_local(date(2020, 10, 28), 600)
    assert bench.value("motcua_oldest_overdue_working_days", COMMUNE, "kt") is None


def test_before_a_suspension_without_an_end_a_dossier_is_within() -> None:
    bench = Bench()
    rests = (date(2020, 10, 29).toordinal(), FOR_EVER)
    bench.read(state(due=None, rests=rests))
    assert _timing(bench, _DOSSIERS, COMMUNE, "kt") == "within"
    bench.now = at_local(date(2020, 10, 29), 600)
    assert _timing(bench, _DOSSIERS, COMMUNE, "kt") == "paused"


def test_a_step_is_shown_under_the_department_that_holds_it_by_its_own_due_date() -> None:
    bench = Bench()
    end = at_local(date(2020, 10, 28), 11 * 60)
    bench.read(state(step_due=_moment(end), step_department="vh-xh"))
    bench.now = end
    assert _timing(bench, _STEPS, COMMUNE, "vh-xh") == "due_soon"
    assert bench.value(_STEPS, COMMUNE, "kt", "due_soon") == 0
    bench.now = Instant(end + 1)
    assert _timing(bench, _STEPS, COMMUNE, "vh-xh") == "overdue"
    assert _timing(bench, _DOSSIERS, COMMUNE, "kt") == "within"
    bench.read(state(events=2))
    assert bench.value(_STEPS, COMMUNE, "vh-xh", "overdue") == 0, "between two steps"


def test_a_step_without_a_budget_has_no_deadline_and_rests_with_its_dossier() -> None:
    bench = Bench()
    past = _days(date(2020, 10, 26), date(2020, 10, 26))
    bench.read(state(step_department="kt", rests=past))
    assert _timing(bench, _STEPS, COMMUNE, "kt") == "no_deadline"
    bench.read(state(step_department="kt", is_paused=True, due=None, events=2))
    assert _timing(bench, _STEPS, COMMUNE, "kt") == "paused"


def test_an_ended_dossier_is_in_no_step() -> None:
    bench = Bench()
    ended: dict[str, Any] = {"status": Status.RESOLVED, "resolved_at": _AT, "step_department": "kt"}
    bench.read(state(**ended))
    assert not any(bench.value(_STEPS, COMMUNE, "kt", timing) for timing in _TIMINGS)


def test_a_reception_turns_overdue_after_its_moment_and_rests_while_a_supplement_is_asked() -> None:
    bench = Bench()
    filed: dict[str, Any] = {
        "channel": Channel.ONLINE,
        "reporting_unit": "",
        "filed_at": at_local(date(2020, 10, 27), 15 * 60),
        "received_at": NEVER,
        "due": None,
    }
    place = ("motcua_receptions_pending", COMMUNE)
    bench.read(state(status=Status.FILED, reception_due=_moment(_AT), **filed))
    bench.now = _AT
    assert _timing(bench, *place) == "due_soon"
    bench.now = Instant(_AT + 1)
    assert _timing(bench, *place) == "overdue"
    asked = state(status=Status.SUPPLEMENT_REQUESTED, is_paused=True, events=2, **filed)
    bench.read(asked)
    assert _timing(bench, *place) == "paused"
    later = at_local(date(2020, 10, 30), 9 * 60)
    bench.read(state(status=Status.FILED, events=3, reception_due=_moment(later), **filed))
    assert _timing(bench, *place) == "within"


def _moment(at: Instant) -> Due:
    return Due(day_number(at), at, by_day=False)
