"""The kept sums against the slow computation, and what the clock alone changes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from metrics_cases import (
    COMMUNE,
    ENTRIES,
    PLACES,
    PROVINCE,
    UNITS,
    due_on,
    nows,
    registry,
    resolved,
    state,
    states,
)
from metrics_exposition import Bench
from motcua_kernel.clock import Due
from motcua_kernel.instant import DAY, Instant, at_local
from motcua_kernel.life_cycle import Status
from motcua_metrics.application.reading import read_accounted
from msgspec.structs import replace
from slow_figures import slow_figures

if TYPE_CHECKING:
    from motcua_platform.state_codec import PublishedState

_DOSSIERS = ("d-1", "d-2", "d-3", "d-4")
_histories = st.lists(st.sampled_from(_DOSSIERS).flatmap(states), max_size=12)

_FAMILIES = {
    "motcua_dossiers_in_progress": "in_progress",
    "motcua_dossiers_received": "received",
    "motcua_dossiers_resolved": "resolved",
    "motcua_dossiers_closed": "closed",
    "motcua_steps_in_progress": "steps",
    "motcua_receptions_pending": "receptions",
    "motcua_due_within_days": "due_within",
    "motcua_overdue_within_days": "overdue_within",
    "motcua_dossier_anomalies": "anomalies",
}


@settings(deadline=None)
@given(_histories, st.lists(nows, min_size=1, max_size=4))
def test_figures_equal_those_computed_from_scratch_at_every_now(
    history: list[PublishedState], moments: list[Instant]
) -> None:
    bench = Bench()
    bench.read(*history)
    latest = {one.dossier: one for one in history}
    for bench.now in moments:
        shown = {
            (_FAMILIES[name], *labels): value
            for (name, labels), value in bench.samples().items()
            if name in _FAMILIES and value
        }
        assert shown == slow_figures(latest.values(), bench.books.registry, bench.now)


@settings(deadline=None)
@given(_histories)
def test_the_balance_holds_by_unit_and_survives_any_order_of_dossiers(
    history: list[PublishedState],
) -> None:
    bench = Bench()
    bench.read(*history)
    latest = {one.dossier: one for one in history}.values()
    accounted = read_accounted(bench.books)
    for unit in PLACES:
        received = sum(one.reporting_unit == unit for one in latest if one.received_at)
        assert received == accounted.get(unit, 0)


@settings(deadline=None)
@given(_histories)
def test_a_second_instance_reading_the_latest_states_gives_the_same_exposition(
    history: list[PublishedState],
) -> None:
    first, second = Bench(), Bench()
    first.read(*history, live=False)
    latest = {one.dossier: one for one in history}
    second.read(*latest.values(), live=False)
    assert _business(first.exposition()) == _business(second.exposition())


def _business(exposition: str) -> list[str]:
    """Lines without the process's own ones; those count records, not dossiers.

    A department seen once keeps its series at 0, so zeros do not count as a difference.
    """
    lines = [line for line in exposition.splitlines() if not line.startswith("#")]
    return [
        line for line in lines if not line.startswith("motcua_metrics_") and not line.endswith(" 0")
    ]


def test_timing_changes_with_the_clock_alone() -> None:
    bench = Bench()
    bench.read(state(due=due_on(date(2020, 10, 30))))
    seen: list[str] = []
    for day in (28, 29, 30, 31):
        bench.now = at_local(date(2020, 10, day), 10 * 60)
        seen += [
            timing
            for timing in ("within", "due_soon", "overdue")
            if bench.value("motcua_dossiers_in_progress", COMMUNE, "kt", timing)
        ]
    assert seen == ["within", "due_soon", "due_soon", "overdue"]


def test_a_limit_in_hours_turns_overdue_at_its_moment() -> None:
    moment = at_local(date(2020, 10, 28), 600)
    bench = Bench()
    bench.read(state(due=Due(date(2020, 10, 28).toordinal(), moment, by_day=False)))
    bench.now = moment
    assert bench.value("motcua_dossiers_in_progress", COMMUNE, "kt", "overdue") == 0
    bench.now = Instant(moment + 1)
    assert bench.value("motcua_dossiers_in_progress", COMMUNE, "kt", "overdue") == 1


def test_the_oldest_overdue_is_aged_in_working_days() -> None:
    bench = Bench()
    bench.read(state("d-1", due=due_on(date(2020, 10, 22))), state("d-2"))
    assert bench.value("motcua_oldest_overdue_working_days", COMMUNE, "kt") == 4
    assert bench.value("motcua_oldest_overdue_working_days", COMMUNE, "vh-xh") is None


def test_newly_overdue_are_those_of_the_five_working_days_before_today() -> None:
    bench = Bench()
    bench.read(
        *(state(f"d-{day}", due=due_on(date(2020, 10, day))) for day in (20, 21, 23, 27, 28)),
        state("paused", due=due_on(date(2020, 10, 27)), is_paused=True),
    )
    assert bench.value("motcua_overdue_within_days", COMMUNE, "kt", "5") == 3
    assert bench.value("motcua_overdue_within_days", COMMUNE, "vh-xh", "5") is None
    bench.now = at_local(date(2020, 10, 29), 600)
    assert bench.value("motcua_overdue_within_days", COMMUNE, "kt", "5") == 3, "21 gives way to 28"


def test_the_rate_leaves_out_dossiers_without_deadline_and_counts_the_backlog_by_name() -> None:
    bench = Bench()
    bench.read(
        resolved("d-1"),
        resolved("d-2", on=date(2020, 10, 30)),
        resolved("d-3", due=None),
        resolved("d-4", due=due_on(date(2020, 10, 27))),
        state("d-5", due=due_on(date(2020, 10, 27))),
    )
    ratio = "motcua_on_time_ratio"
    assert bench.value(ratio, COMMUNE, "", "month", "form06") == 2 / 3
    assert bench.value(ratio, COMMUNE, "", "year", "form06") == 2 / 3
    assert bench.value(ratio, COMMUNE, "", "year", "backlog") == 2 / 4
    assert bench.value(ratio, COMMUNE, "", "year", "index766") == 2 / 4
    assert bench.value(ratio, UNITS[1].id, "", "year", "form06") is None


def test_the_766_view_counts_withdrawn_paused_and_running_dossiers_as_in_time() -> None:
    bench = Bench()
    closed_at = at_local(date(2020, 10, 27), 600)
    bench.read(
        resolved("d-1"),
        resolved("d-2", due=due_on(date(2020, 10, 27))),
        resolved("d-3", due=None),
        state("d-4", status=Status.WITHDRAWN, closed_at=closed_at),
        state("d-5", status=Status.STOPPED, closed_at=closed_at),
        state("d-6"),
        state("d-7", status=Status.PAYMENT_DUE, is_paused=True, due=None),
        state("d-8", due=due_on(date(2020, 10, 27))),
        state("d-9", due=None),
    )
    assert bench.value("motcua_on_time_ratio", COMMUNE, "", "month", "index766") == 4 / 6
    assert bench.value("motcua_on_time_ratio", COMMUNE, "kt", "month", "index766") is None


def test_a_unit_without_an_objective_has_that_of_the_unit_above_else_the_usual_one() -> None:
    bench = Bench()
    assert bench.value("motcua_on_time_objective_ratio", COMMUNE) == 0.98
    province, commune = (
        replace(unit, on_time_objective=share)
        for unit, share in ((PROVINCE, 0.97), (UNITS[1], 0.995))
    )
    bench.books.advance(registry(entries=(*ENTRIES, province, commune)))
    assert bench.value("motcua_on_time_objective_ratio", COMMUNE) == 0.97
    assert bench.value("motcua_on_time_objective_ratio", UNITS[1].id) == 0.995


def test_a_month_ends_with_the_clock() -> None:
    bench = Bench()
    bench.read(resolved())
    labels = (COMMUNE, "kt", "early", "month")
    assert bench.value("motcua_dossiers_resolved", *labels) == 1
    bench.now = Instant(bench.now + 10 * DAY)
    assert bench.value("motcua_dossiers_resolved", *labels) == 0
    assert bench.value("motcua_dossiers_resolved", COMMUNE, "", "early", "quarter") == 1


def test_refused_at_the_counter_is_in_no_balance() -> None:
    bench = Bench()
    closed_at = at_local(date(2020, 10, 27), 600)
    bench.read(state(status=Status.REFUSED, received_at=Instant(0), closed_at=closed_at))
    assert bench.value("motcua_dossiers_closed", COMMUNE, "", "refused", "year") == 0
    bench.read(state(status=Status.REFUSED, closed_at=closed_at))
    assert bench.value("motcua_dossiers_closed", COMMUNE, "", "refused", "year") == 1


def test_working_time_and_horizon_follow_the_clock() -> None:
    bench = Bench()
    assert bench.value("motcua_working_time", COMMUNE) == 0, "noon is the lunch break"
    assert bench.value("motcua_calendar_horizon_days", "national") == 429
    bench.now = at_local(date(2020, 10, 29), 9 * 60)
    assert bench.value("motcua_working_time", COMMUNE) == 1
    assert bench.value("motcua_calendar_horizon_days", "national") == 428


def test_beyond_the_calendar_the_dossiers_are_still_counted() -> None:
    bench = Bench()
    bench.read(state())
    bench.now = at_local(date(2025, 1, 2), 600)
    assert bench.value("motcua_dossiers_in_progress", COMMUNE, "kt", "overdue") == 1
    assert bench.value("motcua_due_within_days", COMMUNE, "kt", "1") is None
    assert bench.value("motcua_oldest_overdue_working_days", COMMUNE, "kt") is None
