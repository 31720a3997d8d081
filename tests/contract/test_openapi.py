"""The OpenAPI documents are valid, and show every problem that intake can answer."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from motcua_kernel.admission_rules import RULES
from motcua_platform.problems import TYPE_PREFIX

from scripts.contract_pages.openapi import examples_of_problems
from scripts.contract_pages.problem_sources import rules, sources
from scripts.contract_pages.problems_page import EVENT_DOOR

FOLDER = Path(__file__).parents[2] / "docs/openapi"
_NOT_OF_INTAKE = {"forbidden"}
"""Intake asks for a publisher, never for a role."""


def read(service: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{service}.json").read_text("utf-8"))


@pytest.mark.parametrize("service", ["intake", "processing"])
def test_a_document_is_valid_openapi_without_loose_ends(service: str) -> None:
    document = read(service)
    assert document["openapi"].startswith("3.1")
    schemathesis.openapi.from_dict(document).validate()
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert "Problem" in named <= set(document["components"]["schemas"])


def test_every_problem_of_intake_has_an_example() -> None:
    made = sources("intake") + [one for one in sources("both") if one.kind not in _NOT_OF_INTAKE]
    shown = examples_of_problems(read("intake"))
    assert len(made) > 20
    assert {one.kind for one in made} - set(shown) == set()
    for one in made:
        assert shown[one.kind]["type"] == TYPE_PREFIX + one.kind
        assert shown[one.kind]["status"] == one.status


def test_every_rule_that_an_event_may_break_has_an_example() -> None:
    shown = examples_of_problems(read("intake"))
    broken = rules(EVENT_DOOR)
    assert len(broken) > 20
    assert broken <= set(shown)
    assert all(shown[word]["expected"] for word in broken)


def test_every_rule_is_broken_somewhere_and_every_broken_one_is_known() -> None:
    root = FOLDER.parents[1]
    files = [
        str(path.relative_to(root))
        for folder in ("libs/kernel/src", "services/intake/src", "services/processing/src")
        for path in (root / folder).rglob("*.py")
    ]
    assert rules(files) | {"protobuf"} == set(RULES)


def test_every_problem_of_intake_is_told_in_vietnamese_and_says_when() -> None:
    for one in sources("intake"):
        assert one.vi
        assert one.when
