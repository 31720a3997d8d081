"""Counters, reversals, states ahead of the registry, tombstones, regressions, the residual."""

from __future__ import annotations

from datetime import date

from metrics_cases import COMMUNE, ENTRIES, OLD, UNITS, due_on, registry, resolved, state
from metrics_exposition import Bench
from motcua_kernel.instant import DAY, Instant, at_local
from motcua_kernel.life_cycle import Status
from motcua_metrics.application.books import Update
from motcua_metrics.application.reading import read_accounted
from motcua_metrics.application.residual import ResidualWatch, Sides

RESOLVED = "motcua_dossiers_resolved_total"
REVERSED = "motcua_dossiers_reversed_total"


def test_counters_start_at_0_with_all_children() -> None:
    counters = {
        key: value for key, value in Bench().samples().items() if key[0] in {RESOLVED, REVERSED}
    }
    standing = len(UNITS) + len(OLD)
    assert len(counters) == standing * 2 * 3 + (standing + 1) * 3, "+ 1 for the province"
    assert set(counters.values()) == {0}


def test_catching_up_adds_nothing() -> None:
    bench = Bench()
    bench.read(resolved("d-1"), live=False)
    assert bench.value(RESOLVED, COMMUNE, "kt", "early") == 0
    assert bench.value("motcua_dossiers_resolved", COMMUNE, "kt", "early", "month") == 1


def test_a_fact_counts_once_however_often_its_state_is_published() -> None:
    bench = Bench()
    bench.read(state(), state(events=2), resolved(events=3), resolved(events=4))
    assert bench.value("motcua_dossiers_received_total", COMMUNE, "kt", "counter") == 1
    assert bench.value(RESOLVED, COMMUNE, "kt", "early") == 1


def test_a_resolution_taken_back_counts_as_reversed() -> None:
    bench = Bench()
    bench.read(resolved(events=2), state(events=3))
    assert bench.value(RESOLVED, COMMUNE, "kt", "early") == 1
    assert bench.value(REVERSED, COMMUNE, "", "resolved") == 1
    assert bench.value(REVERSED, COMMUNE, "", "received") == 0


def test_a_closure_taken_back_counts_as_reversed() -> None:
    bench = Bench()
    closed_at = at_local(date(2020, 10, 27), 600)
    bench.read(state(status=Status.WITHDRAWN, closed_at=closed_at), state(events=3))
    assert bench.value("motcua_dossiers_closed_total", COMMUNE, "", "withdrawn") == 1
    assert bench.value(REVERSED, COMMUNE, "", "closed") == 1


def test_a_resolution_that_moves_to_another_label_counts_there_and_is_reversed_once() -> None:
    bench = Bench()
    bench.read(resolved(events=2), resolved(events=3, due=due_on(date(2020, 10, 27))))
    assert bench.value(RESOLVED, COMMUNE, "kt", "early") == 1, "a counter never falls"
    assert bench.value(RESOLVED, COMMUNE, "kt", "overdue") == 1
    assert bench.value(REVERSED, COMMUNE, "", "resolved") == 1
    assert bench.value("motcua_dossiers_resolved", COMMUNE, "kt", "early", "month") == 0


def test_a_reversal_counts_while_looking_on_and_not_while_catching_up() -> None:
    bench = Bench()
    bench.read(resolved(events=2), live=False)
    bench.read(state(events=3), live=False)
    assert bench.value(REVERSED, COMMUNE, "", "resolved") == 0
    bench.read(resolved(events=4), state(events=5))
    assert bench.value(REVERSED, COMMUNE, "", "resolved") == 1


def test_a_backfill_is_in_the_gauges_and_not_in_the_counters() -> None:
    bench = Bench()
    bench.now = Instant(bench.now + 8 * DAY)
    bench.read(resolved(on=date(2020, 10, 28)))
    assert bench.value(RESOLVED, COMMUNE, "kt", "early") == 0
    assert bench.value("motcua_dossiers_resolved", COMMUNE, "", "early", "year") == 1


def test_a_state_ahead_of_the_registry_waits_until_the_registry_gets_there() -> None:
    bench = Bench()
    ahead = len(ENTRIES)
    bench.read(state(), resolved(registry_offset=ahead))
    assert bench.value("motcua_dossiers_in_progress", COMMUNE, "kt", "within") == 1
    assert bench.value("motcua_metrics_states_waiting", "0") == 1
    bench.books.advance(registry(entries=(*ENTRIES, UNITS[0])))
    assert bench.value("motcua_dossiers_in_progress", COMMUNE, "kt", "within") == 0
    assert bench.value("motcua_dossiers_resolved", COMMUNE, "kt", "early", "month") == 1
    assert bench.value("motcua_metrics_states_waiting", "0") == 0


def test_a_later_record_replaces_one_that_waits() -> None:
    bench = Bench()
    bench.read(resolved(registry_offset=len(ENTRIES)), state(events=3))
    bench.books.advance(registry(entries=(*ENTRIES, UNITS[0])))
    assert bench.value("motcua_dossiers_in_progress", COMMUNE, "kt", "within") == 1


def test_a_tombstone_forgets_the_dossier_and_reverses_nothing() -> None:
    bench = Bench()
    bench.read(resolved())
    bench.books.apply([Update("d-1", None)])
    assert bench.books.dossiers == 0
    assert bench.value("motcua_dossiers_resolved", COMMUNE, "", "early", "year") == 0
    assert bench.value(REVERSED, COMMUNE, "", "resolved") == 0


def test_the_last_record_wins_and_a_regression_is_counted() -> None:
    bench = Bench()
    bench.read(resolved(events=5), state(events=4))
    assert bench.value("motcua_dossiers_in_progress", COMMUNE, "kt", "within") == 1
    assert bench.value("motcua_metrics_state_regressions_total", "0") == 1


def test_the_residual_is_set_only_after_two_quiet_polls() -> None:
    watch = ResidualWatch()
    watch.observe(Sides("7", {COMMUNE: 3}, {COMMUNE: 2}))
    assert watch.residuals == {}
    watch.observe(Sides("7", {COMMUNE: 3}, {COMMUNE: 3}))
    assert watch.residuals == {}, "the right side was still moving"
    watch.observe(Sides("7", {COMMUNE: 3}, {COMMUNE: 3}))
    assert watch.residuals == {COMMUNE: 0}
    watch.observe(Sides("8", {COMMUNE: 4}, {COMMUNE: 3}))
    assert watch.residuals == {COMMUNE: 0}, "another watermark"
    watch.observe(Sides("8", {COMMUNE: 4}, {COMMUNE: 3}))
    assert watch.residuals == {COMMUNE: 1}
    watch.lose_sight()
    assert watch.residuals == {}


def test_a_lost_state_leaves_a_residual_in_the_exposition() -> None:
    bench = Bench()
    bench.read(state("d-1"), resolved("d-2"))
    for _ in range(2):
        bench.residual.observe(Sides("1", {COMMUNE: 2}, read_accounted(bench.books)))
    assert bench.value("motcua_balance_residual", COMMUNE) == 0
    bench.books.apply([Update("d-1", None)])
    for _ in range(2):
        bench.residual.observe(Sides("1", {COMMUNE: 2}, read_accounted(bench.books)))
    assert bench.value("motcua_balance_residual", COMMUNE) == 1
