"""The caps of publishers held against what a batch brought; a breach closes intake to one.

The partition moves on all the same: nobody else waits for a publisher that sends bad records.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from motcua.admin.v1 import admin_pb2 as admin
from motcua_kernel.domain_time import recorded_at

from motcua_processing.domain.gates import BAD, GOOD, Breach, judge
from motcua_processing.domain.identity import Entry, Place

if TYPE_CHECKING:
    from motcua_kernel.instant import Instant
    from motcua_kernel.parties import QuarantineCap
    from motcua_kernel.registry import Registry

    from motcua_processing.application.ports import Books, QuarantineRow


class Watched(NamedTuple):
    """A publisher's newest verdicts, and whether intake is closed to it, as last decided."""

    publisher: str
    recent: bytes
    closed: bool
    decided_at: int
    """What was recorded before that counts no more: not when the log is read again, either."""


async def watch_publishers(
    books: Books, registry: Registry, new: Sequence[Entry], set_aside: Sequence[QuarantineRow]
) -> None:
    """Count what a batch brought of publishers that have a cap, and close where one is reached."""
    caps = {one.id: one.cap for one in registry.publishers.values() if one.cap is not None}
    if not caps:
        return
    verdicts = _verdicts(caps.keys(), new, set_aside)
    if not verdicts:
        return
    known = await books.watched(sorted(verdicts))
    for publisher, told in verdicts.items():
        before = known[publisher]
        if before.closed:
            continue
        since = [one for one in told if _recorded_at(one[0], registry) >= before.decided_at]
        if since:
            await _count(books, registry, before, caps[publisher], since)


async def _count(
    books: Books,
    registry: Registry,
    before: Watched,
    cap: QuarantineCap,
    told: Sequence[tuple[Place, bytes]],
) -> None:
    in_order = sorted(told)
    judged = judge(before.recent, b"".join(bit for _, bit in in_order), cap)
    breach = judged.breach
    if breach is None:
        await books.keep_watched(before._replace(recent=judged.recent))
        return
    reached_by, _ = in_order[judged.taken - 1]
    at = _recorded_at(reached_by, registry)
    await books.keep_watched(Watched(before.publisher, judged.recent, closed=True, decided_at=at))
    event = _closing(before.publisher, breach, reached_by, at)
    await books.tell(event.id, at, event.SerializeToString(deterministic=True))


def _recorded_at(place: Place, registry: Registry) -> Instant:
    return recorded_at(registry.clock_mappings, place.appended_at)


def _verdicts(
    capped: Iterable[str], new: Sequence[Entry], set_aside: Sequence[QuarantineRow]
) -> dict[str, list[tuple[Place, bytes]]]:
    wanted = set(capped)
    found: dict[str, list[tuple[Place, bytes]]] = {}
    for entry in new:
        if entry.event.publisher in wanted:
            found.setdefault(entry.event.publisher, []).append((entry.place, GOOD))
    for row in set_aside:
        if row.publisher in wanted:
            place = Place(row.appended_at, row.topic, row.partition, row.offset)
            found.setdefault(row.publisher, []).append((place, BAD))
    return found


def _closing(publisher: str, breach: Breach, place: Place, at: Instant) -> admin.AdminEvent:
    return admin.AdminEvent(
        id=f"gate-{publisher}-{place.topic}-{place.partition}-{place.offset}",
        occurred_at=at,
        publisher_gate=admin.PublisherGate(
            publisher=publisher,
            closed=True,
            rule=breach.rule,
            quarantined=breach.quarantined,
            looked_at=breach.looked_at,
        ),
    )


def opening(publisher: str, actor: str, at: Instant, mark: str) -> admin.AdminEvent:
    """The decision to let a publisher in again; a mark of its own tells it from earlier ones.

    Domain time does not: it may stand still.
    """
    return admin.AdminEvent(
        id=f"gate-{publisher}-{at}-{mark}",
        occurred_at=at,
        actor=actor,
        publisher_gate=admin.PublisherGate(publisher=publisher, closed=False),
    )
