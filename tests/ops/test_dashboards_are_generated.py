"""The dashboards that are kept are those of the code, and of the SDK's classic model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from grafana_foundation_sdk.cog import plugins
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard
from motcua_dashboards.generated import dashboards
from motcua_dashboards.reading import GENERATED, generated


def test_the_kept_files_are_what_the_code_writes() -> None:
    kept = {path.name: path.read_text("utf-8") for path in Path(GENERATED).iterdir()}
    written = dashboards()
    assert set(kept) == set(written)
    changed = [name for name, text in written.items() if kept[name] != text]
    assert changed == [], "run python -m motcua_dashboards"


def test_the_code_writes_the_same_bytes_each_time() -> None:
    assert dashboards() == dashboards()


@pytest.mark.parametrize("uid", sorted(generated()))
def test_no_member_of_a_dashboard_is_unknown_to_the_model(uid: str) -> None:
    plugins.register_default_plugins()
    data = generated()[uid]
    again: Any = json.loads(json.dumps(Dashboard.from_json(data), cls=JSONEncoder))
    assert set(again) == set(data)
    assert again["templating"] == data["templating"]
    assert len(again["panels"]) == len(data["panels"])
    for read, written in zip(again["panels"], data["panels"], strict=True):
        asked = {"targets": written.get("targets")}
        if any("rawSql" in target for target in written.get("targets", ())):
            read = {**read, **asked}  # noqa: PLW2901 - the SDK has no model of these
        assert read == written, written["title"]
