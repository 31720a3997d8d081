"""From the bytes of a request to single events: one bad event does not spoil its neighbours."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from motcua_intake.domain.contract import MAX_TEXT, AnyEvent, Envelope
from motcua_intake.domain.errors import MalformedBody, Rejected, TooManyEvents

MAX_EVENTS: Final = 1_000
NO_PERSON: Final = (
    "only the fields of the contract: an event carries no name, identity number, phone, address "
    "or free text"
)

_PLACE: Final = re.compile(r"(?P<message>.*?)(?: - at `\$(?P<path>[^`]*)`)?", re.DOTALL)
_MISSING: Final = re.compile(r"Object missing required field `(.+)`")
_UNKNOWN: Final = re.compile(r"Object contains unknown field `(.+)`", re.DOTALL)


class _Named(msgspec.Struct):
    id: str = ""


_decode_all = msgspec.json.Decoder(list[msgspec.Raw]).decode
_decode_one = msgspec.json.Decoder(AnyEvent).decode
_decode_name = msgspec.json.Decoder(_Named).decode
_decode_any = msgspec.json.Decoder(msgspec.Raw).decode


class Body(msgspec.Struct, frozen=True):
    """The events of a request, not yet decoded, and whether they came as an array."""

    items: tuple[msgspec.Raw, ...]
    is_batch: bool


def split_body(body: bytes) -> Body:
    """The events of a body apart from each other.

    Raises:
        MalformedBody: no JSON, or neither an object nor an array.
        TooManyEvents: an array with none, or with more than `MAX_EVENTS`.
    """
    start = body.lstrip(b" \t\r\n")[:1]
    try:
        if start == b"{":
            return Body((_decode_any(body),), is_batch=False)
        if start != b"[":
            raise MalformedBody("one event, or an array of events")
        items = tuple(_decode_all(body))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedBody(str(error)) from error
    if not 0 < len(items) <= MAX_EVENTS:
        raise TooManyEvents(len(items), MAX_EVENTS)
    return Body(items, is_batch=True)


def read_event(raw: msgspec.Raw) -> Envelope:
    """One event by its contract.

    Raises:
        Rejected: it is no event of the contract; the field at fault is named.
    """
    try:
        return _decode_one(raw)
    except msgspec.ValidationError as error:
        raise _rejection(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Rejected("", "json", "a JSON object in UTF-8") from error


def event_name(raw: msgspec.Raw) -> str:
    """The id of an event that could not be read, empty where even that is wrong."""
    try:
        return _decode_name(raw).id[:MAX_TEXT]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""


def _rejection(text: str) -> Rejected:
    found = _PLACE.fullmatch(text)
    message, path = (found["message"], found["path"] or "") if found else (text, "")
    pointer = path.replace(".", "/")[:MAX_TEXT]
    if missing := _MISSING.fullmatch(message):
        return Rejected(f"{pointer}/{missing[1]}", "required", "a value")
    if unknown := _UNKNOWN.fullmatch(message):
        name = unknown[1][:MAX_TEXT].replace("~", "~0").replace("/", "~1")
        return Rejected(f"{pointer}/{name}", "unknown-field", NO_PERSON)
    if pointer == "/type":
        return Rejected(pointer, "type", "a message of motcua.dossier.v1, such as Received")
    return Rejected(pointer, "form", message[:MAX_TEXT])
