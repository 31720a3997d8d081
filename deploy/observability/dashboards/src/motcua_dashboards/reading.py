"""The generated dashboards read back: what they ask, and of whom, for checks and for tests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

GENERATED: Final = Path(__file__).parents[2] / "generated"

_VARIABLE: Final = re.compile(r"\$\{(\w+)(?::(\w+))?[^}]*\}|\$(\w+)")
_OF_GRAFANA: Final = {"__rate_interval": "5m"}


class Asked(NamedTuple):
    """What a panel asks a data source: PromQL or SQL, as it is written."""

    dashboard: str
    panel: str
    ref: str
    text: str


def generated() -> dict[str, dict[str, Any]]:
    """Every dashboard by uid, as Grafana gets it."""
    read = (json.loads(path.read_text("utf-8")) for path in sorted(GENERATED.glob("*.json")))
    return {one["uid"]: one for one in read}


def panels(dashboard: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The panels of a dashboard that show something, in their order."""
    yield from (one for one in dashboard["panels"] if one["type"] != "row")


def expressions() -> list[Asked]:
    """Every PromQL expression of every panel, and of every variable that asks for one."""
    found = _asked("expr")
    for uid, dashboard in generated().items():
        for variable in dashboard["templating"]["list"]:
            inside = re.fullmatch(
                r"(?:query_result\((.*)\)|label_values\((.*), \w+\))", str(variable["query"])
            )
            if inside:
                found.append(Asked(uid, f"${variable['name']}", "", inside[1] or inside[2]))
    return found


def statements() -> list[Asked]:
    """Every SQL statement of every panel."""
    return _asked("rawSql")


def _asked(member: str) -> list[Asked]:
    return [
        Asked(uid, panel["title"], target["refId"], target[member])
        for uid, dashboard in generated().items()
        for panel in panels(dashboard)
        for target in panel["targets"]
        if member in target
    ]


def variables_in(text: str) -> set[str]:
    """The names of the variables in a text, those of Grafana itself (`__…`) left out."""
    names = (match[1] or match[3] for match in _VARIABLE.finditer(text))
    return {name for name in names if not name.startswith("__")}


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with its variables replaced, as Grafana would before it asks.

    >>> filled("rate(x{unit='$unit'}[$__rate_interval])", {"unit": "666"})
    "rate(x{unit='666'}[5m])"
    >>> filled("SELECT f(${unit:sqlstring})", {"unit": "666"})
    "SELECT f('666')"
    """

    def value(match: re.Match[str]) -> str:
        name = match[1] or match[3]
        plain = _OF_GRAFANA[name] if name in _OF_GRAFANA else values[name]
        return "'" + plain.replace("'", "''") + "'" if match[2] == "sqlstring" else plain

    return _VARIABLE.sub(value, text)
