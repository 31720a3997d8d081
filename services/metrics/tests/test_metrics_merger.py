"""A merger (sáp nhập): the day on which a commune takes over from those it follows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from metrics_cases import LAST_DAY, MERGED_ON, NEW, OLD, due_on, resolved, state
from metrics_exposition import Bench
from motcua_kernel.events import Channel
from motcua_kernel.instant import at_local
from motcua_kernel.life_cycle import Status
from motcua_kernel.state import NEVER
from motcua_metrics.application.reading import read_accounted
from motcua_metrics.application.residual import Sides

if TYPE_CHECKING:
    from metrics_exposition import Samples

_BEFORE = at_local(LAST_DAY, 23 * 60 + 59)
_AFTER = at_local(MERGED_ON, 0)
_FIRST, _SECOND = (unit.id for unit in OLD)


@pytest.fixture
def bench() -> Bench:
    """Dossiers of both communes, open, resolved and closed, on the last day before the merger."""
    closed_at = at_local(date(2020, 10, 27), 600)
    bench = Bench(now=_BEFORE)
    bench.read(
        state("d-1", **_told_by(_FIRST), step_department="vh-xh"),
        state("d-2", **_told_by(_SECOND), due=due_on(date(2020, 10, 29))),
        state("d-3", **_told_by(_SECOND), due=due_on(date(2020, 11, 20)), is_paused=True),
        resolved("d-4", **_told_by(_FIRST)),
        resolved("d-5", **_told_by(_SECOND), due=due_on(date(2020, 10, 27))),
        state("d-6", **_told_by(_SECOND), status=Status.WITHDRAWN, closed_at=closed_at),
        state("d-7", receiving_unit=_FIRST, **_filed()),
    )
    return bench


def _told_by(unit: str) -> dict[str, Any]:
    return {"receiving_unit": unit, "resolving_unit": unit, "reporting_unit": unit}


def _filed() -> dict[str, Any]:
    return {
        "status": Status.FILED,
        "channel": Channel.ONLINE,
        "reporting_unit": "",
        "filed_at": at_local(date(2020, 10, 30), 600),
        "received_at": NEVER,
        "due": None,
    }


def _units(samples: Samples) -> set[str]:
    """Whose series there are; the process's own and those by calendar have no unit."""
    return {
        labels[0]
        for name, labels in samples
        if labels and not name.startswith("motcua_metrics_")
        if labels[0] in {_FIRST, _SECOND, NEW.id}
    }


def _together(samples: Samples, units: set[str]) -> dict[tuple[str, tuple[str, ...]], float]:
    """The counts of units added up, by all labels but the unit; rates and ages left out."""
    sums: dict[tuple[str, tuple[str, ...]], float] = {}
    for (name, labels), value in samples.items():
        if labels and labels[0] in units and name in _COUNTS:
            key = (name, labels[1:])
            sums[key] = sums.get(key, 0) + value
    return sums


_COUNTS = {
    "motcua_dossiers_in_progress",
    "motcua_steps_in_progress",
    "motcua_receptions_pending",
    "motcua_due_within_days",
    "motcua_balance_residual",
}
_FLOWS = ("motcua_dossiers_received", "motcua_dossiers_resolved", "motcua_dossiers_closed")


def test_before_the_merger_the_old_communes_have_series_and_the_new_one_has_none(
    bench: Bench,
) -> None:
    assert _units(bench.samples()) == {_FIRST, _SECOND}


def test_from_its_first_day_only_the_new_commune_has_series(bench: Bench) -> None:
    bench.now = _AFTER
    assert _units(bench.samples()) == {NEW.id}
    info = [labels for name, labels in bench.samples() if name == "motcua_unit_info"]
    assert (NEW.id, NEW.name, "commune", "68", "68") in info
    assert not {_FIRST, _SECOND} & {labels[0] for labels in info}


def test_what_is_open_is_the_same_in_sum_on_both_sides_of_midnight(bench: Bench) -> None:
    before = _together(bench.samples(), {_FIRST, _SECOND})
    bench.now = _AFTER
    assert _together(bench.samples(), {NEW.id}) == before
    assert bench.value("motcua_dossiers_in_progress", NEW.id, "kt", "overdue") == 2
    assert bench.value("motcua_dossiers_in_progress", NEW.id, "kt", "paused") == 1
    assert bench.value("motcua_steps_in_progress", NEW.id, "vh-xh", "no_deadline") == 1
    assert bench.value("motcua_receptions_pending", NEW.id, "no_deadline") == 1


