"""The AsyncAPI 3.0 document of all topics: for teams that write to Kafka or read from it."""

from __future__ import annotations

from typing import Any, Final

import yaml
from motcua_contracts.topics import DOSSIER_EVENTS, Topic, ingress_topic, topics
from motcua_platform.dossier_codec import CONTENT_TYPE, HEADERS

from scripts.contract_pages.examples import Example, choices, examples
from scripts.contract_pages.schema_texts import enums, messages, reference

_BINDING: Final = "0.5.0"
_INTRODUCTION: Final = """\
What each topic of Motcua carries, who writes it and who reads it.

Values are Protobuf; the payloads here are the same messages in ProtoJSON, and so are the examples.
Dossier events carry the CloudEvents 1.0 attributes in headers (binary mode). A publisher sends to
`POST /v1/events`, or to an ingress topic of its own; nobody else writes here.

Made from proto/ and the code that writes the headers by `make docs`; do not edit by hand.
"""
_INGRESS_NAME: Final = "motcua.dossier.ingress.v1"
_INGRESS: Final = ingress_topic("publisher").replace("publisher", "{publisher}")


def document() -> str:
    """The document in YAML."""
    return yaml.dump(
        build(), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100, indent=2
    )


def build() -> dict[str, Any]:
    """The document as data."""
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Motcua", "version": "1", "description": _INTRODUCTION},
        "defaultContentType": CONTENT_TYPE.decode(),
        "servers": {
            "local": {
                "host": "127.0.0.1:9092",
                "protocol": "kafka",
                "description": "The broker of `make up`",
            }
        },
        "channels": {name: _channel(topic) for name, topic in topics().items()}
        | {_INGRESS_NAME: _ingress()},
        "operations": dict(
            entry
            for topic in topics().values()
            for entry in (
                *(_operation(user, "send", topic.name) for user in topic.producers),
                *(_operation(user, "receive", topic.name) for user in topic.consumers),
            )
        )
        | dict(
            [
                _operation("publisher", "send", _INGRESS_NAME),
                _operation("processing", "receive", _INGRESS_NAME),
            ]
        ),
        "components": {
            "messages": _messages(),
            "schemas": {name: message.schema for name, message in messages().items()} | enums(),
        },
    }


def _channel(topic: Topic) -> dict[str, Any]:
    return {
        "address": topic.name,
        "description": topic.description,
        "messages": {name: _reference("messages", name) for name in choices(topic)},
        "bindings": {"kafka": _kafka(topic)},
        "x-owner": topic.owner,
        "x-quarantine": topic.quarantine,
    }


def _ingress() -> dict[str, Any]:
    common = topics()[DOSSIER_EVENTS]
    kafka = _kafka(common) | {"partitions": 1}
    del kafka["topic"]
    return _channel(common) | {
        "address": _INGRESS,
        "description": "Dossier events that a publisher writes itself: one topic for each publisher"
        " with a Kafka line of its own. The topic's name says who speaks, never a header; an event"
        " that intake would reject is quarantined.",
        "parameters": {"publisher": {"description": "The publisher's id in the registry"}},
        "bindings": {"kafka": kafka},
        "x-owner": "publisher",
    }


def _kafka(topic: Topic) -> dict[str, Any]:
    known = {"cleanup.policy", "retention.ms", "retention.bytes"}
    settings: dict[str, Any] = {
        name: [value] if name == "cleanup.policy" else int(value)
        for name, value in topic.config.items()
        if name in known
    }
    return {
        "topic": topic.name,
        "partitions": topic.partitions,
        "topicConfiguration": settings,
        "x-config": {name: value for name, value in topic.config.items() if name not in known},
        "bindingVersion": _BINDING,
    }


def _operation(user: str, action: str, channel: str) -> tuple[str, dict[str, Any]]:
    return f"{user}.{action}.{channel}", {
        "action": action,
        "title": f"{user} {'writes' if action == 'send' else 'reads'}",
        "channel": {"$ref": f"#/channels/{channel}"},
        "tags": [{"name": user}],
    }


def _messages() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for topic in topics().values():
        for name, choice in choices(topic).items():
            found.setdefault(name, _message(topic, name, choice))
    return found


def _message(topic: Topic, name: str, choice: str) -> dict[str, Any]:
    payload = reference(topic.value)
    shown = [example for example in examples() if example.message == name]
    return {
        "name": name,
        "title": name.rpartition(".")[2],
        "summary": messages()[name].text or messages()[topic.value].text,
        "contentType": CONTENT_TYPE.decode(),
        **({"headers": _headers(name)} if any(example.headers for example in shown) else {}),
        "payload": {"allOf": [payload], "required": [choice]} if choice else payload,
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": topic.key},
                "bindingVersion": _BINDING,
            }
        },
        "examples": [_example(example) for example in shown],
        "x-protobuf": topic.value,
    }


def _headers(name: str) -> dict[str, Any]:
    properties: dict[str, Any] = {
        header: {"type": "string", "description": text} for header, text in HEADERS.items()
    }
    properties["ce_specversion"]["const"] = "1.0"
    properties["ce_type"]["const"] = name
    properties["content-type"]["const"] = CONTENT_TYPE.decode()
    return {"type": "object", "required": list(HEADERS), "properties": properties}


def _example(example: Example) -> dict[str, Any]:
    headers = {"headers": example.headers} if example.headers else {}
    return {"name": f"{example.topic}/{example.name}", **headers, "payload": example.value}


def _reference(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


class _Plain(yaml.SafeDumper):
    """Writes what occurs twice twice: other tools need no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        """Every value is written where it stands."""
        _ = data
        return True


def _lines(dumper: _Plain, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Plain.add_representer(str, _lines)
