"""Who a request comes from."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Final

import msgspec
from motcua_kernel.instant import Instant
from motcua_kernel.parties import Account, ApiKey, Publisher
from motcua_kernel.registry import Registry


class Principal(msgspec.Struct, frozen=True):
    """A publisher, an account, or both where one subject speaks as both; neither: nobody.

    `by` names the key or says *token*, for logs; never the secret.
    """

    publisher: Publisher | None = None
    account: Account | None = None
    by: str = ""

    @property
    def id(self) -> str:
        """An opaque name for logs and decisions."""
        one = self.account or self.publisher
        return one.id if one else ""


NOBODY: Final = Principal()


class Principals:
    """Finds principals in the registry as known now; its index is made anew with each registry."""

    def __init__(self, registry: Callable[[], Registry]) -> None:
        self._source = registry
        self._registry: Registry | None = None
        self._keys: dict[str, tuple[ApiKey, Principal]] = {}
        self._subjects: dict[str, Principal] = {}

    def of_key(self, key: str, now: Instant) -> Principal | None:
        """Whose key this is; None for an unknown, ended or revoked one. `now` is real time."""
        self._follow()
        found = self._keys.get(sha256(key.encode()).hexdigest())
        if found is None or not found[0].is_valid_at(now):
            return None
        return found[1]

    def of_subject(self, subject: str) -> Principal | None:
        """Who the subject of a verified token is; None for an unknown one."""
        self._follow()
        return self._subjects.get(subject)

    def _follow(self) -> None:
        registry = self._source()
        if registry is self._registry:
            return
        self._keys, self._subjects = {}, {}
        for publisher in registry.publishers.values():
            if not publisher.revoked:
                own = [ApiKey("", one.lower()) for one in publisher.key_sha256]
                self._add((*own, *publisher.keys), publisher.subjects, publisher=publisher)
        for account in registry.accounts.values():
            if not account.revoked:
                self._add(account.keys, account.subjects, account=account)
        self._registry = registry

    def _add(
        self,
        keys: tuple[ApiKey, ...],
        subjects: tuple[str, ...],
        *,
        publisher: Publisher | None = None,
        account: Account | None = None,
    ) -> None:
        for key in keys:
            self._keys[key.sha256] = (key, Principal(publisher, account, key.id or "key"))
        for subject in subjects:
            known = self._subjects.get(subject, NOBODY)
            self._subjects[subject] = Principal(
                publisher or known.publisher, account or known.account, "token"
            )
