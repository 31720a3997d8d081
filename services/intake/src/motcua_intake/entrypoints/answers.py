"""The answer to a request, as JSON: one result per event, in the order of the request."""

from __future__ import annotations

from typing import Final

import msgspec
from fastapi import Response
from motcua_platform.problems import TYPE_PREFIX, Problem

from motcua_intake.application.accept import Outcome, Outcomes, Status, count

_STATUS_OF_RULE: Final = {"authority": 403, "conflict": 409}
_REJECTED: Final = 422


class Result(Outcome, frozen=True, omit_defaults=True):
    """The result of one event; `type` is the problem type of the rule that it broke."""

    type: str = ""


class Answer(msgspec.Struct, frozen=True):
    """The answer to a request of which something was accepted or known already."""

    accepted: int
    repeated: int
    rejected: int
    results: list[Result]


_encode = msgspec.json.Encoder().encode


def answer(outcomes: Outcomes, *, is_batch: bool) -> Response:
    """202 where at least one event was accepted or repeated.

    Raises:
        Problem: every event was rejected; a single one's rule decides between 403, 409 and 422.
    """
    counts = count(outcomes)
    results = [_result(outcome) for outcome in outcomes]
    if counts[Status.REJECTED] < len(outcomes):
        document = Answer(
            counts[Status.ACCEPTED], counts[Status.REPEATED], counts[Status.REJECTED], results
        )
        return Response(_encode(document), 202, media_type="application/json")
    if is_batch:
        raise Problem(
            _REJECTED, "events-rejected", "Every event was rejected", results=_plain(results)
        )
    (single,) = results
    raise Problem(
        _STATUS_OF_RULE.get(single.rule, _REJECTED),
        single.rule,
        "The event was rejected",
        id=single.id,
        field=single.field,
        rule=single.rule,
        expected=single.expected,
        results=_plain(results),
    )


def _result(outcome: Outcome) -> Result:
    kind = TYPE_PREFIX + outcome.rule if outcome.rule else ""
    return Result(outcome.id, outcome.status, outcome.field, outcome.rule, outcome.expected, kind)


def _plain(results: list[Result]) -> object:
    return msgspec.to_builtins(results)
