"""Problems in an OpenAPI document: each with the example that the code itself makes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from motcua_platform.problems import MEDIA_TYPE, Problem, invalid_request

if TYPE_CHECKING:
    from fastapi import FastAPI

_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "description": "RFC 9457; further members name the field, the rule and what would be right.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "field": {"type": "string"},
        "rule": {"type": "string"},
    },
    "additionalProperties": True,
}
_REFERENCE: Final = {"$ref": "#/components/schemas/Problem"}
_HEADER: Final = {"schema": {"type": "string"}}

Responses = dict[int | str, dict[str, Any]]


def responses_of(*problems: Problem) -> Responses:
    """The `responses` of an operation that may answer with these problems."""
    found: Responses = {}
    for problem in problems:
        response = found.setdefault(problem.status, _empty())
        examples = response["content"][MEDIA_TYPE]["examples"]
        examples[problem.kind] = {"summary": problem.title, "value": problem.document("en")}
        response["description"] = _described(examples)
        for name in problem.headers:
            response["headers"][name] = _HEADER
    return found


def document_problems(app: FastAPI, guarded: Iterable[Problem]) -> None:
    """Put into the app's document what its operations answer beyond what they say themselves.

    Those that take credentials: the `guarded` problems. Those with parameters: a problem, where
    FastAPI tells of a body of its own.
    """
    generate = app.openapi
    of_guard = list(guarded)

    def openapi() -> dict[str, Any]:
        document = generate()
        for path in document["paths"].values():
            for operation in path.values():
                _correct(operation, of_guard)
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        for schema in _FASTAPIS_OWN:
            schemas.pop(schema, None)
        schemas["Problem"] = _SCHEMA
        return document

    app.openapi = openapi


_FASTAPIS_OWN: Final = ("HTTPValidationError", "ValidationError")


def _correct(operation: dict[str, Any], guarded: list[Problem]) -> None:
    responses: dict[str, dict[str, Any]] = operation["responses"]
    told = list(guarded) if "security" in operation else []
    if any(name in str(responses.get("422", "")) for name in _FASTAPIS_OWN):
        del responses["422"]
        told.append(invalid_request("query.limit", "Input should be greater than or equal to 1"))
    for status, response in responses_of(*told).items():
        known = responses.setdefault(str(status), response)
        if known is not response:
            examples = known["content"].setdefault(MEDIA_TYPE, response["content"][MEDIA_TYPE])
            new = response["content"][MEDIA_TYPE]["examples"]
            examples["examples"] = new | examples["examples"]
            known["description"] = _described(examples["examples"])
    operation["responses"] = dict(sorted(responses.items()))


def _described(examples: dict[str, dict[str, Any]]) -> str:
    return "; ".join(one["summary"] for one in examples.values())


def _empty() -> dict[str, Any]:
    return {
        "description": "",
        "headers": {"Content-Language": _HEADER},
        "content": {MEDIA_TYPE: {"schema": _REFERENCE, "examples": {}}},
    }
