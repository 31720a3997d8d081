"""Watch deadlines: decide what is to be told, store it, publish it, each notice once.

Load-bearing: what is told is decided, under a lock on the dossier, in the transaction that stores
it as pending; it is published from there and marked when acknowledged. One process does this at a
time. Between two looks a dossier costs nothing: the books remember when to look again, and at
which version of its row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from motcua_kernel.errors import BeyondCalendar
from motcua_kernel.instant import Instant, day_number
from motcua_kernel.registry import Registry
from motcua_kernel.snapshot import decode
from motcua_platform.process import Failpoints

from motcua_processing.domain.notices import KEPT_IN_VIEW, LATER, Look, Notice, look
from motcua_processing.domain.watched import horizon_of, view_of, view_of_gone

DOSSIERS_AT_ONCE: Final = 500
_DUE_AT_ONCE: Final = 100_000


class Seen(NamedTuple):
    """A dossier with a version of its row, and all that was told of it; None where it is gone."""

    code: str
    version: str | None
    snapshot: bytes | None
    told: Sequence[Notice]


class Pending(NamedTuple):
    """A notice that waits for publication, and the unit in whose hours that may be."""

    id: str
    dossier: str
    unit: str
    record: bytes


class NoticeBooks(Protocol):
    """The notices in the books, and what this process remembers of the dossiers."""

    def transaction(self) -> AbstractAsyncContextManager[object]:
        """A transaction that commits when left in good order."""
        ...

    async def rest_on(self, registry_offset: int) -> bool:
        """Whether no dossier rests on an older registry than this, or on a newer one."""
        ...

    async def due(self, now: Instant, limit: int) -> list[str]:
        """Dossiers that were to be looked at by now."""
        ...

    async def next_due(self) -> Instant | None:
        """When the next dossier is to be looked at."""
        ...

    async def changed(self, until_day: int) -> list[str]:
        """Dossiers changed since they were looked at, and those never seen due by a day."""
        ...

    async def told_otherwise(self, since: Instant) -> list[str]:
        """Dossiers told since a moment, or told with another due date than they have."""
        ...

    async def seen(self, codes: Sequence[str], *, lock: bool = False) -> list[Seen]:
        """Dossiers with what was told of them, locked against change if asked."""
        ...

    async def remember(self, looks: Mapping[tuple[str, str | None], Instant | None]) -> None:
        """When to look at a version of a dossier again, None to forget it."""
        ...

    async def forget(self) -> None:
        """Forget all looks."""
        ...

    async def tidy(self) -> None:
        """Keep what is remembered quick to ask."""
        ...

    async def add(self, notices: Sequence[Notice]) -> None:
        """Store notices, pending, in the order in which they are to be published."""
        ...

    async def pending(self, limit: int) -> list[Pending]:
        """What waits for publication, in order."""
        ...

    async def published(self, ids: Sequence[str]) -> None:
        """Mark notices as published."""
        ...


class NoticeTopic(Protocol):
    """The notices topic."""

    async def write(self, values: Sequence[tuple[str, bytes]]) -> None:
        """Write in order; return once all are acknowledged."""
        ...


@dataclass(slots=True)
class Changes:
    """What may have changed since the last look at all dossiers."""

    frame: tuple[object, ...] = ()
    day: int = -1
    rung: bool = True


class Watcher:
    """Watches the deadlines of one schema, while it is the only one that does."""

    def __init__(
        self,
        books: NoticeBooks,
        topic: NoticeTopic,
        *,
        now: Callable[[], Instant],
        registry: Callable[[], Registry],
        failpoints: Failpoints,
    ) -> None:
        """`now` is domain time."""
        self._books = books
        self._topic = topic
        self._now = now
        self._registry = registry
        self._failpoints = failpoints
        self._changes = Changes()
        self._next: Instant | None = None
        self._is_pending = True

    def ring(self) -> None:
        """Say that dossiers may have changed."""
        self._changes.rung = True

    def forget(self) -> None:
        """Look at all dossiers again, and at what is pending: the books were away."""
        self._changes = Changes()
        self._next = None
        self._is_pending = True

    def has_work(self) -> bool:
        """Whether a round may find anything; costs no question."""
        now = self._now()
        return (
            self._is_pending
            or self._changes.rung
            or self._changes.day != day_number(now)
            or self._changes.frame != _frame(self._registry())
            or (self._next is not None and self._next <= now)
        )

    async def round(self) -> int:
        """Publish what is pending, decide what is to be told by now, and publish that.

        Returns how many notices were published. Nothing is decided while dossiers rest on another
        registry than this process has read.
        """
        sent = await self._publish()
        registry = self._registry()
        if not await self._books.rest_on(registry.offset):
            return sent
        before, self._changes = self._changes, Changes(_frame(registry), day_number(self._now()))
        self._changes.rung = False
        try:
            codes = await self._to_look_at(before, registry)
            sent += await self._look_at(codes, registry)
        except BaseException:
            self.forget()
            raise
        if codes:
            self._next = await self._books.next_due()
        return sent

    async def _to_look_at(self, before: Changes, registry: Registry) -> list[str]:
        now = self._now()
        codes: set[str] = set()
        if before.frame != self._changes.frame:
            await self._books.forget()
            codes.update(await self._books.told_otherwise(Instant(now - KEPT_IN_VIEW)))
        if before != self._changes:
            codes.update(await self._books.changed(horizon_of(registry, self._changes.day)))
        if before.day != self._changes.day:
            await self._books.tidy()
        codes.update(await self._books.due(now, _DUE_AT_ONCE))
        return sorted(codes)

    async def _look_at(self, codes: Sequence[str], registry: Registry) -> int:
        """First find out what is due and when, then tell it in the order of its due dates."""
        planned: list[Notice] = []
        for chunk in _chunks(codes):
            quiet: dict[tuple[str, str | None], Instant | None] = {}
            for seen in await self._books.seen(chunk):
                found = look_at(seen, registry, self._now())
                planned += found.notices
                if not found.notices:
                    quiet[(seen.code, seen.version)] = found.again
            await self._books.remember(quiet)
        planned.sort(key=lambda one: one.order)
        sent = 0
        waiting = {one.id for one in planned}
        for start in range(0, len(planned), DOSSIERS_AT_ONCE):
            chunk = planned[start : start + DOSSIERS_AT_ONCE]
            waiting.difference_update(one.id for one in chunk)
            await self._tell(sorted({one.dossier for one in chunk}), waiting, registry)
            sent += await self._publish()
        return sent

    async def _tell(self, codes: Sequence[str], later: set[str], registry: Registry) -> None:
        """Decide again what is true now, under a lock, and store it but for what comes later."""
        looks: dict[tuple[str, str | None], Instant | None] = {}
        notices: list[Notice] = []
        async with self._books.transaction():
            if not await self._books.rest_on(registry.offset):
                self._changes = Changes()
                return
            now = self._now()
            for seen in await self._books.seen(codes, lock=True):
                found = look_at(seen, registry, now)
                fresh = [one for one in found.notices if one.id not in later]
                notices += fresh
                after = look_at(seen._replace(told=[*seen.told, *fresh]), registry, now)
                looks[(seen.code, seen.version)] = now if after.notices else after.again
            await self._books.add(sorted(notices, key=lambda one: one.order))
            await self._books.remember(looks)
        self._is_pending = self._is_pending or bool(notices)
        self._failpoints.reach("notices.after_commit")

    async def _publish(self) -> int:
        """Publish what is pending; what a crash left over waits for its unit's working hours."""
        sent, registry = 0, self._registry()
        while self._is_pending:
            pending = await self._books.pending(DOSSIERS_AT_ONCE)
            ready = [one for one in pending if _may_tell(one, registry, self._now())]
            if ready:
                await self._topic.write([(one.dossier, one.record) for one in ready])
                self._failpoints.reach("notices.before_mark")
                await self._books.published([one.id for one in ready])
                sent += len(ready)
            self._is_pending = len(ready) < len(pending) or len(pending) == DOSSIERS_AT_ONCE
            if len(ready) < len(pending):
                break
        return sent


def look_at(seen: Seen, registry: Registry, now: Instant) -> Look:
    """What is to be told of a dossier as the books have it."""
    if seen.snapshot is None:
        view = view_of_gone(seen.told[0], registry) if seen.told else None
    else:
        snapshot = decode(seen.snapshot)
        view = view_of(snapshot, registry) if snapshot else None
    if view is None:
        return Look((), LATER)
    return look(view, seen.told, now)


def _may_tell(pending: Pending, registry: Registry, now: Instant) -> bool:
    calendar = registry.calendar(pending.unit)
    try:
        return calendar is None or calendar.is_working(now)
    except BeyondCalendar:
        return True


def _frame(registry: Registry) -> tuple[object, ...]:
    """What decides when a rung is reached, and what may move the due dates of closed dossiers."""
    return (
        registry.units,
        registry.weeks,
        registry.days,
        registry.rules,
        registry.procedures,
        registry.pause_reasons,
        registry.suspensions,
    )


def _chunks(codes: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(codes), DOSSIERS_AT_ONCE):
        yield codes[start : start + DOSSIERS_AT_ONCE]
