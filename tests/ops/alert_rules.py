"""The rule files and their tests, as tests of alerts read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import msgspec
import yaml

ROOT: Final = Path(__file__).resolve().parents[2]
OBSERVABILITY: Final = ROOT / "deploy" / "observability"
RULE_FILES: Final = sorted((OBSERVABILITY / "rules").glob("*.yaml"))
TEST_FILES: Final = sorted((OBSERVABILITY / "tests").glob("*.yaml"))


class Rule(msgspec.Struct, rename={"keeps": "keep_firing_for", "waits": "for"}):
    """A recording or an alerting rule; the name of the other kind is empty."""

    expr: str
    record: str = ""
    alert: str = ""
    waits: str = ""
    keeps: str = ""
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}


class _Group(msgspec.Struct):
    name: str
    rules: list[Rule]


class _RuleFile(msgspec.Struct):
    groups: list[_Group]


class _AlertCase(msgspec.Struct):
    alertname: str
    exp_alerts: list[dict[str, Any]]


class _Case(msgspec.Struct):
    alert_rule_test: list[_AlertCase] = []


class _TestFile(msgspec.Struct):
    tests: list[_Case]


def _rules() -> list[Rule]:
    files = [msgspec.convert(_yaml(path), _RuleFile) for path in RULE_FILES]
    return [rule for file in files for group in file.groups for rule in group.rules]


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def expected() -> list[tuple[str, bool]]:
    """Every expectation of the promtool tests: an alert, and whether it is to fire."""
    files = [msgspec.convert(_yaml(path), _TestFile) for path in TEST_FILES]
    cases = [case for file in files for test in file.tests for case in test.alert_rule_test]
    return [(case.alertname, bool(case.exp_alerts)) for case in cases]


RULES: Final = _rules()
ALERTS: Final = [rule for rule in RULES if rule.alert]
