"""Processing's answers about changes of the registry: what if, how far, and what it came to."""

from collections.abc import Sequence

import msgspec
from google.protobuf.json_format import MessageToDict
from motcua.registry.v1 import registry_pb2 as pb

from motcua_cli.calendar.effects import Preview, Restatement
from motcua_cli.processing_api import ProcessingApi


class Work(msgspec.Struct, frozen=True):
    """A change that is still being applied."""

    last_offset: int


class Works(msgspec.Struct, frozen=True):
    """The newest registry entry that processing uses, and the changes not yet done."""

    registry_offset: int
    works: list[Work]


class _Restatements(msgspec.Struct, frozen=True):
    restatements: list[Restatement]


class Recalculation:
    """Asks processing about changes of the registry."""

    def __init__(self, api: ProcessingApi) -> None:
        self._api = api

    def preview(self, entries: Sequence[pb.RegistryEntry]) -> Preview:
        """What entries would do, without changing anything."""
        told = [MessageToDict(one, preserving_proto_field_name=True) for one in entries]
        answer = self._api.post("/v1/registry/preview", msgspec.json.encode({"entries": told}))
        return msgspec.json.decode(answer, type=Preview)

    def works(self) -> Works:
        """How far processing is with the registry."""
        return msgspec.json.decode(self._api.get("/v1/registry/progress"), type=Works)

    def unpublished(self) -> int:
        """Dossiers whose states have yet to be published."""
        return self._api.progress().unpublished

    def restatements(self, first_offset: int) -> list[Restatement]:
        """What entries from an offset on have restated, in the order of the entries."""
        answer = self._api.get("/v1/restatements", {"limit": "100"})
        # The numbers of a protobuf message in JSON are text.
        found = msgspec.convert(msgspec.json.decode(answer), _Restatements, strict=False)
        told = [one for one in found.restatements if one.first_offset >= first_offset]
        return sorted(told, key=lambda one: one.first_offset)
