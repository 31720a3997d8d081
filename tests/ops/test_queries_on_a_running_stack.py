"""Every PromQL of panels and rules, asked of a real Prometheus that scrapes a running stack.

Each parses and answers with data, or stands below among those that are empty when all is well and
is empty indeed; and what it answers is what the API answers to the same question.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx
import pytest
import yaml
from final_figures import assert_exact
from flow import hand_in
from loopback import HTTP
from motcua_cli.local.observability import (
    Watching,
    choose_watching,
    routes_of_registry,
    start_watching,
)
from motcua_cli.local.observability import observability as shipped
from motcua_cli.stack.observability_binaries import ObservabilityBinaries
from motcua_dashboards.reading import expressions, filled
from sample_share import share
from stack_under_fault import Stack
from waiting import until

pytestmark = [pytest.mark.real, pytest.mark.faults]

PROVINCE: Final = "67"
DISTRICT: Final = "666"
DEPARTMENT: Final = "tai-nguyen-moi-truong"
_VALUES: Final = {
    "province": PROVINCE,
    "unit": DISTRICT,
    "scope": PROVINCE,
    "department": DEPARTMENT,
    "period": "month",
}
_SETTLE_SECONDS: Final = 60.0
_RULE_FILES: Final = sorted(file.name for file in (shipped() / "rules").glob("*.yaml"))
_DASHBOARDS: Final = sorted({one.dashboard for one in expressions()})

_YEAR: Final = ("2020-01-01", "2020-10-30")
_MONTH: Final = ("2020-10-01", "2020-10-30")

NO_HISTORY: Final = "a stack of a minute has no last week"
NOT_FIVE: Final = "fewer than five dossiers of a department went overdue this week"
ALL_WELL: Final = "nothing of the kind is wrong"
EMPTY: Final[Mapping[str, str]] = {
    "MotcuaAnomaliesGrowing": ALL_WELL,
    "MotcuaBalanceResidual": ALL_WELL,
    "MotcuaCalendarEnding": ALL_WELL,
    "MotcuaConsumerLag": ALL_WELL,
    "MotcuaDeadlineWave": NO_HISTORY,
    "MotcuaFiguresLate": ALL_WELL,
    "MotcuaForeignLog": ALL_WELL,
    "MotcuaOnTimeRateBelowObjective": ALL_WELL,
    "MotcuaOverdueSpike": NOT_FIVE,
    "MotcuaOverdueSpikeWidespread": NOT_FIVE,
    "MotcuaPublisherClosed": ALL_WELL,
    "MotcuaPublisherSilent": NO_HISTORY,
    "MotcuaQuarantineGrowing": ALL_WELL,
    "MotcuaReceptionsLate": ALL_WELL,
    "MotcuaRulesFailing": ALL_WELL,
    "MotcuaServiceDown": ALL_WELL,
    "MotcuaShardsMissing": ALL_WELL,
    "department:motcua_dossiers_open:weeks_ago": NO_HISTORY,
    "department:motcua_newly_overdue:baseline": NO_HISTORY,
    "department:motcua_newly_overdue:expected": NOT_FIVE,
    "department:motcua_newly_overdue:last15m": NOT_FIVE,
    "department:motcua_newly_overdue:weeks_ago": NO_HISTORY,
    "department:motcua_newly_overdue:wilson_lower": NOT_FIVE,
    "department:motcua_overdue_spike:beginning": NOT_FIVE,
    "department:motcua_overdue_spike:lasting": NOT_FIVE,
    "province:motcua_dossier_anomalies:sum": ALL_WELL,
    "unit:motcua_dossier_anomalies:sum": ALL_WELL,
    "unit:motcua_dossiers_resolved:per_working_day": NO_HISTORY,
    "province:motcua_dossiers_resolved:per_working_day": NO_HISTORY,
}
"""Rules that must give nothing here, and why."""
MAY_BE_EMPTY: Final[Mapping[str, str]] = {
    "motcua_overdue_within_days:sum": "served only where a dossier went overdue this week",
    "system:motcua_working_days:count14d": NO_HISTORY,
    "system:motcua_working_hours:sum1d": NO_HISTORY,
}
"""Rules of which a share of the sample, or the minute it runs, decides."""
PANELS_WITHOUT: Final = (
    "per_working_day",
    "motcua_dossier_anomalies",
    "motcua_oldest_overdue",
    ":motcua_balance_residual:sum and",
)
"""Parts of what panels ask that are empty by the same reasons."""


@dataclass(frozen=True)
class Asker:
    """Asks Prometheus, and the API."""

    stack: Stack
    watching: Watching

    def series(self, query: str) -> list[dict[str, Any]]:
        """The series of an answer."""
        answer = HTTP.post(f"{self.watching.prometheus}/api/v1/query", data={"query": query})
        assert answer.is_success, f"{query}\n{answer.text}"
        data = answer.json()["data"]
        return [data["result"]] if data["resultType"] == "scalar" else data["result"]

    def numbers(self, query: str, *labels: str) -> dict[tuple[str, ...], float]:
        """The values by some labels."""
        return {
            tuple(one["metric"].get(label, "") for label in labels): float(one["value"][1])
            for one in self.series(query)
        }

    def api(self, path: str, **query: str) -> Any:
        """What processing answers."""
        answer = HTTP.get(f"{self.stack.addresses.processing}{path}", params=query)
        return answer.raise_for_status().json()


@pytest.fixture(scope="module")
def asker(own_stack: Stack, observability: ObservabilityBinaries) -> Iterator[Asker]:
    """A stack with a share of the sample, and Prometheus with the rules beside it."""
    hand_in(own_stack, share(0, 30))
    assert_exact(own_stack)
    watching = choose_watching()
    folder = own_stack.logs.parent / "watching"
    start_watching(
        folder,
        observability,
        routes=routes_of_registry(own_stack.servers.kafka),
        addresses=own_stack.addresses,
        watching=watching,
        supervisor=own_stack.supervisor,
    )
    asker = Asker(own_stack, watching)
    until("the rules have recorded", lambda: _has_recorded(asker), _SETTLE_SECONDS)
    yield asker
    shutil.rmtree(folder, ignore_errors=True)


def _has_recorded(asker: Asker) -> bool:
    try:
        return all(
            asker.series(query)
            for query in ("province:motcua_on_time:ratio", "unit:motcua_balance_residual:sum")
        ) and bool(asker.series('count_over_time(up{job="motcua-metrics"}[1m]) >= 4'))
    except (httpx.TransportError, AssertionError):  # it does not answer yet
        return False


@pytest.mark.parametrize("dashboard", _DASHBOARDS)
def test_every_panel_has_data(asker: Asker, dashboard: str) -> None:
    asked = [one for one in expressions() if one.dashboard == dashboard]
    assert asked
    silent = [one.text for one in asked if not asker.series(filled(one.text, _VALUES))]
    assert [text for text in silent if not any(part in text for part in PANELS_WITHOUT)] == []


@pytest.mark.parametrize("file", _RULE_FILES)
def test_every_rule_has_data_or_is_empty_as_it_must(asker: Asker, file: str) -> None:
    content = yaml.safe_load((shipped() / "rules" / file).read_text("utf-8"))
    rules = [rule for group in content["groups"] for rule in group["rules"]]
    names = {rule.get("alert") or rule["record"] for rule in rules}
    silent = {
        rule.get("alert") or rule["record"] for rule in rules if not asker.series(rule["expr"])
    }
    left_out = {name for name in silent if any(part in name for part in MAY_BE_EMPTY)}
    assert silent - left_out == names & EMPTY.keys()


def test_open_dossiers_by_department_and_timing_are_those_of_the_api(asker: Asker) -> None:
    query = "department:motcua_dossiers_in_progress:sum"
    recorded = asker.numbers(query, "unit", "department", "timing")
    told = {
        (row["unit"], row["department"] or "unassigned", timing): count
        for row in _rows(asker, _YEAR)
        for timing, count in row["in_progress"].items()
        if timing != "total"
    }
    assert _without_zeros(told)
    assert _without_zeros(recorded) == _without_zeros(told)


def test_the_months_results_by_department_and_outcome_are_those_of_the_api(asker: Asker) -> None:
    query = 'department:motcua_dossiers_resolved:sum{period="month"}'
    recorded = asker.numbers(query, "unit", "department", "outcome")
    told = {
        (row["unit"], row["department"] or "unassigned", outcome): count
        for row in _rows(asker, _MONTH)
        for outcome, count in row["resolved"].items()
        if outcome != "total"
    }
    assert _without_zeros(told)
    assert _without_zeros(recorded) == _without_zeros(told)


def test_the_years_receipts_by_unit_are_those_of_the_api(asker: Asker) -> None:
    query = 'sum by (unit) (unit:motcua_dossiers_received:sum{period="year"})'
    told: dict[tuple[str, ...], float] = {}
    for row in _rows(asker, _YEAR):
        told[row["unit"],] = told.get((row["unit"],), 0) + row["received"]
    assert _without_zeros(asker.numbers(query, "unit")) == _without_zeros(told)


def test_the_provinces_figures_and_rate_are_those_of_the_api(asker: Asker) -> None:
    first, last = _YEAR
    whole = asker.api("/v1/summary", unit=PROVINCE, **{"from": first, "to": last})
    recorded = asker.numbers("province:motcua_dossiers_in_progress:sum", "timing")
    told = {(timing,): count for timing, count in whole["in_progress"].items() if timing != "total"}
    assert _without_zeros(recorded) == _without_zeros(told)
    asked = 'province:motcua_on_time:ratio{period="year", definition="form06"}'
    (ratio,) = asker.numbers(asked).values()
    assert f"{ratio * 100:.2f}" == whole["on_time_percent"]


@pytest.mark.parametrize(
    ("panel", "figure"),
    [
        ("Đang giải quyết", ("in_progress", "total")),
        ("Sắp đến hạn", ("in_progress", "due_soon")),
        ("Tạm dừng", ("in_progress", "paused")),
        ("Tiếp nhận trong kỳ", ("received",)),
        ("Đã giải quyết trong kỳ", ("resolved", "total")),
    ],
)
def test_the_units_panels_show_the_apis_number(
    asker: Asker, panel: str, figure: tuple[str, ...]
) -> None:
    asked = next(
        one for one in expressions() if one.dashboard == "motcua-commune" and one.panel == panel
    )
    (shown,) = asker.numbers(filled(asked.text, _VALUES)).values()
    assert (
        shown
        == sum(_figure(row, figure) for row in _rows(asker, _MONTH) if row["unit"] == DISTRICT)
        > 0
    )


def _rows(asker: Asker, period: tuple[str, str]) -> list[dict[str, Any]]:
    first, last = period
    asked = {"from": first, "to": last}
    return asker.api("/v1/summary/departments", unit=PROVINCE, **asked)["rows"]


def _figure(row: Any, path: tuple[str, ...]) -> int:
    for member in path:
        row = row[member]
    return row


def _without_zeros(counts: Mapping[tuple[str, ...], float]) -> dict[tuple[str, ...], float]:
    return {place: count for place, count in counts.items() if count}
