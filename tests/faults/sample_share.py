"""Shares of the sample: whole dossiers, so that any union of shares has figures of its own."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any, Final

from motcua_sample_dak_rlap import Counts, Delivery, count_by_department, generate
from motcua_sample_dak_rlap.counts import clean, kind_of

FIRST_DAY: Final = date(2020, 1, 1)
LAST_DAY: Final = date(2020, 10, 30)
MONTH: Final = date(2020, 10, 1)

TIMINGS: Final[tuple[str, ...]] = ("within", "due_soon", "overdue", "paused", "no_deadline")

Row = tuple[str, str]
"""Reporting unit and lead department."""

_PAUSES: Final = {"SupplementRequested", "PaymentRequested", "Stopped"}
_RESUMPTIONS: Final = {"SupplementSupplied", "PaymentPaid", "Resumed"}
_LATEST: Final = str(2**31)


@cache
def _sample() -> tuple[Delivery, ...]:
    return tuple(generate())


def share(start: int, stop: int) -> list[Delivery]:
    """The deliveries of the dossiers whose codes hash into these hundredths, in order."""
    return [one for one in _sample() if start <= _hundredth(one) < stop]


def _hundredth(delivery: Delivery) -> int:
    return zlib.crc32(delivery.event["subject"].encode()) % 100


def identities(deliveries: Sequence[Delivery]) -> set[tuple[str, str]]:
    """The distinct events among deliveries."""
    return {(one.publisher, one.event["id"]) for one in deliveries}


def figures(deliveries: Sequence[Delivery], first: date, last: date) -> dict[Row, Counts]:
    """The independent count over the raw events; rows of zeros left out."""
    found = count_by_department((one.event for one in deliveries), first, last)
    return {row: counts for row, counts in found.items() if counts != Counts()}


def timings(deliveries: Sequence[Delivery], now: str, soon: date) -> dict[str, int]:
    """How many dossiers are in progress at the local time `now`, by timing, from raw events.

    Asked of the independent count: what would a dossier's outcome be if it were resolved at `now`,
    or at the end of `soon`, the next working day. Nothing of the deadline engine takes part.
    """
    found: dict[str, int] = dict.fromkeys(TIMINGS, 0)
    for story in clean(one.event for one in deliveries).values():
        timing = _timing(story, now, soon)
        if timing is not None:
            found[timing] += 1
    return found


def _timing(story: list[dict[str, Any]], now: str, soon: date) -> str | None:
    if _one_kind(story) != "in_progress":
        return None
    if _is_paused(story):
        return "paused"
    outcome = _one_kind([*story, _resolved(story, now)])
    if outcome in {"resolved_overdue", "resolved_no_deadline"}:
        return outcome.removeprefix("resolved_")
    by_then = _one_kind([*story, _resolved(story, f"{soon}T23:59:59.999+07:00")])
    return "within" if by_then == "resolved_early" else "due_soon"


def _one_kind(story: list[dict[str, Any]]) -> str:
    counts = count_by_department(story, FIRST_DAY, date(2021, 12, 31))
    kinds = ("in_progress", "resolved_early", "resolved_on_time", "resolved_overdue")
    for row in counts.values():
        for kind in (*kinds, "resolved_no_deadline"):
            if getattr(row, kind):
                return kind
    return ""


def _is_paused(story: list[dict[str, Any]]) -> bool:
    told = [kind_of(event) for event in story]
    moves = [kind for kind in told if kind in _PAUSES | _RESUMPTIONS]
    return bool(moves) and moves[-1] in _PAUSES


def _resolved(story: list[dict[str, Any]], at: str) -> dict[str, Any]:
    last = story[-1]
    kind = "motcua.dossier.v1.Resolved"
    return last | {"id": "asked", "type": kind, "time": at, "sequence": _LATEST, "data": {}}
