"""Who speaks: the publisher behind an API key."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from motcua_kernel.parties import Publisher
    from motcua_kernel.registry import Registry


class Keyring:
    """The publishers of a registry by the SHA-256 of their keys; made anew with each registry."""

    def __init__(self) -> None:
        self._registry: Registry | None = None
        self._by_hash: dict[str, Publisher] = {}

    def publisher(self, registry: Registry, key: str) -> Publisher | None:
        """The publisher whose key this is; None for an unknown key and for a revoked publisher."""
        if registry is not self._registry:
            self._by_hash = {
                digest.lower(): publisher
                for publisher in registry.publishers.values()
                if not publisher.revoked
                for digest in publisher.key_sha256
            }
            self._registry = registry
        return self._by_hash.get(sha256(key.encode()).hexdigest())
