"""Tokens of an OIDC issuer (JWT): who speaks, and nothing about what they may."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import jwt
from jwt.exceptions import PyJWTError

from motcua_platform.access.key_sets import KeySet, from_file, from_url
from motcua_platform.settings import ServiceSettings

ALGORITHMS: Final = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "EdDSA",
)
"""Asymmetric ones only: who can verify a token must not be able to make one."""
MAX_TOKEN: Final = 8 * 1024
_REMEMBERED: Final = 10_000


class Tokens:
    """Verifies tokens and remembers those that are good until they expire or the keys change."""

    def __init__(
        self,
        keys: KeySet,
        settings: ServiceSettings,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`now` is real time in seconds since the epoch."""
        self._keys = keys
        self._settings = settings
        self._now = now
        self._good: dict[bytes, tuple[str, float]] = {}
        self._generation = 0

    async def subject(self, token: str) -> str | None:
        """Who a token speaks as; None for one that is not good, whatever the reason."""
        if len(token) > MAX_TOKEN:
            return None
        digest = sha256(token.encode()).digest()
        await self._keys.renew()
        if self._generation != self._keys.generation:
            self._good.clear()
            self._generation = self._keys.generation
        known = self._good.get(digest)
        if known is not None and self._now() < known[1]:
            return known[0]
        claims = await self._verified(token)
        subject = claims.get(self._settings.oidc_subject_claim) if claims else None
        if not isinstance(subject, str) or not subject or claims is None:
            return None
        while len(self._good) >= _REMEMBERED:
            del self._good[next(iter(self._good))]
        expires = float(claims["exp"]) + self._settings.oidc_leeway_seconds
        self._good[digest] = (subject, expires)
        return subject

    async def _verified(self, token: str) -> Mapping[str, Any] | None:
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in ALGORITHMS:
                return None
            key = await self._keys.key(str(header.get("kid", "")))
            if key is None:
                return None
            return jwt.decode(
                token,
                key,
                algorithms=list(ALGORITHMS),
                audience=self._settings.oidc_audience,
                issuer=self._settings.oidc_issuer,
                leeway=self._settings.oidc_leeway_seconds,
                options={"require": ["exp", "iss", "aud"]},
            )
        except (PyJWTError, ValueError):
            return None


def tokens_of(settings: ServiceSettings) -> Tokens | None:
    """The verifier that the settings ask for; None without an issuer."""
    if not settings.oidc_issuer:
        return None
    file = settings.oidc_jwks_path
    source = from_file(Path(file)) if file else from_url(settings.oidc_jwks_url)
    return Tokens(KeySet(source), settings)
