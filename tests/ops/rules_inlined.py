"""Rules as they are shipped, asked as questions: a recorded name gives way to what it stands for.

Prometheus cannot evaluate rules in the past, but it answers questions about it. A recorded name is
replaced by its expression; names that are recorded themselves, because they are sparse and used
often, stay. A replaced name behind a range becomes a subquery at the step of the scrapes, between
which no figure moves; an offset goes to every series that its expression selects.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

_NAME: Final = re.compile(
    r"(?P<name>\b[a-z][a-z0-9_]*:[a-z0-9_:]+)"
    r"(?P<matchers>\{[^}]*\})?"
    r"(?P<range>\[[0-9a-z]+\])?"
    r"(?P<offset> offset [0-9a-z]+)?"
)
_PLAIN_SUM: Final = re.compile(
    r"^sum by \((?P<by>[a-z_, ]+)\) \(\s*(?P<metric>motcua_\w+)"
    r"(?P<rest> and on \(instance\) motcua:metrics_replica:chosen)\s*\)$"
)
SCRAPE_STEP: Final = "4m"
_SERIES: Final = re.compile(r"\bmotcua_\w+\b(?!:)(?:\{[^}]*\})?")
_LABEL: Final = re.compile(r"([a-z_]+)(?:=|!)")
_EQUAL: Final = re.compile(r'([a-z_]+)="([^"]*)"')


@dataclass(frozen=True)
class Rule:
    """A rule as its file has it; durations as text, "0s" where there is none."""

    name: str
    expression: str
    is_alert: bool
    labels: dict[str, str] = field(default_factory=dict[str, str])
    waits: str = "0s"
    stays: str = "0s"


class RuleBook:
    """All rules of a folder, and which of them are recorded rather than put in place."""

    def __init__(self, folder: Path, recorded: Sequence[str]) -> None:
        """Read the `*.yaml` files of a folder."""
        self._recorded = frozenset(recorded)
        self.rules = [
            _rule(one)
            for file in sorted(folder.glob("*.yaml"))
            for group in yaml.safe_load(file.read_text("utf-8"))["groups"]
            for one in group["rules"]
        ]

    def alerts(self, name: str) -> list[Rule]:
        """The alerts of a name, one for each severity."""
        return [one for one in self.rules if one.is_alert and one.name == name]

    def question(self, name: str) -> str:
        """What a recorded name stands for, as a question that needs no other rule."""
        return self.inlined(self._of(name, ""))

    def inlined(self, expression: str) -> str:
        """The expression with every name that is not recorded replaced."""
        return _NAME.sub(self._replaced, expression)

    def _replaced(self, found: re.Match[str]) -> str:
        name, reach, offset = found["name"], found["range"] or "", found["offset"] or ""
        if name in self._recorded:
            return found[0]
        inner = f"({self.inlined(self._of(name, found['matchers'] or ''))})"
        if reach:
            return f"{inner}[{reach[1:-1]}:{SCRAPE_STEP}]{offset}"
        return _SERIES.sub(rf"\g<0>{offset}", inner) if offset else inner

    def _of(self, name: str, matchers: str) -> str:
        rules = [one for one in self.rules if not one.is_alert and one.name == name]
        if not rules:
            raise KeyError(name)
        if matchers:
            asked = _EQUAL.findall(matchers)
            (rule,) = (one for one in rules if _fits(one, asked))
            return _with_matchers(rule, matchers)
        return " or ".join(_labelled(one) for one in rules)


def _fits(rule: Rule, asked: Sequence[tuple[str, str]]) -> bool:
    return all(rule.labels.get(label, value) == value for label, value in asked)


def _with_matchers(rule: Rule, matchers: str) -> str:
    """The series of a rule that fit: a plain sum of those, or else all but the rest."""
    plain = _PLAIN_SUM.match(rule.expression)
    if plain is None:
        return _only(_labelled(rule), matchers)
    kept = {label.strip() for label in plain["by"].split(",")}
    if not kept.issuperset(_LABEL.findall(matchers)):
        raise ValueError(f"{matchers} asks for labels that {rule.name} does not keep")
    return f"sum by ({plain['by']}) ({plain['metric']}{matchers}{plain['rest']})"


def _only(expression: str, matchers: str) -> str:
    """The series of an expression that bear these labels; no other comparison is made here."""
    asked = _EQUAL.findall(matchers)
    if len(asked) != len(_LABEL.findall(matchers)):
        raise ValueError(f"only a plain sum can be asked with {matchers}: {expression}")
    for label, value in asked:
        bearing = f'label_replace(vector(1), "{label}", "{value}", "", "")'
        expression = f"({expression} and on ({label}) {bearing})"
    return expression


def _labelled(rule: Rule) -> str:
    text = f"({rule.expression})"
    for label, value in rule.labels.items():
        text = f'label_replace({text}, "{label}", "{value}", "", "")'
    return text


def _rule(told: dict[str, Any]) -> Rule:
    return Rule(
        told.get("alert") or told["record"],
        told["expr"].strip(),
        "alert" in told,
        told.get("labels", {}),
        told.get("for", "0s"),
        told.get("keep_firing_for", "0s"),
    )
