"""An alert's life under `for` and `keep_firing_for`, as Prometheus 2.42 keeps it.

Pending from the first evaluation that names it; firing once it has been named for `for`; kept
firing for `keep_firing_for` after the first evaluation that names it no more; named again, it goes
on.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Final

_PART: Final = re.compile(r"(\d+)([smhdw])")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def seconds(duration: str) -> int:
    """The seconds of a duration as Prometheus writes it.

    >>> seconds("1h30m")
    5400
    """
    return sum(int(count) * _SECONDS[unit] for count, unit in _PART.findall(duration))


@dataclass(frozen=True, slots=True)
class Episode:
    """From when to when an alert fired, in seconds; what begins an episode is a page."""

    began: int
    ended: int


def episodes(
    evaluations: Iterable[int],
    named: Container[int],
    named_after_firing: Container[int],
    *,
    fired_within: int,
    waits: int,
    stays: int,
) -> list[Episode]:
    """When an alert fires that is named at some evaluations, and at others only after firing.

    The latter count where it fired at most `fired_within` seconds before.
    """
    found: list[Episode] = []
    active: int | None = None
    fired: int | None = None
    missing: int | None = None
    last = fires = -fired_within - 1
    for at in evaluations:
        fires = last if fired is not None else fires
        last = at
        if at in named or (at - fires <= fired_within and at in named_after_firing):
            missing = None
            active = at if active is None else active
            if fired is None and at - active >= waits:
                fired = at
            continue
        if fired is not None:
            missing = at if missing is None else missing
            if at - missing < stays:
                continue
            found.append(Episode(fired, at))
        active = fired = missing = None
    if fired is not None:
        found.append(Episode(fired, last))
    return found
