"""Problems in an OpenAPI document: each with the example that the code itself makes."""

from __future__ import annotations

from typing import Any, Final

from motcua_platform.problems import MEDIA_TYPE, Problem

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
_HEADER: Final = {"schema": {"type": "string"}}

Responses = dict[int | str, dict[str, Any]]


def responses_of(*problems: Problem) -> Responses:
    """The `responses` of an operation that may answer with these problems."""
    found: Responses = {}
    for problem in problems:
        response = found.setdefault(problem.status, _empty())
        examples = response["content"][MEDIA_TYPE]["examples"]
        examples[problem.kind] = {"summary": problem.title, "value": problem.document("en")}
        response["description"] = "; ".join(one["summary"] for one in examples.values())
        for name in problem.headers:
            response["headers"][name] = _HEADER
    return found


def _empty() -> dict[str, Any]:
    return {
        "description": "",
        "headers": {"Content-Language": _HEADER},
        "content": {MEDIA_TYPE: {"schema": _SCHEMA, "examples": {}}},
    }
