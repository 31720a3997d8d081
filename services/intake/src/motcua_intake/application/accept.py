"""The one use of intake: judge each event, append the good ones, answer for each (law L5).

Nothing is called accepted before the log has acknowledged it, and nothing is remembered before
that either: a failure between two events of a batch makes the whole batch worth asking again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import Enum
from typing import TYPE_CHECKING

import msgspec
from motcua_kernel.admission import Admission, is_id
from motcua_kernel.admission_rules import Rejected
from motcua_kernel.events import Event, Identity, content_hash

from motcua_intake.domain.candidates import Candidate, Unread
from motcua_intake.domain.recent import Memory, RecentEvents

if TYPE_CHECKING:
    from motcua_kernel.instant import Instant
    from motcua_kernel.parties import Publisher
    from motcua_kernel.registry import Registry

    from motcua_intake.application.ports import Clock, EventLog, Failpoint, RegistrySource


class Status(Enum):
    """The answer to an event."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"
    REJECTED = "rejected"


class Outcome(msgspec.Struct, frozen=True):
    """The answer to one event, in the place that it had in the request."""

    id: str
    status: Status
    error: Rejected | None = None


Outcomes = list[Outcome]


def _rejected(name: str, error: Rejected) -> Outcome:
    """The outcome of what breaks a rule; what cannot be an id is not repeated (law L7)."""
    return Outcome(name if is_id(name) else "", Status.REJECTED, error)


def count(outcomes: Outcomes) -> dict[Status, int]:
    """How many events got each answer, every answer named."""
    found = Counter(outcome.status for outcome in outcomes)
    return {status: found[status] for status in Status}


class AcceptEvents:
    """Takes events into the log."""

    def __init__(
        self,
        log: EventLog,
        registry: RegistrySource,
        clock: Clock,
        recent: RecentEvents,
        failpoints: Failpoint,
    ) -> None:
        self._log = log
        self._clock = clock
        self._recent = recent
        self._failpoints = failpoints
        self._admissions = _Admissions(registry)

    async def accept_events(
        self, publisher: Publisher, candidates: Iterable[Candidate], *, dry_run: bool = False
    ) -> Outcomes:
        """An outcome for each candidate of a publisher, in order; a dry run appends nothing.

        Raises:
            LogAway: nothing is promised about any of them.
        """
        sorting = _Sorting(self._admissions.of(publisher), self._clock.now(), self._recent)
        for candidate in candidates:
            sorting.add(candidate)
        if sorting.fresh and not dry_run:
            self._failpoints.reach("intake.before_send")
            await self._log.append(list(sorting.fresh.values()))
            for identity, content in sorting.hashes.items():
                self._recent.remember(identity, content)
            self._failpoints.reach("intake.before_answer")
        return sorting.outcomes


class _Admissions:
    """The admission of each publisher under the registry as known now."""

    def __init__(self, registry: RegistrySource) -> None:
        self._source = registry
        self._registry: Registry | None = None
        self._made: dict[str, tuple[Publisher, Admission]] = {}

    def of(self, publisher: Publisher) -> Admission:
        registry = self._source.current()
        if registry is not self._registry:
            self._registry, self._made = registry, {}
        known = self._made.get(publisher.id)
        if known is None or known[0] is not publisher:
            known = self._made[publisher.id] = (publisher, Admission(registry, publisher))
        return known[1]


class _Sorting:
    """The events of one request as they are judged: what is new, and the answer to each."""

    def __init__(self, admission: Admission, now: Instant, recent: RecentEvents) -> None:
        self.outcomes: Outcomes = []
        self.fresh: dict[Identity, Event] = {}
        self.hashes: dict[Identity, bytes] = {}
        self._admission = admission
        self._now = now
        self._recent = recent

    def add(self, candidate: Candidate) -> None:
        if isinstance(candidate, Unread):
            outcome = _rejected(candidate.id, candidate.error)
        else:
            try:
                self._admission.check(candidate, self._now)
                outcome = Outcome(candidate.event_id, self._sort(candidate))
            except Rejected as error:
                outcome = _rejected(candidate.event_id, error)
        self.outcomes.append(outcome)

    def _sort(self, event: Event) -> Status:
        identity, content = event.identity, content_hash(event)
        match self._recall(identity, content):
            case Memory.SAME:
                return Status.REPEATED
            case Memory.OTHER:
                earlier = self.hashes.get(identity) or self._recent.content(identity) or b""
                raise Rejected(
                    "/id",
                    "conflict",
                    publisher=identity[0],
                    id=identity[1],
                    earlier=earlier.hex(),
                    given=content.hex(),
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
