"""Which publisher a request speaks for, and how much it may say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from motcua_platform.access.limits import DAY_SECONDS, MINUTE_SECONDS, Left, Limit, Meter

from motcua_intake.entrypoints import refusals

if TYPE_CHECKING:
    from fastapi import Request
    from motcua_kernel.parties import Publisher
    from motcua_platform.access.guard import Guard

    from motcua_intake.domain.gates import Gates

_UNLIMITED: Final = 0


class Speaking:
    """Finds the publisher of a request and holds it to its limits."""

    def __init__(
        self, guard: Guard, gates: Gates, events_per_minute: int, events_per_day: int
    ) -> None:
        """The limits are for publishers that have none of their own; 0 is without end."""
        self._guard = guard
        self._gates = gates
        self._usual = (events_per_minute, events_per_day)
        self._meter = Meter()

    async def publisher(self, request: Request, credentials: str) -> Publisher:
        """The publisher whose key or token this is.

        Raises:
            Problem: as the guard says, and 403 for an account that is no publisher.
        """
        principal = await self._guard.principal(request, credentials)
        if principal.publisher is None:
            raise refusals.no_publisher()
        return principal.publisher

    async def sender(self, request: Request, credentials: str) -> Publisher:
        """The publisher whose key or token this is, if it may send now.

        Raises:
            Problem: as for `publisher`, and 503 while intake is closed to it.
        """
        found = await self.publisher(request, credentials)
        gate = self._gates.of(found.id)
        if gate is not None:
            raise refusals.publisher_closed(*gate)
        return found

    def take(self, publisher: Publisher, events: int) -> list[Left]:
        """Count events against the publisher's limits.

        Raises:
            Problem: 429, with the time after which the same request can pass.
        """
        left = self._meter.take(publisher.id, self._limits(publisher), events)
        if any(one.exceeded for one in left):
            raise refusals.too_many_events(left)
        return left

    def _limits(self, publisher: Publisher) -> tuple[Limit, ...]:
        minute, day = publisher.events_per_minute, publisher.events_per_day
        limits = (
            Limit("minute", self._usual[0] if minute is None else minute, MINUTE_SECONDS),
            Limit("day", self._usual[1] if day is None else day, DAY_SECONDS),
        )
        return tuple(limit for limit in limits if limit.quota != _UNLIMITED)