def test_the_flows_of_the_year_go_over_to_the_new_commune(bench: Bench) -> None:
    before = bench.samples()
    bench.now = _AFTER
    after = bench.samples()
    for name in _FLOWS:
        old = sum(_year(before, name, unit) for unit in (_FIRST, _SECOND))
        assert _year(after, name, NEW.id) == old > 0
    assert after["motcua_on_time_ratio", (NEW.id, "", "year", "form06")] == 1 / 2


def _year(samples: Samples, family: str, unit: str) -> float:
    return sum(
        value
        for (name, labels), value in samples.items()
        if name == family and labels[0] == unit and labels[-1] == "year"
    )


def test_the_residual_follows_on_both_sides(bench: Bench) -> None:
    left = {_FIRST: 2, _SECOND: 4}
    for _ in range(2):
        bench.residual.observe(Sides("1", left, read_accounted(bench.books)))
    assert bench.value("motcua_balance_residual", _FIRST) == 0
    bench.now = _AFTER
    assert bench.value("motcua_balance_residual", NEW.id) == 0
    assert bench.value("motcua_balance_residual", _FIRST) is None
    for _ in range(2):
        bench.residual.observe(Sides("2", left | {_SECOND: 5}, read_accounted(bench.books)))
    assert bench.value("motcua_balance_residual", NEW.id) == 1


def test_what_is_told_to_the_new_commune_adds_up_with_what_it_took_over(bench: Bench) -> None:
    bench.now = _AFTER
    bench.read(state("d-8", **_told_by(NEW.id), due=due_on(date(2020, 10, 30))))
    assert bench.value("motcua_dossiers_in_progress", NEW.id, "kt", "overdue") == 3


def test_each_dossier_is_judged_by_the_calendar_of_the_unit_it_was_told_under() -> None:
    bench = Bench(now=at_local(date(2020, 10, 28), 600))
    due = due_on(date(2020, 10, 30))
    bench.read(
        state("d-1", **_told_by(_FIRST), due=due), state("d-2", **_told_by(_SECOND), due=due)
    )
    assert bench.value("motcua_dossiers_in_progress", _FIRST, "kt", "due_soon") == 1, "29/10 closed"
    assert bench.value("motcua_dossiers_in_progress", _SECOND, "kt", "due_soon") == 0


def test_an_age_counts_the_days_of_the_ended_unit_by_its_own_calendar() -> None:
    bench = Bench(now=at_local(date(2020, 11, 4), 600))
    bench.read(state("d-1", **_told_by(_FIRST), due=due_on(date(2020, 10, 28))))
    oldest = "motcua_oldest_overdue_working_days"
    assert bench.value(oldest, NEW.id, "kt") == 4, "its 29/10 was closed, its 4/11 never came"
    bench.read(state("d-2", **_told_by(_SECOND), due=due_on(date(2020, 10, 28))))
    assert bench.value(oldest, NEW.id, "kt") == 5, "the other commune worked on 29/10"


def test_counters_stay_with_the_unit_that_stood_when_the_fact_became_known(bench: Bench) -> None:
    received = "motcua_dossiers_received_total"
    assert bench.value(received, _SECOND, "kt", "counter") == 4
    bench.now = _AFTER
    assert bench.value(received, NEW.id, "kt", "counter") == 0
    bench.read(state("d-8", **_told_by(_FIRST)))
    assert bench.value(received, NEW.id, "kt", "counter") == 1


def test_a_dossier_handed_over_to_the_successor_reverses_nothing(bench: Bench) -> None:
    bench.now = _AFTER
    bench.read(state("d-1", **_told_by(NEW.id), events=2))
    assert bench.value("motcua_dossiers_reversed_total", NEW.id, "", "received") == 0
    assert bench.value("motcua_dossiers_in_progress", NEW.id, "kt", "overdue") == 2


def test_a_dossier_told_to_a_unit_that_does_not_stand_yet_is_not_out_of_sight(bench: Bench) -> None:
    bench.read(state("d-8", **_told_by(NEW.id)))
    assert _units(bench.samples()) == {_FIRST, _SECOND, NEW.id}
