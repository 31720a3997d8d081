"""Which publisher a request comes from: the API key, in one of two headers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Depends
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from motcua_intake.domain.publishers import Keyring
from motcua_intake.entrypoints.refusals import registry_incomplete, unauthenticated

if TYPE_CHECKING:
    from motcua_kernel.parties import Publisher

    from motcua_intake.application.ports import RegistrySource

_bearer = HTTPBearer(auto_error=False, description="API key of the publisher")
_header = APIKeyHeader(name="X-API-Key", auto_error=False, description="API key of the publisher")


def _key(
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    header: Annotated[str | None, Depends(_header)],
) -> str:
    return bearer.credentials if bearer else header or ""


Key = Annotated[str, Depends(_key)]


class Authentication:
    """Looks keys up in the registry as known now."""

    def __init__(self, registry: RegistrySource) -> None:
        self._registry = registry
        self._keyring = Keyring()

    def publisher(self, key: str) -> Publisher:
        """The publisher of a key.

        Raises:
            Problem: 503 before the registry is whole, 401 for a key that nobody has.
        """
        if not self._registry.is_complete:
            raise registry_incomplete()
        publisher = self._keyring.publisher(self._registry.current(), key) if key else None
        if publisher is None:
            raise unauthenticated()
        return publisher
