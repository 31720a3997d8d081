"""The catalogue of events names every kind, and its examples are what intake reads."""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pytest
from motcua_contracts.topics import DOSSIER_EVENTS
from motcua_intake.domain.json_events import read_event
from motcua_kernel.events import CHANGE_OF_KIND
from motcua_kernel.instant import Instant
from motcua_platform.dossier_codec import event_from_record

from scripts.contract_pages.event_rejections import rejection, rules_by_field
from scripts.contract_pages.events_page import vietnamese_name
from scripts.contract_pages.examples import Example, examples
from scripts.contract_pages.problem_sources import rules
from scripts.contract_pages.problems_page import EVENT_DOOR
from scripts.contract_pages.schema_texts import messages

PAGE = Path(__file__).parents[2] / "docs/events.md"
EXAMPLES = [one for one in examples() if one.topic == DOSSIER_EVENTS]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.name)
def test_the_example_on_the_page_is_the_golden_event_and_is_accepted(example: Example) -> None:
    section = PAGE.read_text("utf-8").partition(f"\n## {example.name}\n")[2]
    found = re.search(r"```json\n(.*?)```", section, re.DOTALL)
    assert found is not None
    headers = [(name, text.encode()) for name, text in example.headers.items()]
    golden = event_from_record(example.record, headers, Instant(0))
    assert read_event(golden.publisher, msgspec.Raw(found[1].encode())) == golden
    assert rejection(json.loads(found[1])) is None


@pytest.mark.parametrize("change", CHANGE_OF_KIND.values(), ids=lambda one: one.__name__)
def test_a_kind_has_a_vietnamese_name_says_when_it_is_told_and_explains_each_field(
    change: type,
) -> None:
    message = messages()[f"motcua.dossier.v1.{change.__name__}"]
    assert vietnamese_name(change.__name__)
    assert "Told" in message.text
    assert all(field.text for field in message.fields)


def test_breaking_the_examples_meets_every_rule_of_the_door_but_those_of_whole_texts() -> None:
    met = {word for one in EXAMPLES for words in rules_by_field(one).values() for word in words}
    assert rules(EVENT_DOOR) - met == {"conflict", "json", "minutes"}
