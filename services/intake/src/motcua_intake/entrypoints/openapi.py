"""The OpenAPI document of intake: schemas from the contract itself, problems, examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from motcua_platform.problems import MEDIA_TYPE

from motcua_intake.domain.contract import AnyEvent
from motcua_intake.domain.json_events import MAX_EVENTS
from motcua_intake.entrypoints.answers import Answer

if TYPE_CHECKING:
    from fastapi import FastAPI

_REF: Final = "#/components/schemas/{name}"


class ProblemDocument(msgspec.Struct, omit_defaults=True):
    """RFC 9457; further members name the field, the rule and what was expected."""

    type: str
    title: str
    status: int
    detail: str = ""
    id: str = ""
    field: str = ""
    rule: str = ""
    expected: str = ""
    results: list[dict[str, str]] = []


_schemas, _components = msgspec.json.schema_components(
    [AnyEvent, Answer, ProblemDocument], ref_template=_REF
)
_EVENT, _ANSWER, _PROBLEM = _schemas
_BATCH: Final[dict[str, Any]] = {
    "type": "array",
    "minItems": 1,
    "maxItems": MAX_EVENTS,
    "items": {"$ref": _REF.format(name="Event")},
}

_EXAMPLE_EVENT: Final = {
    "specversion": "1.0",
    "id": "666-2020-000001",
    "source": "/dak-rlap/mot-cua",
    "type": "motcua.dossier.v1.Received",
    "subject": "000.00.31.H16-200106-0001",
    "time": "2020-01-06T08:15:00+07:00",
    "sequence": "1",
    "data": {
        "procedure": "1.000894",
        "channel": "counter",
        "receiving_unit": "666",
        "resolving_unit": "666",
    },
}
_EXAMPLES: Final = {
    "single": {"summary": "One event", "value": _EXAMPLE_EVENT},
    "batch": {"summary": "Several events", "value": [_EXAMPLE_EVENT]},
}
_EXAMPLE_PROBLEM: Final = {
    "type": "urn:motcua:problem:procedure",
    "title": "The event was rejected",
    "status": 422,
    "id": "666-2020-000001",
    "field": "/data/procedure",
    "rule": "procedure",
    "expected": "a procedure of the registry, valid on that day",
}


def _problem(description: str) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": _PROBLEM, "example": _EXAMPLE_PROBLEM}}
    return {"description": description, "content": content}


def _content(schema: dict[str, Any], example: str) -> dict[str, Any]:
    return {"schema": schema, "examples": {example: _EXAMPLES[example]}}


PROBLEM_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    401: _problem("No publisher has this key"),
    503: _problem("The registry is not complete yet"),
}

EVENTS_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    202: {
        "description": "At least one event was accepted or is known already",
        "content": {"application/json": {"schema": _ANSWER}},
    },
    400: _problem("The body is not what its headers say"),
    401: _problem("No publisher has this key"),
    403: _problem("The publisher does not speak for the unit of the only event"),
    408: _problem("The body did not arrive in time"),
    409: _problem("The id of the only event was used before, with other content"),
    413: _problem("The body is too large"),
    415: _problem("A content type or encoding that is not read here"),
    422: _problem("The only event, or every event of the batch, was rejected"),
    503: _problem("Kafka is away, or too many requests wait; Retry-After says when to ask again"),
}

EVENTS_OPERATION: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"anyOf": [{"$ref": _REF.format(name="Event")}, _BATCH]},
                "examples": _EXAMPLES,
            },
            "application/cloudevents+json": _content({"$ref": _REF.format(name="Event")}, "single"),
            "application/cloudevents-batch+json": _content(_BATCH, "batch"),
        },
    }
}


def install_openapi(app: FastAPI) -> None:
    """Add the contract's schemas to the document that FastAPI makes."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        document = generate()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(_components | {"Event": _EVENT})
        return document

    app.openapi = openapi
