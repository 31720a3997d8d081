"""One batch on its way, without any I/O: what to send next, and what an answer settles.

A client asks `to_send`, sends it, tells `answered` or `broke`, stores the verdicts that come back
and waits as long as it is told, until nothing is left to send.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from motcua_client.answers import Again, Halt, Settled, Smaller, Verdict, read_answer
from motcua_client.errors import NotAdmitted, Refused
from motcua_client.retrying import Pace, Retries

CONTENT_TYPE = "application/cloudevents-batch+json"


class Spooled(msgspec.Struct, frozen=True, gc=False):
    """An event in the spool; `place` rises in the order in which events were put in."""

    place: int
    id: str
    dossier: str
    body: bytes


Batch = tuple[Spooled, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What an answer settled, and the seconds to wait before the next request."""

    settled: tuple[tuple[Spooled, Verdict], ...] = ()
    wait: float = 0.0
    trouble: str = ""
    """Why the same is sent again; empty otherwise."""


class Delivery:
    """A batch until each of its events has its verdict."""

    def __init__(self, batch: Sequence[Spooled], pace: Pace) -> None:
        """Deliver `batch`, whose events of one dossier stand in their order."""
        self._parts: deque[Batch] = deque([tuple(batch)] if batch else [])
        self._retries = Retries(pace)

    def to_send(self) -> bytes | None:
        """The body of the next request; None when every event is settled."""
        if not self._parts:
            return None
        return b"[" + b",".join(one.body for one in self._parts[0]) + b"]"

    def broke(self, why: str) -> Step:
        """No answer came: a time-out, a broken line.

        Raises:
            Away: for longer than the patience.
        """
        return Step(wait=self._retries.wait(why), trouble=why)

    def answered(self, status: int, headers: Mapping[str, str], content: bytes) -> Step:
        """An answer came to what `to_send` gave.

        Raises:
            Away: no final answer for longer than the patience.
            NotAdmitted: the key is not accepted.
            Refused: this is no intake.
        """
        part = self._parts[0]
        match read_answer(status, headers, content, [one.id for one in part]):
            case Settled(verdicts):
                return self._settle(verdicts)
            case Again(why, wait):
                return Step(wait=self._retries.wait(why, wait), trouble=why)
            case Smaller(rule, expected):
                return self._halve(rule, expected)
            case Halt(status, title, admitted):
                raise (Refused if admitted else NotAdmitted)(status, title)

    def _settle(self, verdicts: tuple[Verdict, ...]) -> Step:
        part = self._parts.popleft()
        self._retries.answered()
        return Step(tuple(zip(part, verdicts, strict=True)))

    def _halve(self, rule: str, expected: str) -> Step:
        """The first half goes first: order within a dossier stays."""
        part = self._parts[0]
        if len(part) == 1:
            return self._settle((Verdict(part[0].id, "rejected", "", rule, expected),))
        self._parts.popleft()
        middle = len(part) // 2
        self._parts.extendleft((part[middle:], part[:middle]))
        self._retries.answered()
        return Step()
