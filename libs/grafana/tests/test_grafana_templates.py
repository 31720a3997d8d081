"""The committed dashboards as templates."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from grafana_cases import MAP, MERGER
from motcua_grafana.domain.wanted import wanted_of
from motcua_grafana.template_files import DEPARTMENT_FILE, UNIT_FILE, NoTemplate, read_templates

GENERATED = Path(__file__).parents[3] / "deploy/observability/dashboards/generated"


def test_the_committed_dashboards_give_every_commune_and_department_a_copy() -> None:
    wanted = wanted_of(MAP, MERGER, read_templates(GENERATED))
    boards = {place.key: place.board for place in wanted.places if place.board}
    assert set(boards) == {one.key for one in wanted.places} - {"68"}
    assert len({board.uid for board in boards.values()}) == len(boards)
    for key, board in boards.items():
        unit, _, department = key.partition("_")
        fixed = {
            one["name"]: one["query"]
            for one in msgspec.json.decode(board.model)["templating"]["list"]
            if one["type"] == "constant"
        }
        rest = {"department": department} if department else {}
        assert fixed == {"province": "68", "unit": unit, **rest}


@pytest.mark.parametrize("content", ["{", "[]", '{"templating": {"list": [{"name": "x"}]}}'])
def test_a_template_that_cannot_be_used_is_refused_by_name(tmp_path: Path, content: str) -> None:
    (tmp_path / DEPARTMENT_FILE).write_bytes((GENERATED / DEPARTMENT_FILE).read_bytes())
    (tmp_path / UNIT_FILE).write_text(content)
    with pytest.raises(NoTemplate, match=UNIT_FILE):
        read_templates(tmp_path)
