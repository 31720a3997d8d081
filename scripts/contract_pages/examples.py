"""The golden examples of `proto/examples`, each with the topic and the message that it is of."""

from __future__ import annotations

import importlib
import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from google.protobuf import json_format
from motcua_contracts.topics import Topic, topics

from scripts.contract_pages.schema_texts import PROTO, messages

if TYPE_CHECKING:
    from google.protobuf.message import Message


@dataclass(frozen=True, slots=True)
class Example:
    """One record that its topic may carry."""

    name: str
    topic: str
    message: str
    """What it tells: the message chosen in the value's `oneof`, or else the value's own."""
    choice: str
    """The field of the `oneof`, in ProtoJSON; empty where the value has none."""
    headers: dict[str, str]
    value: dict[str, Any]
    record: bytes


@cache
def examples() -> tuple[Example, ...]:
    """Every example, by topic and file name."""
    found: list[Example] = []
    for path in sorted((PROTO / "examples").rglob("*.json")):
        topic = topics()[path.parent.name]
        document = json.loads(path.read_text("utf-8"))
        value = document["value"]
        told, choice = _told(topic, value)
        record = json_format.ParseDict(value, class_of(topic)()).SerializeToString(
            deterministic=True
        )
        headers = document.get("headers", {})
        found.append(Example(path.stem, topic.name, told, choice, headers, value, record))
    return tuple(found)


def choices(topic: Topic) -> dict[str, str]:
    """The messages that a topic's value may tell, each with its field; itself where it has one."""
    fields = [field for field in messages()[topic.value].fields if field.oneof]
    return {field.message: field.json_name for field in fields} or {topic.value: ""}


def class_of(topic: Topic) -> type[Message]:
    """The generated class of a topic's value."""
    package, _, name = topic.value.rpartition(".")
    for schema in sorted((PROTO / package.replace(".", "/")).glob("*.proto")):
        module = importlib.import_module(f"{package}.{schema.stem}_pb2")
        if hasattr(module, name):
            return getattr(module, name)
    raise LookupError(topic.value)


def _told(topic: Topic, value: dict[str, Any]) -> tuple[str, str]:
    for message, choice in choices(topic).items():
        if not choice or choice in value:
            return message, choice
    raise LookupError(topic.value)
