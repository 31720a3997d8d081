"""The public keys of an issuer of tokens (JWKS), from a URL or a file, kept while it is away."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from typing import Final, Protocol, cast

import structlog
from jwt import PyJWK, PyJWKSet
from jwt.exceptions import PyJWTError

REFRESH_SECONDS: Final = 600.0
"""So long at most a key counts that the issuer withdrew."""
PATIENCE_SECONDS: Final = 30.0
"""How soon at the earliest an unknown key id lets the set be read anew."""
_TIMEOUT_SECONDS: Final = 5.0
_MOST_BYTES: Final = 1 << 20

_log = structlog.get_logger()


class KeySource(Protocol):
    """Where the key set is read; may raise OSError, HTTPException or ValueError."""

    def __call__(self) -> bytes:
        """The JWKS document."""
        ...


def from_file(path: Path) -> KeySource:
    """A source that reads a file."""
    return path.read_bytes


def from_url(url: str) -> KeySource:
    """A source that asks the issuer."""

    def read() -> bytes:
        with urllib.request.urlopen(url, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 - a setting
            return answer.read(_MOST_BYTES)

    return read


class KeySet:
    """The newest set that could be read; `generation` rises when it changes."""

    def __init__(self, source: KeySource, now: Callable[[], float] = time.monotonic) -> None:
        """`now` is monotonic seconds."""
        self._source = source
        self._now = now
        self._document = b""
        self._keys: dict[str, PyJWK] = {}
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()
        self.generation = 0

    async def renew(self) -> None:
        """Read the set again when it is old; one caller waits for it, the others go on."""
        if self._now() - self._read_at > REFRESH_SECONDS:
            await self._refresh(REFRESH_SECONDS)

    async def key(self, kid: str) -> PyJWK | None:
        """The key of an id; None when the issuer has none of that id."""
        await self.renew()
        if kid not in self._keys:
            await self._refresh(PATIENCE_SECONDS)
        return self._keys.get(kid)

    async def _refresh(self, at_least: float) -> None:
        async with self._reading:
            if self._now() - self._read_at <= at_least:
                return
            self._read_at = self._now()
            try:
                document = await asyncio.to_thread(self._source)
                if document != self._document:
                    self._keys = _keys_of(document)
                    self._document = document
                    self.generation += 1
            except (OSError, HTTPException, ValueError, PyJWTError) as error:
                _log.warning("jwks_unavailable", reason=type(error).__name__)


def _keys_of(document: bytes) -> dict[str, PyJWK]:
    told = json.loads(document)
    if not isinstance(told, dict):
        raise ValueError("a key set is an object")  # noqa: TRY004 - as for text that is no JSON
    found = PyJWKSet.from_dict(cast("dict[str, object]", told))
    return {key.key_id: key for key in found.keys if key.key_id}
