"""The guard before every endpoint: who asks, and a clear no.

A 401 is the same whatever is wrong with a key or token, so that it helps no stranger; a 403 names
what was asked for and the role that it takes, and nothing about others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated, Final

import structlog
from fastapi import Depends, FastAPI, Request
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer
from motcua_kernel.instant import Instant, local_date
from motcua_kernel.parties import Role
from motcua_kernel.registry import Registry

from motcua_platform.access.limits import MINUTE_SECONDS, Limit, Meter
from motcua_platform.access.principals import NOBODY, Principal, Principals
from motcua_platform.access.refusals import (
    forbidden,
    registry_incomplete,
    too_many_failures,
    unauthenticated,
)
from motcua_platform.access.rights import administers, may
from motcua_platform.access.tokens import Tokens, tokens_of
from motcua_platform.documented import document_problems
from motcua_platform.domain_clock import real_now
from motcua_platform.settings import ServiceSettings

FAILURES: Final = Limit("failures", 60, MINUTE_SECONDS)
"""So many wrong keys a minute may come from an address."""

_log = structlog.get_logger()
_bearer = HTTPBearer(auto_error=False, description="API key, or token of the identity provider")
_header = APIKeyHeader(name="X-API-Key", auto_error=False, description="API key")


class Guard:
    """Answers who asks, and holds requests to what the registry grants."""

    def __init__(
        self,
        registry: Callable[[], Registry],
        is_complete: Callable[[], bool],
        now: Callable[[], Instant],
        settings: ServiceSettings,
        tokens: Tokens | None = None,
    ) -> None:
        """`now` is domain time; keys and tokens are judged in real time."""
        self._registry = registry
        self._is_complete = is_complete
        self._now = now
        self._is_open = settings.access == "open"
        self._tokens = tokens or tokens_of(settings)
        self._principals = Principals(registry)
        self._failures = Meter()

    async def principal(self, request: Request, credentials: str) -> Principal:
        """Who asks.

        Raises:
            Problem: 503 before the registry is whole, 401 for credentials that are not good, 429
                after too many of them from one address.
        """
        if not self._is_complete():
            raise registry_incomplete()
        found = await self._find(credentials) if credentials else None
        if found is None:
            self._count_failure(request)
            raise unauthenticated()
        return found

    async def caller(self, request: Request, credentials: str, *, public: bool) -> Caller:
        """Who asks a question; nobody in particular where the service is open, or it is public."""
        if not credentials and (self._is_open or public):
            return Caller(NOBODY, self)
        return Caller(await self.principal(request, credentials), self)

    def must(self, principal: Principal, role: Role, units: Iterable[str]) -> None:
        """Let pass who may act in a role for one of these units.

        Raises:
            Problem: 403.
        """
        asked = list(units)
        if self._is_open or may(principal, role, asked, self._registry(), self._today()):
            return
        raise forbidden(role, asked)

    def must_administer(self, principal: Principal) -> None:
        """Let pass who runs the system.

        Raises:
            Problem: 403.
        """
        if not self._is_open and not administers(principal, self._today()):
            raise forbidden(Role.ADMINISTRATOR, [])

    def may_read(self, principal: Principal, units: Iterable[str]) -> bool:
        """Whether a principal may read what belongs to one of these units."""
        return self._is_open or may(principal, Role.READER, units, self._registry(), self._today())

    def _today(self) -> date:
        return local_date(self._now())

    async def _find(self, credentials: str) -> Principal | None:
        found = self._principals.of_key(credentials, real_now())
        if found is None and self._tokens is not None and credentials.count(".") == _JWT_DOTS:
            subject = await self._tokens.subject(credentials)
            found = self._principals.of_subject(subject) if subject else None
        return found

    def _count_failure(self, request: Request) -> None:
        address = request.client.host if request.client else ""
        (left,) = self._failures.take(address, (FAILURES,), 1)
        if left.exceeded:
            raise too_many_failures(left.wait_seconds)


class Caller:
    """Who asks, and what they must be for what they ask."""

    def __init__(self, principal: Principal, guard: Guard) -> None:
        self.principal = principal
        self._guard = guard

    def must_read(self, *units: str) -> None:
        """Only readers of one of these units go on; else 403."""
        self._guard.must(self.principal, Role.READER, units)

    def may_read(self, *units: str) -> bool:
        """Whether this is a reader of one of these units."""
        return self._guard.may_read(self.principal, units)

    def must_decide(self, *units: str) -> None:
        """Only officers of one of these units go on; else 403."""
        self._guard.must(self.principal, Role.OFFICER, units)

    def must_administer(self) -> None:
        """Only those who run the system go on; else 403."""
        self._guard.must_administer(self.principal)

    def tell_export(self, what: str, unit: str, rows: int) -> None:
        """Log that rows were taken away: who, what, of which unit, how many; never a row."""
        _log.info(
            "export_made",
            principal=self.principal.id,
            by=self.principal.by,
            what=what,
            unit=unit,
            rows=rows,
        )


def install_guard(app: FastAPI, guard: Guard) -> None:
    """Let `Who`, `Anyone` and `Credentials` of the app's endpoints ask this guard."""
    app.state.guard = guard
    document_problems(app, (unauthenticated(), registry_incomplete(), too_many_failures(30)))


def _credentials(
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    header: Annotated[str | None, Depends(_header)],
) -> str:
    return bearer.credentials if bearer else header or ""


Credentials = Annotated[str, Depends(_credentials)]
"""The key or token of a request; empty without one."""


async def _who(request: Request, credentials: Credentials) -> Caller:
    guard: Guard = request.app.state.guard
    return await guard.caller(request, credentials, public=False)


async def _anyone(request: Request, credentials: Credentials) -> Caller:
    guard: Guard = request.app.state.guard
    return await guard.caller(request, credentials, public=True)


Who = Annotated[Caller, Depends(_who)]
"""Somebody with good credentials."""
Anyone = Annotated[Caller, Depends(_anyone)]
"""The same, or nobody: the endpoint answers the public too."""


_JWT_DOTS: Final = 2
