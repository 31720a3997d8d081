"""Every golden example is accepted by every consumer of its topic; every topic has its file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format
from motcua.registry.v1 import registry_pb2
from motcua_contracts import topics as contracts
from motcua_contracts.topics import Topic, topics
from motcua_kernel.events import CHANGE_OF_KIND, KIND_OF_CHANGE
from motcua_kernel.instant import Instant, parse_rfc3339
from motcua_kernel.life_cycle import Status
from motcua_kernel.registry import Registry
from motcua_platform.dossier_codec import event_from_record, event_headers, event_to_value
from motcua_platform.registry_codec import entry_from_value, entry_key
from motcua_platform.state_codec import state_from_value

from scripts.contract_pages.examples import class_of

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "proto" / "examples"
SERVICES = {"intake", "processing", "metrics", "motcua"}
NOW = Instant(1_790_000_000_000)
PATHS = sorted(EXAMPLES.rglob("*.json"))


def read(path: Path) -> tuple[str, dict[str, Any], bytes]:
    """The topic, the document and the record value of an example."""
    document = json.loads(path.read_text("utf-8"))
    message = class_of(topics()[path.parent.name])()
    json_format.ParseDict(document["value"], message)
    return path.parent.name, document, message.SerializeToString(deterministic=True)


def examples(topic: str) -> list[Any]:
    return [pytest.param(path, id=path.stem) for path in PATHS if path.parent.name == topic]


@pytest.mark.parametrize("path", [pytest.param(p, id=f"{p.parent.name}/{p.stem}") for p in PATHS])
def test_an_example_comes_back_from_its_bytes_word_for_word(path: Path) -> None:
    topic, document, value = read(path)
    message = class_of(topics()[topic]).FromString(value)
    assert json_format.MessageToDict(message) == document["value"]


@pytest.mark.parametrize("path", examples(contracts.DOSSIER_EVENTS))
def test_processing_accepts_each_event_and_intake_would_write_the_same_record(path: Path) -> None:
    _, document, value = read(path)
    headers = [(name, text.encode()) for name, text in document["headers"].items()]
    event = event_from_record(value, headers, NOW)
    assert type(event.change).__name__ == path.stem
    assert event.dossier == document["key"] == document["headers"]["ce_subject"]
    assert event.occurred_at == parse_rfc3339(document["headers"]["ce_time"])
    assert event.recorded_at == NOW
    assert event_to_value(event) == value
    assert event_headers(event) == headers


@pytest.mark.parametrize("path", examples(contracts.REGISTRY_EVENTS))
def test_every_service_accepts_each_registry_entry(path: Path) -> None:
    _, document, value = read(path)
    entry = entry_from_value(value, NOW)
    assert type(entry).__name__ == path.stem
    assert entry_key(registry_pb2.RegistryEntry.FromString(value)) == document["key"]
    assert Registry().with_entries([(7, entry)]).offset == 7


@pytest.mark.parametrize("path", examples(contracts.DOSSIER_STATES))
def test_metrics_accepts_each_state(path: Path) -> None:
    _, document, value = read(path)
    state = state_from_value(value)
    told = document["value"]
    assert state.dossier == document["key"] == told["dossier"]
    assert f"STATUS_{state.status.name}" == told["status"]
    assert state.is_paused == (state.status is Status.SUPPLEMENT_REQUESTED)
    assert (state.due is None) == ("due" not in told)
    assert (state.reception_due is None) == ("receptionDue" not in told)
    assert state.resolved_at == int(told.get("resolvedAt", 0))


def test_there_is_an_example_of_everything_that_a_topic_can_carry() -> None:
    stems = {topic: {p.stem for p in PATHS if p.parent.name == topic} for topic in topics()}
    kinds = {change.__name__ for change in CHANGE_OF_KIND.values()}
    assert len(kinds) == len(KIND_OF_CHANGE) == 17
    assert stems[contracts.DOSSIER_EVENTS] == kinds
    descriptor = registry_pb2.RegistryEntry.DESCRIPTOR
    assert stems[contracts.REGISTRY_EVENTS] == {
        field.message_type.name for field in descriptor.fields if field.message_type
    }
    assert all(stems.values())
    assert {path.parent.name for path in PATHS} == set(topics())


@pytest.mark.parametrize("topic", topics().values(), ids=lambda topic: topic.name)
def test_a_topic_has_owner_value_partitions_and_users(topic: Topic) -> None:
    assert (ROOT / "proto" / "topics" / f"{topic.name}.yaml").is_file()
    assert class_of(topic).DESCRIPTOR.full_name == topic.value
    assert topic.owner in topic.producers
    assert set(topic.producers) | set(topic.consumers) <= SERVICES
    assert topic.key
    assert topic.description
    assert topic.quarantine
    assert topic.partitions > 0
    assert topic.config["message.timestamp.type"] == "LogAppendTime"
    kept_for_ever = topic.config.get("retention.ms") == "-1"
    assert kept_for_ever == (topic.config["cleanup.policy"] == "delete")


def test_every_consumed_topic_has_a_consumer_but_the_quarantine() -> None:
    assert {name for name, topic in topics().items() if not topic.consumers} == {
        contracts.QUARANTINE
    }


def test_every_constant_has_a_file_and_every_file_a_constant() -> None:
    constants = {
        value
        for name, value in vars(contracts).items()
        if name.isupper() and isinstance(value, str)
    }
    assert constants == set(topics())
