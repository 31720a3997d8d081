"""A service held to its own OpenAPI document: schemathesis asks, every check on.

The document says which requests are well formed. Whether what they name exists only the service
knows, so a 422 for one of the rules `beyond` the document is no fault; anything else is.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.core.parameters import ParameterLocation
from schemathesis.engine import events, from_schema
from schemathesis.openapi.checks import RejectedPositiveData
from schemathesis.transport import requests as over_requests

EXAMPLES: Final = int(os.environ.get("MOTCUA_DOOR_EXAMPLES", "15"))
"""Random requests of each operation, beside those that its schema asks for one by one."""
SEED: Final = 24_733
_BESIDE_BODY: Final = tuple(set(ParameterLocation) - {ParameterLocation.BODY})
_PROBLEM: Final = "urn:motcua:problem:"


def _none(_: Any) -> int:
    return 0


# It counts the connections of urllib3, in whose place urllib3-future, a part of a client of
# Grafana's, puts itself at start; asked within the process, there is none to count.
over_requests._count_opened_connections = _none  # pyright: ignore[reportPrivateUsage]


@dataclass
class Asked:
    """What was answered, by operation and status, and what should not have been."""

    statuses: dict[str, Counter[int]] = field(default_factory=dict[str, Counter[int]])
    faults: dict[str, str] = field(default_factory=dict[str, str])

    def lacking(self, status: Callable[[int], bool]) -> set[str]:
        """The operations that never gave such an answer."""
        return {
            label for label, counts in self.statuses.items() if not any(map(status, counts.keys()))
        }


def ask(
    app: Any,
    headers: Mapping[str, str],
    *,
    beyond: Collection[str],
    changed: Callable[[Any], Any] | None = None,
    only: str = "",
    is_whole: bool = True,
) -> Asked:
    """Ask every operation of the document, or those whose method is `only`.

    `changed` makes of a well-formed body another one, so that it names what exists; not `is_whole`
    leaves out the requests that the schema asks for one by one.
    """
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, config=_config(headers, is_whole))
    _hook(schema, set(beyond), changed)
    if only:
        schema = schema.include(method=only)
    asked = Asked()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            _note(event, asked)
        elif isinstance(event, events.NonFatalError):
            asked.faults[f"{event.label}: {event.value!r}"] = ""
        elif isinstance(event, events.FatalError):
            raise event.exception
    return asked


def _config(headers: Mapping[str, str], is_whole: bool) -> SchemathesisConfig:
    return SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "continue-on-failure": True,
            "headers": dict(headers),
            "generation": {"max-examples": EXAMPLES, "database": "none", "deterministic": True},
            "phases": {
                "coverage": {"enabled": is_whole},
                "stateful": {"enabled": False},
            },
        }
    )


def _hook(schema: Any, beyond: set[str], changed: Callable[[Any], Any] | None) -> None:
    def filter_failure(_: Any, failure: Failure, case: Any, response: Any) -> bool:
        if isinstance(failure, AcceptedNegativeData):
            return not _is_only_bytes(case)
        if isinstance(failure, RejectedPositiveData):
            return not _rules_of(response) <= beyond
        return True

    def map_case(_: Any, case: Any) -> Any:
        if changed is not None and case.meta and case.meta.generation.mode.is_positive:
            case.body = changed(case.body)
        return case

    schema.hook(filter_failure)
    schema.hook(map_case)


def _is_only_bytes(case: Any) -> bool:
    """Whether nothing is wrong but bytes, which schemathesis calls wrong wherever it may."""
    return isinstance(case.body, bytes) and not any(map(case.meta.is_negative_at, _BESIDE_BODY))


def _rules_of(response: Any) -> set[str]:
    """The rules that an answer names: its own, or those of its results."""
    problem: dict[str, Any] = response.json()
    results: list[dict[str, Any]] = problem.get("results", [])
    named = {one["rule"] for one in results if "rule" in one}
    return named or {str(problem["type"]).removeprefix(_PROBLEM)}


def _note(event: events.ScenarioFinished, asked: Asked) -> None:
    label = event.label or ""
    recorder = event.recorder
    counts = asked.statuses.setdefault(label, Counter())
    for interaction in recorder.interactions.values():
        if interaction.response is not None:
            counts[interaction.response.status_code] += 1
    for checks in recorder.checks.values():
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                told = " ".join(failure.message.split())[:300]
                asked.faults.setdefault(
                    f"{label}: {check.name}: {told}", check.failure_info.code_sample[:1_000]
                )
