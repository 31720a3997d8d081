"""Which entries the log lacks: the pure part of `registry apply` and `registry diff`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from google.protobuf.json_format import MessageToDict
from motcua.registry.v1 import registry_pb2 as pb

from motcua_cli.registry.files import Sourced

Latest = Mapping[str, pb.RegistryEntry]
"""The newest entry of each key that the log holds."""


@dataclass(frozen=True)
class Change:
    """An entry to be written, and what it replaces (None for a new key)."""

    new: Sourced
    old: pb.RegistryEntry | None

    def members(self) -> list[str]:
        """The names of the members that differ; none for a new key."""
        if self.old is None:
            return []
        old, new = _members(self.old), _members(self.new.entry)
        return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def changes(wanted: Iterable[Sourced], latest: Latest) -> list[Change]:
    """What has to be written, in the order given, so that the log's newest entries are `wanted`.

    Applying the same files twice writes nothing the second time.
    """
    known = dict(latest)
    found: list[Change] = []
    for one in wanted:
        old = known.get(one.key)
        if old != one.entry:
            found.append(Change(one, old))
            known[one.key] = one.entry
    return found


def _members(entry: pb.RegistryEntry) -> dict[str, object]:
    (inner,) = MessageToDict(entry, preserving_proto_field_name=True).values()
    return inner
