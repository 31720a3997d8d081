"""The provisioning files fit the dashboards, and hold no secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import yaml
from motcua_dashboards.reading import generated

_FOLDER: Final = Path(__file__).parents[2] / "deploy" / "observability" / "grafana" / "provisioning"


def _read(kind: str) -> dict[str, Any]:
    return yaml.safe_load((_FOLDER / kind / "motcua.yml").read_text("utf-8"))


def test_there_is_a_data_source_of_each_kind_that_dashboards_ask_for() -> None:
    sources = _read("datasources")
    assert sources["apiVersion"] == 1
    offered = {one["type"] for one in sources["datasources"]}
    asked = {
        variable["query"]
        for dashboard in generated().values()
        for variable in dashboard["templating"]["list"]
        if variable["type"] == "datasource"
    }
    assert offered == asked
    assert all(one["editable"] is False for one in sources["datasources"])
    assert len({one["uid"] for one in sources["datasources"]}) == len(sources["datasources"])


def test_the_database_is_asked_as_the_role_and_the_password_stands_elsewhere() -> None:
    database = next(one for one in _read("datasources")["datasources"] if "user" in one)
    assert database["user"] == "motcua_reporting"
    assert database["secureJsonData"]["password"].startswith("$__file{")
    assert database["url"].startswith("${")


def test_dashboards_from_files_cannot_be_changed_in_the_browser() -> None:
    provider = _read("dashboards")["providers"][0]
    assert provider["type"] == "file"
    assert provider["allowUiUpdates"] is False
    assert "foldersFromFilesStructure" not in provider["options"]
