"""Reading an answer of `POST /v1/events`: which events are settled, what to do about the rest.

Only an answer that intake itself wrote settles anything. A captive portal, a proxy's page or half
an answer settles nothing: the same events are sent again, which is harmless (law L2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import Any, Final, Literal, TypeAlias, cast

import msgspec

Status: TypeAlias = Literal["accepted", "repeated", "rejected"]


class Verdict(msgspec.Struct, frozen=True):
    """The final answer to one event.

    A rejected one says where (`field`, a JSON pointer within the event), which `rule`, and what
    would be right (`expected`, in the language that was asked for).
    """

    id: str
    status: Status
    field: str = ""
    rule: str = ""
    expected: str = ""


class Settled(msgspec.Struct, frozen=True):
    """A verdict for each event, in their order."""

    verdicts: tuple[Verdict, ...]


class Again(msgspec.Struct, frozen=True):
    """Nothing is settled: send the same again, after at least `wait` seconds."""

    why: str
    wait: float = 0.0


class Smaller(msgspec.Struct, frozen=True):
    """The request is refused as a whole: send its events in smaller requests.

    `rule` and `expected` become the reason of an event that is refused on its own.
    """

    rule: str
    expected: str = ""


class Halt(msgspec.Struct, frozen=True):
    """Nothing is settled and a retry does not help."""

    status: int
    title: str
    admitted: bool
    """Whether the key was accepted, or was not what was judged."""


Reading: TypeAlias = Settled | Again | Smaller | Halt

PROBLEM_PREFIX: Final = "urn:motcua:problem:"
_ACCEPTED: Final = 202
_AGAIN: Final = frozenset({408, 425, 429})
_SERVER: Final = 500
_SMALLER: Final = frozenset({400, 413, 422})
_UNAUTHORISED: Final = frozenset({401, 403})
_JUDGED: Final = frozenset({403, 409, 422})
_WRONG_ADDRESS: Final = frozenset({301, 302, 303, 307, 308, 404, 405, 410, 415, 426})


def read_answer(
    status: int, headers: Mapping[str, str], content: bytes, ids: Sequence[str]
) -> Reading:
    """What an answer to a batch says; `ids` are those of its events, in order.

    `headers` is asked by lower-case names.
    """
    told = _object(content)
    if status == _ACCEPTED or status in _JUDGED:
        verdicts = _verdicts(told, ids)
        if verdicts is not None:
            return Settled(verdicts)
    if status in _AGAIN or status >= _SERVER:
        return Again(_title(told) or f"HTTP {status}", retry_after(headers))
    kind = str(told.get("type", ""))
    is_ours = kind.startswith(PROBLEM_PREFIX)
    if is_ours and status in _UNAUTHORISED:
        return Halt(status, _title(told), admitted=False)
    if is_ours and status in _SMALLER:
        return Smaller(kind.removeprefix(PROBLEM_PREFIX), _title(told))
    if is_ours or status in _WRONG_ADDRESS:
        return Halt(status, _title(told), admitted=True)
    return Again(f"HTTP {status} that intake did not write")


def retry_after(headers: Mapping[str, str]) -> float:
    """The seconds of `Retry-After`, as a number or as a date beside that of the answer.

    >>> retry_after({"retry-after": "7"})
    7.0
    >>> at = {"date": "Mon, 02 Mar 2026 01:00:00 GMT"}
    >>> retry_after(at | {"retry-after": "Mon, 02 Mar 2026 01:00:30 GMT"})
    30.0
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        wanted = parsedate_to_datetime(text)
        return max(0.0, (wanted - parsedate_to_datetime(headers.get("date", ""))).total_seconds())
    except (TypeError, ValueError):
        return 0.0


def _verdicts(told: Mapping[str, Any], ids: Sequence[str]) -> tuple[Verdict, ...] | None:
    """A verdict for each event, or None where the answer does not speak of exactly these."""
    try:
        results = msgspec.convert(told.get("results"), list[Verdict])
    except msgspec.ValidationError:
        return None
    if len(results) != len(ids) or not all(map(_speaks_of, results, ids)):
        return None
    return tuple(_within_event(place, one) for place, one in enumerate(results))


def _speaks_of(verdict: Verdict, name: str) -> bool:
    """An event that cannot be read may have lost its name on the way."""
    return verdict.id == name or verdict.status == "rejected"


def _within_event(place: int, verdict: Verdict) -> Verdict:
    """The pointer of intake begins with the event's place in the request."""
    field = verdict.field.removeprefix(f"/{place}")
    return msgspec.structs.replace(verdict, field=field)


def _object(content: bytes) -> dict[str, Any]:
    try:
        told: object = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return cast("dict[str, Any]", told) if isinstance(told, dict) else {}


def _title(told: Mapping[str, Any]) -> str:
    return ": ".join(str(told[name]) for name in ("title", "detail") if told.get(name))
