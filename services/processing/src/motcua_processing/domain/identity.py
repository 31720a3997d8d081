"""Who said what first: new events, repetitions and conflicts in a batch (DESIGN section 3).

Identity is (publisher, id), content is the hash over the canonical form. The content recorded
first counts, whatever the order of reading; the other one is a conflict, quarantined and shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple, TypeAlias

import msgspec
from motcua_kernel.events import Event, Received
from motcua_kernel.instant import local_date


def natural_key(event: Event) -> bytes | None:
    """Sixteen bytes for what a receipt is about: procedure, day, and the HMAC mark of law L7.

    Two dossiers with the same one may be the same request told twice; None without a mark.
    """
    change = event.change
    if not isinstance(change, Received) or not change.duplicate_mark:
        return None
    day = local_date(event.occurred_at).isoformat()
    about = f"{change.procedure}\x00{day}\x00".encode() + change.duplicate_mark
    return blake2b(about, digest_size=16).digest()


class Place(NamedTuple):
    """Where in the log a record stands; compared in this order it says which came first."""

    appended_at: int
    topic: str
    partition: int
    offset: int


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A readable record: the event, its hashes, its place, and its bytes for the journal."""

    event: Event
    identity: bytes
    content: bytes
    place: Place
    value: bytes


class Known(msgspec.Struct, frozen=True, gc=False):
    """What the journal has under an identity already."""

    identity: bytes
    content: bytes
    place: Place
    dossier: str
    publisher: str
    event_id: str
    source: str
    value: bytes


Conflicts: TypeAlias = list[Entry | Known]


@dataclass(slots=True)
class Sorted:
    """A batch, sorted out."""

    new: list[Entry] = field(default_factory=list)
    """To be added to the journal."""
    replaced: list[Known] = field(default_factory=list)
    """To be taken out of the journal, since an earlier record of the identity came up."""
    conflicts: Conflicts = field(default_factory=list)
    """Told under an identity that had other content before."""
    repeated: int = 0


def sort_out(batch: Iterable[Entry], known: Mapping[bytes, Known]) -> Sorted:
    """Compare a batch with the journal and with itself.

    >>> sort_out([], {}).repeated
    0
    """
    result = Sorted()
    chosen: dict[bytes, Entry] = {}
    for entry in batch:
        rival = chosen.get(entry.identity) or known.get(entry.identity)
        if rival is None:
            chosen[entry.identity] = entry
            continue
        if rival.content == entry.content:
            result.repeated += 1
        elif entry.place >= rival.place:
            result.conflicts.append(entry)
        else:
            result.conflicts.append(rival)
        if entry.place < rival.place:
            chosen[entry.identity] = entry
    result.new = list(chosen.values())
    result.replaced = [known[identity] for identity in chosen if identity in known]
    return result
