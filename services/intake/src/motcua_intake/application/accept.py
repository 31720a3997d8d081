"""The one use of intake: judge each event, append the good ones, answer for each (law L5).

Nothing is called accepted before the log has acknowledged it, and nothing is remembered before
that either: a failure between two events of a batch makes the whole batch worth asking again.
"""

from __future__ import annotations

from collections import Counter
from enum import Enum
from typing import TYPE_CHECKING

import msgspec
from motcua_kernel.events import Event, Identity, content_hash

from motcua_intake.domain.checks import Judge
from motcua_intake.domain.errors import Rejected
from motcua_intake.domain.reading import Body, event_name, read_event
from motcua_intake.domain.recent import Memory, RecentEvents

if TYPE_CHECKING:
    from motcua_kernel.parties import Publisher

    from motcua_intake.application.ports import Clock, EventLog, Failpoint, RegistrySource


class Status(Enum):
    """The answer to an event."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"
    REJECTED = "rejected"


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer to one event, in the place that it had in the request."""

    id: str
    status: Status
    field: str = ""
    rule: str = ""
    expected: str = ""


Outcomes = list[Outcome]


def count(outcomes: Outcomes) -> dict[Status, int]:
    """How many events got each answer, every answer named."""
    found = Counter(outcome.status for outcome in outcomes)
    return {status: found[status] for status in Status}


class AcceptEvents:
    """Takes the events of one request into the log."""

    def __init__(
        self,
        log: EventLog,
        registry: RegistrySource,
        clock: Clock,
        recent: RecentEvents,
        failpoints: Failpoint,
    ) -> None:
        self._log = log
        self._registry = registry
        self._clock = clock
        self._recent = recent
        self._failpoints = failpoints

    async def accept(self, publisher: Publisher, body: Body) -> Outcomes:
        """An outcome for each event, in order.

        Raises:
            LogAway: nothing is promised about any of them.
        """
        judge = Judge(self._registry.current(), publisher, self._clock.now())
        sorting = _Sorting(judge, self._recent)
        for place, raw in enumerate(body.items):
            sorting.add(f"/{place}" if body.is_batch else "", raw)
        if sorting.fresh:
            self._failpoints.reach("intake.before_send")
            await self._log.append(list(sorting.fresh.values()))
            for identity, content in sorting.hashes.items():
                self._recent.remember(identity, content)
            self._failpoints.reach("intake.before_answer")
        return sorting.outcomes


class _Sorting:
    """The events of one request as they are judged: what is new, and the answer to each."""

    def __init__(self, judge: Judge, recent: RecentEvents) -> None:
        self.outcomes: Outcomes = []
        self.fresh: dict[Identity, Event] = {}
        self.hashes: dict[Identity, bytes] = {}
        self._judge = judge
        self._recent = recent

    def add(self, pointer: str, raw: msgspec.Raw) -> None:
        try:
            event = self._judge.judge(read_event(raw))
            status = self._sort(event)
        except Rejected as error:
            outcome = Outcome(
                event_name(raw),
                Status.REJECTED,
                pointer + error.field,
                error.rule,
                error.expected,
            )
        else:
            outcome = Outcome(event.event_id, status)
        self.outcomes.append(outcome)

    def _sort(self, event: Event) -> Status:
        identity, content = event.identity, content_hash(event)
        match self._recall(identity, content):
            case Memory.SAME:
                return Status.REPEATED
            case Memory.OTHER:
                raise Rejected(
                    "/id",
                    "conflict",
                    f"the content that publisher {identity[0]} gave event {identity[1]} before",
                )
            case Memory.NOTHING:
                self.fresh[identity] = event
                self.hashes[identity] = content
                return Status.ACCEPTED

    def _recall(self, identity: Identity, content: bytes) -> Memory:
        earlier = self.hashes.get(identity)
        if earlier is None:
            return self._recent.recall(identity, content)
        return Memory.SAME if earlier == content else Memory.OTHER
