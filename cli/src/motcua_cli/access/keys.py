"""Keys in a publisher's or an account's entry: pure changes, the key itself never in it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Final, TypeAlias

from motcua.registry.v1 import registry_pb2 as pb

from motcua_cli.errors import CommandError

PREFIX: Final = "mc_"
"""What every key begins with, so that a scanner for leaked secrets knows one when it sees one."""
PLAIN: Final = "plain"
"""The id that a key without a term is given when it gets one."""

Party: TypeAlias = pb.Publisher | pb.Account


@dataclass(frozen=True)
class Term:
    """When a key is valid, in milliseconds of real time; `until` 0 for no end."""

    start: int
    until: int = 0


def party_of(entry: pb.RegistryEntry) -> Party:
    """The publisher or account of an entry."""
    return entry.account if entry.HasField("account") else entry.publisher


def with_key(entry: pb.RegistryEntry, name: str, key: str, term: Term) -> pb.RegistryEntry:
    """The entry with one key more.

    Raises:
        CommandError: the party has a key of this id already.
    """
    changed = _copy(entry)
    party = party_of(changed)
    if any(one.id == name for one in party.keys):
        raise CommandError(f"Đã có khóa {name}.", f"There is a key {name} already.")
    party.keys.append(
        pb.ApiKey(
            id=name,
            sha256=sha256(key.encode()).hexdigest(),
            valid_from=term.start,
            valid_until=term.until,
        )
    )
    return changed


def ending_at(entry: pb.RegistryEntry, moment: int) -> pb.RegistryEntry:
    """The entry with every key that is valid longer ending at a moment; plain ones get a term."""
    changed = _copy(entry)
    party = party_of(changed)
    if isinstance(party, pb.Publisher):
        for number, digest in enumerate(party.key_sha256, start=1):
            party.keys.append(pb.ApiKey(id=f"{PLAIN}-{number}", sha256=digest))
        del party.key_sha256[:]
    for key in party.keys:
        if not key.valid_until or key.valid_until > moment:
            key.valid_until = moment
    return changed


def without_key(entry: pb.RegistryEntry, name: str) -> pb.RegistryEntry:
    """The entry with a key revoked.

    Raises:
        CommandError: the party has no such key.
    """
    changed = _copy(entry)
    party = party_of(changed)
    found = [one for one in party.keys if one.id == name]
    plain = name == PLAIN and isinstance(party, pb.Publisher) and len(party.key_sha256) > 0
    if not found and not plain:
        raise CommandError(f"Không có khóa {name}.", f"There is no key {name}.")
    for one in found:
        one.revoked = True
    if plain and isinstance(party, pb.Publisher):
        del party.key_sha256[:]
    return changed


def keeping_keys(wanted: pb.RegistryEntry, known: pb.RegistryEntry | None) -> pb.RegistryEntry:
    """A publisher or account of a file that states no keys, with those that the log has.

    Keys are made by `motcua keys`; a file describes the rest, and must not shut anyone out.
    """
    if known is None or wanted.WhichOneof("entry") not in {"publisher", "account"}:
        return wanted
    party = party_of(wanted)
    if party.keys or (isinstance(party, pb.Publisher) and party.key_sha256):
        return wanted
    changed, before = _copy(wanted), party_of(known)
    now = party_of(changed)
    now.keys.extend(before.keys)
    if isinstance(now, pb.Publisher) and isinstance(before, pb.Publisher):
        now.key_sha256.extend(before.key_sha256)
    return changed


def _copy(entry: pb.RegistryEntry) -> pb.RegistryEntry:
    copy = pb.RegistryEntry()
    copy.CopyFrom(entry)
    return copy
