"""What went between a publisher and the door: events without their contents, and the answers."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from typing import Any, Final, cast

import msgspec
from motcua_client.answers import Settled, Verdict, read_answer

BUSY: Final = "503"
LIMITED: Final = "429"
DROPPED: Final = "dropped"
"""The request reached the sandbox, its answer did not reach the publisher."""


class Sent(msgspec.Struct, frozen=True):
    """An event as it was sent; `content` is a digest, equal for equal JSON values."""

    id: str
    dossier: str
    time: str
    source: str
    sequence: str
    content: bytes


class Exchange(msgspec.Struct, frozen=True):
    """One request; times in seconds of one clock."""

    started: float
    ended: float
    events: tuple[Sent, ...]
    status: int = 202
    fate: str = ""
    retry_after: float = 0.0
    verdicts: tuple[Verdict, ...] = ()
    """One for each event, in order; none where the request was not answered for good."""


def read_events(body: bytes, encoding: str = "") -> tuple[Sent, ...]:
    """The events of a request; none where it cannot be read."""
    try:
        plain = gzip.decompress(body) if encoding == "gzip" else body
        told: object = msgspec.json.decode(plain)
    except (msgspec.DecodeError, UnicodeError, RecursionError, OSError, EOFError, zlib.error):
        return ()
    items = cast("list[object]", told) if isinstance(told, list) else [told]
    return tuple(_sent(cast("dict[str, Any]", item)) for item in items if isinstance(item, dict))


def read_verdicts(status: int, content: bytes, events: tuple[Sent, ...]) -> tuple[Verdict, ...]:
    """The verdicts of an answer; none where it settles nothing."""
    reading = read_answer(status, {}, content, [one.id for one in events])
    return reading.verdicts if isinstance(reading, Settled) else ()


def _sent(event: dict[str, Any]) -> Sent:
    digest = hashlib.sha256(msgspec.json.encode(event, order="deterministic")).digest()
    told = {name: _text(event.get(name, "")) for name in ("id", "time", "source", "sequence")}
    return Sent(**told, dossier=_text(event.get("subject", "")), content=digest)


def _text(value: object) -> str:
    return value[:128] if isinstance(value, str) else ""
