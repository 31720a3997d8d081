"""The OpenAPI document of intake: schemas from the contract itself, an example of each problem.

The examples are made by the very functions that make the answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from motcua_kernel.admission_rules import Rejected
from motcua_platform.access.limits import Left, Limit
from motcua_platform.access.refusals import (
    registry_incomplete,
    too_many_failures,
    unauthenticated,
)
from motcua_platform.documented import Responses, responses_of
from motcua_platform.problems import Problem, invalid_request

from motcua_intake.application.accept import Outcome, Outcomes, Status
from motcua_intake.domain.contract import AnyEvent
from motcua_intake.domain.encodings import ENCODINGS
from motcua_intake.domain.json_events import MAX_EVENTS
from motcua_intake.domain.portal.messages import MAX_ITEMS
from motcua_intake.entrypoints import import_lines, protobuf_body, refusals
from motcua_intake.entrypoints.answers import Answer, answer
from motcua_intake.entrypoints.portal_document import PORTAL_BODY

if TYPE_CHECKING:
    from fastapi import FastAPI

_REF: Final = "#/components/schemas/{name}"
_schemas, _components = msgspec.json.schema_components(
    [
        AnyEvent,
        Answer,
        import_lines.TableLine
        | import_lines.RowLine
        | import_lines.ProgressLine
        | import_lines.SummaryLine
        | import_lines.StoppedLine,
    ],
    ref_template=_REF,
)
_EVENT, _ANSWER, _LINE = _schemas
_BATCH: Final[dict[str, Any]] = {
    "type": "array",
    "minItems": 1,
    "maxItems": MAX_EVENTS,
    "items": {"$ref": _REF.format(name="Event")},
}
_FOLLOWED: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["publisher", "id", "status"],
    "properties": {
        "publisher": {"type": "string"},
        "id": {"type": "string"},
        "status": {"enum": ["applied", "anomalous", "quarantined", "released", "discarded"]},
        "dossier": {"type": "string"},
    },
}
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}

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
_DIGEST: Final = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_MEGABYTE: Final = 1024 * 1024


def _rejection(rule: str, field: str, **facts: str) -> Problem:
    """The problem of a request whose only event is rejected."""
    outcome = Outcome("666-2020-000001", Status.REJECTED, Rejected(field, rule, **facts))
    return _problem_of([outcome], is_batch=False)


def _problem_of(outcomes: Outcomes, *, is_batch: bool) -> Problem:
    try:
        answer(outcomes, "en", is_batch=is_batch)
    except Problem as problem:
        return problem
    message = "not every outcome is a rejection"
    raise ValueError(message)


_ASKING: Final = (unauthenticated(), refusals.no_publisher(), registry_incomplete())
_LIMITED: Final = (
    too_many_failures(30),
    refusals.too_many_events([Left(Limit("minute", 600, 60), 0, 12, exceeded=True)]),
)
_BODY: Final = (
    refusals.malformed("the body is no gzip"),
    refusals.body_too_slow(),
    refusals.body_too_large(5 * _MEGABYTE),
)
_CONFLICT: Final = {
    "publisher": "dak-rlap",
    "id": "666-2020-000001",
    "earlier": _DIGEST,
    "given": _DIGEST[::-1],
}

_FIELD_OF_RULE: Final = {
    "json": "",
    "protobuf": "",
    "required": "/data/procedure",
    "form": "/data/channel",
    "unknown-field": "/data/applicant",
    "type": "/type",
    "id": "/id",
    "source": "/source",
    "code": "/data/reason",
    "personal-number": "/data/staff",
    "mark": "/data/duplicate_mark",
    "minutes": "/data/added_minutes",
    "dossier-code": "/subject",
    "sequence": "/sequence",
    "time": "/time",
    "future": "/time",
    "past": "/time",
    "procedure": "/data/procedure",
    "unit": "/data/receiving_unit",
    "department": "/data/department",
    "authority": "/data/receiving_unit",
}
"""Every rule that an event may break by itself, each with a field that may be at fault."""
_REJECTIONS: Final = tuple(
    _rejection(rule, field, form="`str`") for rule, field in _FIELD_OF_RULE.items()
)

PUBLISHER_RESPONSES: Final[Responses] = responses_of(*_ASKING, too_many_failures(30))

FOLLOWING_RESPONSES: Final[Responses] = {
    200: {
        "description": "What became of the event; an applied one with its place in the log",
        "content": {"application/json": {"schema": _FOLLOWED}},
    },
    **responses_of(
        *_ASKING, too_many_failures(30), refusals.unknown_event(), refusals.processing_away()
    ),
}

EVENTS_RESPONSES: Final[Responses] = {
    202: {
        "description": "At least one event was accepted or is known already",
        "content": {"application/json": {"schema": _ANSWER}},
    },
    **responses_of(
        *_ASKING,
        *_LIMITED,
        *_BODY,
        refusals.unsupported_media_type(("application/json",)),
        refusals.unsupported_encoding(ENCODINGS),
        refusals.event_count(1_001, MAX_EVENTS),
        *_REJECTIONS,
        _rejection("conflict", "/id", **_CONFLICT),
        _problem_of(
            [Outcome("e-1", Status.REJECTED, Rejected("/subject", "dossier-code"))], is_batch=True
        ),
        refusals.log_away(),
        refusals.busy(),
        refusals.publisher_closed("run", 20, 20),
    ),
}

IMPORTS_RESPONSES: Final[Responses] = {
    200: {
        "description": "One JSON document a line: the table, its rows, progress, the end",
        "content": {import_lines.MEDIA_TYPE: {"schema": _LINE}},
    },
    **responses_of(
        *_ASKING,
        too_many_failures(30),
        *_BODY,
        refusals.unsupported_encoding(("identity",)),
        invalid_request("query.from_row", "Input should be greater than or equal to 1"),
        refusals.unknown_mapping(),
        refusals.unreadable_table("not-a-table"),
        refusals.no_headers(("dossier",)),
        refusals.busy(),
        refusals.publisher_closed("run", 20, 20),
    ),
}

PORTAL_RESPONSES: Final[Responses] = {
    202: {
        "description": "At least one event was accepted or is known already, or none was told",
        "content": {"application/json": {"schema": _ANSWER}},
    },
    **responses_of(
        *_ASKING,
        *_LIMITED,
        *_BODY,
        refusals.unsupported_encoding(ENCODINGS),
        refusals.event_count(301, MAX_ITEMS),
        _problem_of(
            [Outcome("", Status.REJECTED, Rejected("/data/0/MaHoSo", "dossier-code"))],
            is_batch=True,
        ),
        refusals.log_away(),
        refusals.busy(),
        refusals.publisher_closed("run", 20, 20),
    ),
}

_LANGUAGE: Final = {
    "name": "Accept-Language",
    "in": "header",
    "description": "The language of what people read in the answer; Vietnamese unless asked.",
    "schema": {"type": "string"},
    "example": "en",
}
_ENCODING: Final = {
    "name": "Content-Encoding",
    "in": "header",
    "description": "How the body is packed; limits count unpacked.",
    "schema": {"type": "string", "enum": ["identity", *ENCODINGS]},
}


def _content(schema: dict[str, Any], example: str) -> dict[str, Any]:
    return {"schema": schema, "examples": {example: _EXAMPLES[example]}}


EVENTS_OPERATION: Final[dict[str, Any]] = {
    "parameters": [_LANGUAGE, _ENCODING],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"anyOf": [{"$ref": _REF.format(name="Event")}, _BATCH]},
                "examples": _EXAMPLES,
            },
            "application/cloudevents+json": _content({"$ref": _REF.format(name="Event")}, "single"),
            "application/cloudevents-batch+json": _content(_BATCH, "batch"),
            protobuf_body.MEDIA_TYPE: _BINARY,
        },
    },
}
PORTAL_OPERATION: Final[dict[str, Any]] = {
    "parameters": [_LANGUAGE, _ENCODING],
    "requestBody": PORTAL_BODY,
}
IMPORTS_OPERATION: Final[dict[str, Any]] = {
    "parameters": [_LANGUAGE],
    "requestBody": {
        "required": True,
        "description": "The file as it is; its form is found out from its content.",
        "content": {
            "text/csv": _BINARY,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _BINARY,
            "application/octet-stream": _BINARY,
        },
    },
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
