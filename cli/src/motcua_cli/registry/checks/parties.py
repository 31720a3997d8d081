"""Publishers, accounts and mappings: keys that are digests, units that exist, one owner a key."""

from collections.abc import Iterator
from typing import Final

from motcua.registry.v1 import registry_pb2 as pb

from motcua_cli.registry.checks.book import Book, unknown
from motcua_cli.registry.faults import Fault
from motcua_cli.registry.files import Sourced

_HEX: Final = frozenset("0123456789abcdef")
_SHA256_DIGITS: Final = 64


def party_faults(book: Book) -> Iterator[Fault]:
    """The faults of the given publishers, accounts and import mappings."""
    owners: dict[str, str] = {}
    for one in (*book.of("publisher"), *book.of("account")):
        yield from _key_faults(one, owners)
    for one in book.of("account"):
        for number, grant in enumerate(one.entry.account.grants):
            path = ("account", "grants", number)
            yield from unknown(one, (*path, "units"), grant.units, book.units)
            if grant.role == pb.ROLE_UNSPECIFIED:
                yield Fault(
                    one.at(*path, "role"), "account.role", "thiếu vai trò", "a grant has no role"
                )
    publishers = book.publishers
    for one in book.of("import_mapping"):
        names = [one.entry.import_mapping.publisher]
        yield from unknown(one, ("import_mapping", "publisher"), names, publishers)


def _key_faults(one: Sourced, owners: dict[str, str]) -> Iterator[Fault]:
    kind = one.entry.WhichOneof("entry") or ""
    party: pb.Publisher | pb.Account = getattr(one.entry, kind)
    plain = [] if isinstance(party, pb.Account) else list(party.key_sha256)
    for digest in (*plain, *(key.sha256 for key in party.keys)):
        if len(digest) != _SHA256_DIGITS or not _HEX.issuperset(digest.lower()):
            yield Fault(
                one.at(kind, "keys"),
                "key.digest",
                "khóa phải là SHA-256 dạng thập lục phân; không ghi khóa vào danh mục",
                "a key stands as its SHA-256 in hexadecimal, never as itself",
            )
        owner = owners.setdefault(digest.lower(), one.key)
        if owner != one.key:
            yield Fault(
                one.at(kind, "keys"),
                "key.shared",
                f"khóa này cũng là của {owner}",
                "one key opens for two",
            )
