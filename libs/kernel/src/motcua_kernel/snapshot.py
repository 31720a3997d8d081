"""The compact form in which processing keeps a state and what derives from it."""

from __future__ import annotations

import msgspec

from motcua_kernel.derive import Derived
from motcua_kernel.state import FOLD_REVISION, DossierState


class Snapshot(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A state and what the registry made of it."""

    state: DossierState
    derived: Derived


def encode(snapshot: Snapshot) -> bytes:
    """The snapshot as bytes, stamped with the revision of the fold."""
    return _encode((FOLD_REVISION, snapshot))


def stamp() -> bytes:
    """What every snapshot of this revision begins with.

    >>> encode(Snapshot(DossierState("x"), None)).startswith(stamp())
    True
    """
    return _encode((FOLD_REVISION, 0))[:-1]


def decode(data: bytes) -> Snapshot | None:
    """The snapshot again, or None when other rules made it and its events must be folded anew."""
    revision, rest = _decode_stamped(data)
    return _decode_snapshot(rest) if revision == FOLD_REVISION else None


_encode = msgspec.msgpack.Encoder().encode
_decode_stamped = msgspec.msgpack.Decoder(tuple[int, msgspec.Raw]).decode
_decode_snapshot = msgspec.msgpack.Decoder(Snapshot).decode
