"""The rules as Prometheus reads them: their own tests, names, words and runbooks."""

from __future__ import annotations

import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import pytest
from alert_rules import ALERTS, ROOT, RULE_FILES, RULES, TEST_FILES, Rule, expected

if TYPE_CHECKING:
    from motcua_cli.stack.observability_binaries import ObservabilityBinaries

SECTIONS: Final = ("Meaning", "Impact", "Diagnosis", "Mitigation")
LAST_SECTIONS: Final = ("Dashboards and queries", "Who to call")
_LEVELS: Final = "motcua|system|shard|calendar|publisher|province|district|unit|department"
_RECORD: Final = re.compile(rf"(?:{_LEVELS}):[a-z][a-z0-9_]*:[a-z][a-z0-9_]*")
_VIETNAMESE: Final = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]")
each_alert = pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: str(rule.alert))


def test_prometheus_accepts_every_rule(observability: ObservabilityBinaries) -> None:
    _promtool(observability, "check", "rules", *(str(path) for path in RULE_FILES))


def test_every_alert_fires_on_the_real_thing_and_not_on_its_false_friends(
    observability: ObservabilityBinaries,
) -> None:
    with ThreadPoolExecutor(max_workers=2) as two:
        runs = [
            two.submit(_promtool, observability, "test", "rules", str(path)) for path in TEST_FILES
        ]
        for run in runs:
            run.result()


@each_alert
def test_an_alert_has_a_case_in_which_it_fires_and_one_in_which_it_is_silent(rule: Rule) -> None:
    outcomes = {fires for name, fires in expected() if name == rule.alert}
    assert outcomes == ({True} if rule.alert == "Watchdog" else {True, False})


@each_alert
def test_an_alert_has_a_severity_an_audience_and_its_times(rule: Rule) -> None:
    if rule.alert == "Watchdog":
        assert rule.labels["severity"] == "none"
        return
    assert re.fullmatch(r"Motcua([A-Z][a-z]+)+", rule.alert)
    assert rule.labels["severity"] in {"critical", "warning", "info"}
    assert rule.labels["audience"] in {"unit", "province", "publisher", "operator"}
    assert re.fullmatch(r"\d+[mh]", rule.waits)
    assert re.fullmatch(r"\d+[mh]", rule.keeps)


@each_alert
def test_an_alert_speaks_vietnamese_first_and_english_beside_it(rule: Rule) -> None:
    summary = rule.annotations["summary"]
    assert "{{" not in summary, "a summary is fixed text"
    pairs = [summary.split(" · "), rule.annotations["description"].split("\n")]
    for vietnamese, english in pairs:
        assert _VIETNAMESE.search(vietnamese)
        assert not _VIETNAMESE.search(english)
        assert vietnamese.endswith(".")
        assert english.endswith(".")


@each_alert
def test_an_alert_has_a_runbook_with_every_section_in_both_languages(rule: Rule) -> None:
    address = rule.annotations["runbook_url"]
    assert address == f"docs/runbooks/{rule.alert}.md"
    title, *sections = (ROOT / address).read_text("utf-8").split("\n## ")
    assert title.strip() == f"# {rule.alert}"
    headings = [section.split("\n", 1)[0] for section in sections]
    assert [heading.split(" · ")[1] for heading in headings] == [*SECTIONS, *LAST_SECTIONS]
    for section in sections:
        heading, text = section.split("\n", 1)
        if heading.endswith("queries"):
            assert "```promql" in text
            continue
        parts = [part for part in text.strip().split("\n\n") if part]
        assert _VIETNAMESE.search(parts[0])
        assert not _VIETNAMESE.search(parts[-1].replace("MÃ_HỒ_SƠ", ""))


def test_every_runbook_belongs_to_an_alert() -> None:
    pages = {path.stem for path in (ROOT / "docs" / "runbooks").glob("*.md")}
    assert pages == {rule.alert for rule in ALERTS}


def test_recorded_names_say_level_metric_and_operation() -> None:
    names = [rule.record for rule in RULES if rule.record]
    assert [name for name in names if not _RECORD.fullmatch(name)] == []
    assert not [name for name in names if name.split(":")[1].endswith("_total")]


def test_no_rule_asks_the_wall_clock() -> None:
    wall = re.compile(r"\b(?:time|hour|minute|day_of_week|day_of_month|month|year)\(")
    assert [rule.record or rule.alert for rule in RULES if wall.search(rule.expr)] == []


def test_alerts_read_recorded_series_of_dossiers_only() -> None:
    raw = re.compile(r"(?<![:\w])motcua_(?:dossiers|on_time|due|overdue|steps|receptions)_\w+")
    assert [rule.alert for rule in ALERTS if raw.search(rule.expr)] == []


def _promtool(observability: ObservabilityBinaries, *arguments: str) -> None:
    done = subprocess.run(
        (str(observability.promtool), *arguments),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
