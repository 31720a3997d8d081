"""What every dashboard and panel must have, so that an operator can trust and find it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

import pytest
from motcua_dashboards.reading import GENERATED, generated, panels, variables_in

_TOP: Final = Path(__file__).parents[2]
_DASHBOARDS: Final = generated()
_PANELS: Final = [
    pytest.param(panel, id=f"{uid}-{panel['id']}")
    for uid, one in _DASHBOARDS.items()
    for panel in panels(one)
]
_SOURCES: Final = {
    "prometheus": "${prometheus}",
    "grafana-postgresql-datasource": "${postgresql}",
}
_VIETNAMESE: Final = re.compile(
    "[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]"
)
_MONITOR: Final = 24
_LARGE: Final = 60

every_panel = pytest.mark.parametrize("panel", _PANELS)
every_dashboard = pytest.mark.parametrize("dashboard", _DASHBOARDS.values(), ids=_DASHBOARDS)


def _headings(page: str) -> set[str]:
    """The anchors of a page of the documentation."""
    lines = (_TOP / "docs" / page).read_text("utf-8").splitlines()
    titles = [line.lstrip("# ") for line in lines if line.startswith("#")]
    return {re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in titles}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in cast("dict[str, Any]", value).values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in cast("list[Any]", value):
            yield from _texts(one)


def _links(value: Any) -> Iterator[str]:
    yield from (text for text in _texts(value) if text.startswith(("/d/", "${motcua}")))


def test_there_are_the_six_dashboards() -> None:
    assert set(_DASHBOARDS) == {
        f"motcua-{one}"
        for one in ("province", "commune", "department", "ahead", "publishers", "pipeline")
    }


def test_files_are_utf8_in_composed_letters_and_below_a_config_maps_limit() -> None:
    for path in GENERATED.glob("*.json"):
        text = path.read_bytes().decode("utf-8")
        assert text == unicodedata.normalize("NFC", text), path.name
        assert len(text.encode()) < 256 * 1024, path.name
        assert path.stem == json.loads(text)["uid"]


@every_dashboard
def test_a_dashboard_is_read_only_in_local_time_and_has_a_stable_name(
    dashboard: dict[str, Any],
) -> None:
    assert re.fullmatch(r"[a-z-]{1,40}", dashboard["uid"])
    assert dashboard["editable"] is False
    assert dashboard["timezone"] == "Asia/Ho_Chi_Minh"
    assert dashboard.get("id") is None
    assert dashboard["refresh"] == "30s"
    assert dashboard["tags"] == ["motcua"]
    assert _VIETNAMESE.search(dashboard["title"].lower())
    assert dashboard["description"]


@every_dashboard
def test_panels_have_numbers_of_their_own_and_names_that_differ(dashboard: dict[str, Any]) -> None:
    numbers = Counter(one["id"] for one in dashboard["panels"])
    titles = Counter(one["title"] for one in dashboard["panels"])
    assert max(numbers.values()) == max(titles.values()) == 1


@every_dashboard
def test_a_phone_stacks_the_panels_in_reading_order_and_none_overlap(
    dashboard: dict[str, Any],
) -> None:
    places = [one["gridPos"] for one in dashboard["panels"]]
    corners = [(one["y"], one["x"]) for one in places]
    assert corners == sorted(corners)
    covered = Counter(
        (one["y"] + down, one["x"] + right)
        for one in places
        for down in range(one["h"])
        for right in range(one["w"])
    )
    assert max(covered.values()) == 1
    assert all(one["x"] + one["w"] <= _MONITOR for one in places)


@every_dashboard
def test_each_row_says_of_what_moment_its_figures_are(dashboard: dict[str, Any]) -> None:
    rows = [one for one in dashboard["panels"] if one["type"] == "row"]
    assert rows
    assert dashboard["panels"][0] == rows[0]
    assert all("tính đến ${as_of:date:" in one["title"] for one in rows)


@every_panel
def test_a_panel_is_named_and_described_with_its_definition_and_its_moment(
    panel: dict[str, Any],
) -> None:
    assert _VIETNAMESE.search(panel["title"].lower()), panel["title"]
    description = panel["description"]
    assert "${as_of:date:" in description
    assert "${newest:date:" in description
    found = re.search(r"definition: `([\w-]+)` \(docs/(\w+\.md)\)", description)
    assert found is not None, panel["title"]
    name, page = found.groups()
    if page == "metrics.md":
        assert f"`{name}`" in (_TOP / "docs" / page).read_text("utf-8"), name
    else:
        assert name in _headings(page), name


@every_panel
def test_a_panel_has_a_unit_a_word_for_nothing_and_thresholds(
    panel: dict[str, Any],
) -> None:
    defaults = panel["fieldConfig"]["defaults"]
    assert defaults["unit"]
    assert defaults["noValue"] == "Không có dữ liệu"
    told = [one for one in panel.get("transformations", ()) if one["id"] == "configFromData"]
    assert ("thresholds" in defaults) != bool(told), panel["title"]
    for one in told:
        by_objective = [t for t in panel["targets"] if t["refId"] == one["options"]["configRefId"]]
        assert len(by_objective) == 1
        assert "objective" in by_objective[0]["expr"]
        named = {mapping["fieldName"] for mapping in one["options"]["mappings"]}
        assert named == {by_objective[0]["legendFormat"]}


@every_panel
def test_a_large_number_is_large(panel: dict[str, Any]) -> None:
    if panel["type"] == "stat":
        assert panel["options"]["text"]["valueSize"] >= _LARGE
        assert panel["gridPos"]["h"] >= 6
        assert panel["gridPos"]["w"] >= 4


@every_panel
def test_a_panel_asks_the_sources_that_are_chosen(
    panel: dict[str, Any],
) -> None:
    assert panel["targets"]
    for asked in [panel, *panel["targets"]]:
        source = asked["datasource"]
        assert source == {"type": source["type"], "uid": _SOURCES[source["type"]]}
    assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])
    assert len({target["datasource"]["type"] for target in panel["targets"]}) == 1


@every_dashboard
def test_every_variable_that_is_used_is_offered(dashboard: dict[str, Any]) -> None:
    offered: list[str] = []
    for variable in dashboard["templating"]["list"]:
        assert variables_in(json.dumps(variable.get("query", ""))) <= set(offered), variable["name"]
        source = variable.get("datasource", {}).get("uid", "")
        assert variables_in(source) <= set(offered)
        offered.append(variable["name"])
    for text in _texts(dashboard["panels"]):
        assert variables_in(text) <= set(offered), text


@every_dashboard
def test_every_link_leads_to_a_dashboard_with_the_variables_it_sets(
    dashboard: dict[str, Any],
) -> None:
    for link in _links(dashboard["panels"]):
        if not link.startswith("/d/"):
            continue
        uid, _, query = link.removeprefix("/d/").partition("?")
        offered = {one["name"] for one in _DASHBOARDS[uid]["templating"]["list"]}
        assert set(re.findall(r"var-(\w+)=", query)) <= offered, link
        assert set(re.findall(r"\$\{(\w+):queryparam\}", query)) <= offered, link
        assert "${__url_time_range}" in query, link


@every_panel
def test_the_columns_of_a_table_are_asked_for_and_links_name_them(
    panel: dict[str, Any],
) -> None:
    if panel["type"] != "table":
        return
    include = next(
        one["options"]["include"]["names"]
        for one in panel["transformations"]
        if one["id"] == "filterFieldsByName"
    )
    overridden = [one["matcher"]["options"] for one in panel["fieldConfig"]["overrides"]]
    assert overridden == include
    refs = {target["refId"] for target in panel["targets"]}
    for name in include:
        if name.startswith("Value #"):
            assert name.removeprefix("Value #") in refs, name
    for target in panel["targets"]:
        if "rawSql" in target:
            selected = re.findall(r"\w+", target["rawSql"].partition(" FROM ")[0])
            assert set(include) <= set(selected)
    for link in _links(panel):
        assert set(re.findall(r"__data\.fields\.(\w+)", link)) <= set(include), link


def test_one_drills_down_from_the_province_to_a_dossiers_page() -> None:
    def lead_to(uid: str, start: str) -> list[str]:
        return [one for one in _links(_DASHBOARDS[uid]["panels"]) if one.startswith(start)]

    assert lead_to("motcua-province", "/d/motcua-commune?")
    assert lead_to("motcua-commune", "/d/motcua-department?")
    for uid in ("motcua-province", "motcua-commune", "motcua-department", "motcua-ahead"):
        assert lead_to(uid, "${motcua}/board/dossiers/${__data.fields.code"), uid
