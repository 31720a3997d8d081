"""The answer to a request, as JSON: one result per event, in the order of the request."""

from __future__ import annotations

from typing import Final

import msgspec
from fastapi import Response
from motcua_kernel.admission_rules import Rejected
from motcua_platform.languages import Language
from motcua_platform.problems import TYPE_PREFIX, Problem

from motcua_intake.application.accept import Outcome, Outcomes, Status, count

_STATUS_OF_RULE: Final = {"authority": 403, "conflict": 409}
_REJECTED: Final = 422


class Result(msgspec.Struct, frozen=True, omit_defaults=True):
    """The result of one event.

    A rejected one says where (`field`, a JSON pointer into the request), which rule, what would be
    right, and the problem type of the rule; a conflict also the digests of the two contents.
    """

    id: str
    status: Status
    field: str = ""
    rule: str = ""
    expected: str = ""
    type: str = ""
    earlier: str = ""
    given: str = ""


class Answer(msgspec.Struct, frozen=True):
    """The answer to a request of which something was accepted or known already."""

    accepted: int
    repeated: int
    rejected: int
    results: list[Result]


_encode = msgspec.json.Encoder().encode


def answer(
    outcomes: Outcomes, language: Language, *, is_batch: bool, in_place: bool = False
) -> Response:
    """202 where at least one event was accepted or repeated, or none was told at all.

    `in_place`: the fields of the outcomes are pointers into the request already.

    Raises:
        Problem: every event was rejected; a single one's rule decides between 403, 409 and 422.
    """
    counts = count(outcomes)
    results = results_of(outcomes, language, is_batch=is_batch and not in_place)
    if counts[Status.REJECTED] < len(outcomes) or not outcomes:
        document = Answer(
            counts[Status.ACCEPTED], counts[Status.REPEATED], counts[Status.REJECTED], results
        )
        headers = {"Content-Language": language}
        return Response(_encode(document), 202, headers, media_type="application/json")
    if is_batch:
        raise Problem(
            _REJECTED,
            "events-rejected",
            "Every event was rejected",
            vi=("Mọi sự kiện đều bị từ chối", ""),
            results=_plain(results),
        )
    (single,) = results
    raise Problem(
        _STATUS_OF_RULE.get(single.rule, _REJECTED),
        single.rule,
        "The event was rejected",
        vi=("Sự kiện bị từ chối", ""),
        id=single.id,
        field=single.field,
        rule=single.rule,
        expected=single.expected,
        results=_plain(results),
    )


def results_of(outcomes: Outcomes, language: Language, *, is_batch: bool) -> list[Result]:
    """The results in a language, with pointers into the request."""
    return [
        _result(outcome, f"/{place}" if is_batch else "", language)
        for place, outcome in enumerate(outcomes)
    ]


def _result(outcome: Outcome, pointer: str, language: Language) -> Result:
    error = outcome.error
    if error is None:
        return Result(outcome.id, outcome.status)
    return Result(
        outcome.id,
        outcome.status,
        pointer + error.field,
        error.rule,
        error.expected(language),
        TYPE_PREFIX + error.rule,
        **_digests(error),
    )


def _digests(error: Rejected) -> dict[str, str]:
    return {name: error.facts[name] for name in ("earlier", "given") if name in error.facts}


def _plain(results: list[Result]) -> object:
    return msgspec.to_builtins(results)
