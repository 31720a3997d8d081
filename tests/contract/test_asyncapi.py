"""The document of the topics is valid AsyncAPI, and the golden examples are of its schemas."""

from __future__ import annotations

import copy
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from motcua_contracts.topics import topics
from motcua_kernel.instant import Instant
from motcua_platform.dossier_codec import HEADERS, event_from_record, event_headers

from scripts.contract_pages.examples import Example, examples

ROOT = Path(__file__).parents[2]
SPECS = ROOT / "proto/node_modules/@asyncapi/specs/schemas/3.0.0.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The committed document."""
    return yaml.safe_load((ROOT / "docs/asyncapi.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def official() -> jsonschema_rs.Validator:
    """The validator of AsyncAPI's own JSON schema."""
    if shutil.which("npm") is None and os.environ.get("CI") != "true":
        pytest.skip("npm, which brings the schema, is not installed")
    subprocess.run([ROOT / "scripts/proto_tools.sh"], check=True, capture_output=True)
    return jsonschema_rs.validator_for(json.loads(SPECS.read_text("utf-8")))


def test_the_document_is_valid_by_the_official_schema(
    document: dict[str, Any], official: jsonschema_rs.Validator
) -> None:
    assert [str(error) for error in official.iter_errors(document)] == []


@pytest.mark.parametrize(
    "place", ["asyncapi", "channels/motcua.registry.events.v1", "operations/processing"]
)
def test_the_official_schema_finds_what_is_wrong(
    document: dict[str, Any], official: jsonschema_rs.Validator, place: str
) -> None:
    spoilt = copy.deepcopy(document)
    inner, _, last = place.rpartition("/")
    (spoilt[inner] if inner else spoilt)[last] = {"action": "shout", "address": 7}
    assert not official.is_valid(spoilt)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    found = set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document)))
    assert len(found) > len(topics())
    for reference in found:
        node: Any = document
        for part in reference.split("/"):
            node = node[part]


def test_every_topic_has_its_channel_with_all_who_write_and_read_it(
    document: dict[str, Any],
) -> None:
    for topic in topics().values():
        channel = {"$ref": f"#/channels/{topic.name}"}
        users = {
            (one["action"], one["tags"][0]["name"])
            for one in document["operations"].values()
            if one["channel"] == channel
        }
        assert users == {("send", user) for user in topic.producers} | {
            ("receive", user) for user in topic.consumers
        }


@pytest.mark.parametrize(
    "example", [pytest.param(one, id=f"{one.topic}/{one.name}") for one in examples()]
)
def test_an_example_is_of_the_schema_of_its_message(
    document: dict[str, Any], example: Example
) -> None:
    message = document["components"]["messages"][example.message]
    shown = {one["name"]: one for one in message["examples"]}
    assert shown[f"{example.topic}/{example.name}"]["payload"] == example.value
    own = {"components": {"schemas": document["components"]["schemas"]}}
    payload = jsonschema_rs.validator_for(message["payload"] | own)
    payload.validate(example.value)
    assert not payload.is_valid(example.value | {"fullName": "…"})
    if example.headers:
        jsonschema_rs.validator_for(message["headers"]).validate(example.headers)


def test_the_headers_that_are_told_are_those_that_are_written() -> None:
    example = next(one for one in examples() if one.headers)
    headers = [(name, text.encode()) for name, text in example.headers.items()]
    event = event_from_record(example.record, headers, Instant(0))
    assert [name for name, _ in event_headers(event)] == list(HEADERS)
