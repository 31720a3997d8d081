"""Writes what the chart holds of other files: `make docs`.

Helm cannot reach outside a chart, so rules, dashboards and topics are copied into it. The schema of
the values and the README are made from values.yaml and its comments.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, cast

import yaml

ROOT: Final = Path(__file__).resolve().parents[1]
CHART: Final = ROOT / "deploy/helm/motcua"

_COPIED: Final = {
    "rules": ("deploy/observability/rules", "*.yaml"),
    "dashboards": ("deploy/observability/dashboards/generated", "*.json"),
    "topics": ("proto/topics", "*.yaml"),
}
_CHOICES: Final = {
    "environment": ["production", "development"],
    "access": ["guarded", "open"],
    "logLevel": ["debug", "info", "warning", "error"],
    "pullPolicy": ["Always", "IfNotPresent", "Never"],
    "whenUnsatisfiable": ["ScheduleAnyway", "DoNotSchedule"],
}
_KUBERNETES_OWN: Final = frozenset({"resources", "labels", "annotations"})
"""Maps whose names are not ours: labels, annotations, resources."""
_LEAST: Final = {"replicas": 0, "shards": 1, "brokers": 1, "instances": 1, "partitions": 1}


def copies() -> dict[Path, str]:
    """What every copied or made file has to hold, by its path in the chart."""
    values = (CHART / "values.yaml").read_text("utf-8")
    made = {
        Path("values.schema.json"): schema_of(values),
        Path("README.md"): readme_of(values),
    }
    for name, (folder, pattern) in _COPIED.items():
        for path in sorted((ROOT / folder).glob(pattern)):
            made[Path("files") / name / path.name] = path.read_text("utf-8")
    return made


def schema_of(values: str) -> str:
    """The JSON Schema of the values: their names and no others, of the types of the defaults."""
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        **_closed(cast("dict[str, Any]", yaml.safe_load(values))),
    }
    cast("dict[str, Any]", schema["properties"])["global"] = {"type": "object"}
    return json.dumps(schema, indent=1) + "\n"


def _closed(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _schema_of_one(name, value) for name, value in values.items()},
    }


def _schema_of_one(name: str, value: object) -> dict[str, Any]:
    if name in _CHOICES:
        return {"enum": _CHOICES[name]}
    if isinstance(value, bool):
        return {"type": "boolean"}
    if isinstance(value, int):
        return {"type": "integer", "minimum": _LEAST.get(name, 0)}
    if isinstance(value, str):
        return {"type": "string"}
    if isinstance(value, list):
        return {"type": "array"}
    if not value or name in _KUBERNETES_OWN:
        return {"type": "object"}
    return _closed(cast("dict[str, Any]", value))


def readme_of(values: str) -> str:
    """The README: every value that has a `# --` comment, with its default."""
    lines = [
        "# Chart motcua",
        "",
        "Made from values.yaml. [How to install it](../../../docs/operations/helm.md).",
        "",
        "| value | default | |",
        "|---|---|---|",
    ]
    tree = cast("dict[str, Any]", yaml.safe_load(values))
    for path, comment in _commented(values):
        default: Any = tree
        for name in path:
            default = default[name]
        text = json.dumps(default, ensure_ascii=False)
        lines.append(f"| `{'.'.join(path)}` | `{text}` | {comment} |")
    return "\n".join(lines) + "\n"


def _commented(values: str) -> list[tuple[tuple[str, ...], str]]:
    found: list[tuple[tuple[str, ...], str]] = []
    above: list[str] = []
    comment = ""
    for line in values.splitlines():
        text = line.strip()
        if text.startswith("# -- "):
            comment = text.removeprefix("# -- ")
        elif text and not text.startswith(("#", "-")):
            depth = (len(line) - len(text)) // 2
            above = [*above[:depth], text.partition(":")[0]]
            if comment:
                found.append((tuple(above), comment))
            comment = ""
    return found


def main() -> None:
    """Write all of it, and remove copies of what is gone."""
    made = copies()
    for path in (CHART / "files").rglob("*.*"):
        if path.relative_to(CHART) not in made:
            path.unlink()
    for path, text in made.items():
        (CHART / path).parent.mkdir(parents=True, exist_ok=True)
        (CHART / path).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
