"""Some weeks of the sample year through the spike alert, on a real Prometheus.

The long form is `make alert-year`. The stretch holds two spikes and the holiday of 2 September.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from alert_replay import Stretch, evaluate, load
from alert_states import Episode, episodes
from alert_year import judge
from motcua_cli.stack.observability_binaries import ObservabilityBinaries
from motcua_sample_dak_rlap.instants import midnight
from motcua_sample_dak_rlap.spikes import spiked_year
from other_alerts import OTHER_FAMILIES, evaluate_others
from rules_inlined import RuleBook

MINUTE = 60


@pytest.mark.real
def test_each_spike_of_some_weeks_with_a_holiday_is_paged_once_and_others_only_as_written(
    observability: ObservabilityBinaries, tmp_path: Path
) -> None:
    first, last = date(2020, 8, 24), date(2020, 9, 4)
    year = spiked_year()
    stretch = Stretch(midnight(first) // 1000, midnight(last) // 1000)
    load(observability, tmp_path, year.deliveries, stretch, _quietly, OTHER_FAMILIES)
    others, missing = evaluate_others(observability, tmp_path, stretch)
    fired = evaluate(observability, tmp_path, stretch, _quietly)
    inside = [spike for spike in year.spikes if first <= spike.due_day < last]
    assert len(inside) == 2
    assert judge(inside, fired).faults() == []
    assert missing == []
    told = sorted((one.alert, *(value for _, value in one.about)) for one in others)
    assert told == [
        # Spikes of this month and single late dossiers: their rate is below 98 %.
        *(("MotcuaOnTimeRateBelowObjective", unit) for unit in ("24733", "24745", "24763", "666")),
        # A small commune that truly sent nothing from one morning to the next.
        ("MotcuaPublisherSilent", "xa-24760"),
    ]


def _quietly(_what: str, _share: float) -> None:
    """Nobody looks on."""


def _episodes(named: set[int], after: set[int] | None = None, last: int = 60) -> list[Episode]:
    return episodes(
        range(0, last * MINUTE + 1, MINUTE),
        named,
        after or set[int](),
        fired_within=20 * MINUTE,
        waits=5 * MINUTE,
        stays=10 * MINUTE,
    )


def _minutes(first: int, last: int) -> set[int]:
    return set(range(first * MINUTE, last * MINUTE + 1, MINUTE))


def test_an_alert_named_for_less_than_its_wait_is_no_page() -> None:
    assert _episodes(_minutes(1, 5)) == []


def test_an_alert_fires_when_it_has_waited_and_stays_a_while() -> None:
    assert _episodes(_minutes(1, 6)) == [Episode(6 * MINUTE, 17 * MINUTE)]


def test_a_gap_shorter_than_the_stay_is_one_page() -> None:
    named = _minutes(1, 10) | _minutes(19, 30)
    assert _episodes(named) == [Episode(6 * MINUTE, 41 * MINUTE)]


def test_what_lasts_counts_only_after_firing() -> None:
    assert _episodes(set(), _minutes(0, 60)) == []
    assert _episodes(_minutes(0, 6), _minutes(0, 30)) == [Episode(5 * MINUTE, 41 * MINUTE)]


def test_a_name_with_matchers_is_asked_of_the_series_that_its_sum_keeps() -> None:
    rules = RuleBook(Path(__file__).parents[2] / "deploy/observability/rules", [])
    text = rules.inlined('department:motcua_overdue_within_days:sum{days="5"}')
    assert 'motcua_overdue_within_days{days="5"} and on (instance)' in text
    assert ":sum" not in text
    rate = rules.inlined('unit:motcua_on_time:ratio{period="month", definition="form06"}')
    assert 'and on (period) label_replace(vector(1), "period", "month", "", "")' in rate
    assert "in_progress" not in rate
    with pytest.raises(ValueError, match="does not keep"):
        rules.inlined('department:motcua_overdue_within_days:sum{period="month"}')
