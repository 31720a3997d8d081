"""Grafana's own description of its HTTP API, at a pinned version.

Grafana publishes it as `public/api-merged.json` in its repository, which no package registry
carries, and as the Go client that Grafana generates from that file: every operation with method,
path, parameters, statuses and models. The client is what is read here. Its version was generated
from the description at Grafana's commit e36ea787712df453c31e48aefdbf2ba8fd7897d5, of the line of
Grafana 13 (`scripts/pull-schema.sh` of the module names it).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from go_models import Models
from go_module import GoModule

MODULE = GoModule(
    "github.com/grafana/grafana-openapi-client-go",
    "v0.0.0-20260330113218-ee77c4f6f90e",
    "h1:P/SerquhsX/4a3kreHR5mrJmohlWRqaxei/ZUSA6zkA=",
)
TAGS = ("folders", "teams", "dashboards", "search", "health")
"""What the stub answers; the description has more."""

_OPERATION = re.compile(
    r'ID:\s+"(?P<id>\w+)",\s+Method:\s+"(?P<method>\w+)",\s+PathPattern:\s+"(?P<path>[^"]+)",'
    r".*?Reader:\s+&(?P<name>\w+)Reader\{",
    re.DOTALL,
)
_QUERY = re.compile(r'SetQueryParam\("(\w+)"')
_BODY = re.compile(r"^\tBody (\S+)$", re.MULTILINE)
_CASE = re.compile(r"case (\d+):\n\t\tresult := New(\w+)\(\)")
_PATH_PART = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; `answers` are the Go types of the bodies by status."""

    id: str
    method: str
    path: str
    query: frozenset[str]
    body: str
    answers: Mapping[int, str]

    def match(self, path: str) -> tuple[str, ...] | None:
        """The parts of a path that the operation leaves open, None where it is another path."""
        found = re.fullmatch(_PATH_PART.sub("([^/]+)", self.path), path)
        return found.groups() if found else None


@dataclass(frozen=True, slots=True)
class Description:
    """What requests may be made, and what answers may be given."""

    operations: tuple[Operation, ...]
    models: Models

    def find(self, method: str, path: str) -> tuple[Operation, tuple[str, ...]] | None:
        """The operation of a request; a path without open parts goes before one with them."""
        found = [
            (operation, parts)
            for operation in self.operations
            if operation.method == method and (parts := operation.match(path)) is not None
        ]
        return min(found, key=lambda one: len(one[1]), default=None)

    def request_faults(
        self, operation: Operation, query: Mapping[str, str], body: Any
    ) -> Iterator[str]:
        """What the description does not allow in a request."""
        yield from (f"{operation.id}?{name}: unknown" for name in query.keys() - operation.query)
        if not operation.body:
            if body is not None:
                yield f"{operation.id}: takes no body"
            return
        yield from self.models.faults(body, operation.body, operation.id, strict=True)

    def answer_faults(self, operation: Operation, status: int, body: Any) -> Iterator[str]:
        """What the description does not know of an answer."""
        if status not in operation.answers:
            yield f"{operation.id}: never answers {status}"
            return
        yield from self.models.faults(
            body, operation.answers[status], f"{operation.id} {status}", strict=False
        )


@cache
def grafana_description(*, in_full: bool = False) -> Description:
    """The description, fetched at the first use; in full with what the stub does not answer.

    Raises:
        NotToBeHad: it cannot be fetched, or is not the one that was pinned.
    """
    files = MODULE.files()
    models = Models()
    for path, source in files.items():
        if path.startswith("models/"):
            models.read(source)
    every = {
        path.split("/")[1] for path in files if path.startswith("client/") and path.count("/") > 1
    }
    operations = [
        one for tag in sorted(every if in_full else TAGS) for one in _operations(tag, files)
    ]
    return Description(tuple(operations), models)


def _operations(tag: str, files: Mapping[str, str]) -> Iterator[Operation]:
    client = files[f"client/{tag}/{tag}_client.go"]
    others = [text for path, text in files.items() if path.startswith(f"client/{tag}/")]
    for found in _OPERATION.finditer(client):
        name = found["name"]
        parameters = next(text for text in others if f"type {name}Params struct" in text)
        responses = next(text for text in others if f"type {name}Reader struct" in text)
        body = _BODY.search(_struct(f"{name}Params", parameters))
        answers = {
            int(status): _payload(result, responses) for status, result in _CASE.findall(responses)
        }
        yield Operation(
            found["id"],
            found["method"],
            found["path"],
            frozenset(_QUERY.findall(parameters)),
            body[1] if body else "",
            answers,
        )


def _payload(result: str, responses: str) -> str:
    found = re.search(r"\tPayload (\S+)", _struct(result, responses))
    return found[1] if found else "interface{}"


def _struct(name: str, source: str) -> str:
    start = source.index(f"type {name} struct")
    return source[start : source.index("\n}", start)]
