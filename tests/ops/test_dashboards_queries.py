"""Every PromQL of the dashboards: it parses, its series exist, and no replica is counted twice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import promql_parser as promql
import pytest
import yaml
from motcua_dashboards.reading import Asked, expressions, filled

_TOP: Final = Path(__file__).parents[2]
_RULES: Final = _TOP / "deploy" / "observability" / "rules"
_VALUES: Final = {
    "province": "68",
    "unit": "24733-2025",
    "scope": "68",
    "department": "van-phong",
    "period": "month",
}
_EXPRESSIONS: Final = [
    pytest.param(one, id=f"{one.dashboard}-{number}") for number, one in enumerate(expressions())
]
_PARTS: Final = ("_bucket", "_sum", "_count")

every_expression = pytest.mark.parametrize("asked", _EXPRESSIONS)


def _recorded() -> set[str]:
    """The series that the rules record."""
    rules = (yaml.safe_load(path.read_text("utf-8")) for path in _RULES.glob("*.yaml"))
    return {
        rule["record"]
        for file in rules
        for group in file["groups"]
        for rule in group["rules"]
        if "record" in rule
    }


def _catalogued() -> dict[str, set[str]]:
    """The metrics of the catalogue and their labels."""
    found: dict[str, set[str]] = {}
    for line in (_TOP / "docs" / "metrics.md").read_text("utf-8").splitlines():
        row = re.match(r"\| `(motcua_\w+)`(?: \*)? \| \w+ \| ([^|]*) \|", line)
        if row:
            labels = (part.split("=")[0].strip() for part in row[2].split(";"))
            found.setdefault(row[1], set()).update(filter(None, labels))
    return found


_RECORDED: Final = _recorded()
_CATALOGUED: Final = _catalogued()


def _selectors(expr: promql.Expr) -> list[tuple[str, list[promql.Expr]]]:
    """Each selector's metric, and the expressions that stand around it, the outermost first."""
    around: list[promql.Expr] = []
    found: list[tuple[str, list[promql.Expr]]] = []

    def enter(one: promql.Expr) -> None:
        if isinstance(one, promql.MatrixSelector):
            found.append((one.vector_selector.name or "", [*around]))
        elif isinstance(one, promql.VectorSelector):
            found.append((one.name or "", [*around]))
        around.append(one)

    def leave(_: promql.Expr) -> None:
        around.pop()

    promql.walk(expr, enter, leave)
    return found


def _metric(name: str) -> str:
    """The catalogue's name of a series: a histogram has several."""
    return next(
        (name.removesuffix(part) for part in _PARTS if name.removesuffix(part) in _CATALOGUED),
        name,
    )


def _names_of(asked: Asked) -> list[tuple[str, list[promql.Expr]]]:
    return _selectors(promql.parse(filled(asked.text, _VALUES)))


@every_expression
def test_an_expression_parses_and_every_series_in_it_exists(asked: Asked) -> None:
    names = [name for name, _ in _names_of(asked)]
    assert names, asked
    unknown = {name for name in names if name not in _RECORDED and _metric(name) not in _CATALOGUED}
    assert unknown == set(), asked


@every_expression
def test_figures_are_read_from_recorded_series_alone(asked: Asked) -> None:
    raw = {_metric(name) for name, _ in _names_of(asked) if name not in _RECORDED}
    of_units = {name for name in raw if "unit" in _CATALOGUED[name]}
    assert of_units == set(), "a replica would be counted twice"
    assert not raw & {"motcua_domain_time_seconds", "motcua_state_watermark_timestamp_seconds"}


@every_expression
def test_what_several_processes_say_alike_is_taken_once(asked: Asked) -> None:
    for name, above in _names_of(asked):
        if name in _RECORDED:
            continue
        aggregations = [one for one in above if isinstance(one, promql.AggregateExpr)]
        assert aggregations, f"{name} of each process by itself"
        innermost = str(aggregations[-1].op)
        rated = any(isinstance(one, promql.Call) and one.func.name == "rate" for one in above)
        assert rated or innermost in {"max", "min"}, f"{innermost} over {name}"


@every_expression
def test_rates_reach_over_what_is_scraped(asked: Asked) -> None:
    spans = re.findall(r"\brate\([^\[]*\[([^\]]*)\]", asked.text)
    assert set(spans) <= {"$__rate_interval"}, asked


def test_the_catalogue_and_the_rules_were_read() -> None:
    assert _CATALOGUED["motcua_dossiers_in_progress"] == {"unit", "department", "timing"}
    assert "province:motcua_on_time:ratio" in _RECORDED
    assert len(_EXPRESSIONS) > 100
