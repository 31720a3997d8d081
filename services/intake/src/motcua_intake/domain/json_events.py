"""From JSON to events: one bad event does not spoil its neighbours, no fault echoes a value."""

from __future__ import annotations

import re
from typing import Final

import msgspec
from motcua_kernel.admission import MAX_SEQUENCE, MAX_TEXT
from motcua_kernel.admission_rules import Rejected
from motcua_kernel.errors import Invalid
from motcua_kernel.events import Event
from motcua_kernel.instant import Instant, parse_rfc3339

from motcua_intake.domain.candidates import Body, Candidate, Unread
from motcua_intake.domain.contract import CONTRACTS, AnyEvent, Envelope
from motcua_intake.domain.errors import MalformedBody, TooManyEvents

MAX_EVENTS: Final = 1_000

_PLACE: Final = re.compile(r"(?P<message>.*?)(?: - at `\$(?P<path>[^`]*)`)?", re.DOTALL)
_MISSING: Final = re.compile(r"Object missing required field `(.+)`")
_UNKNOWN: Final = re.compile(r"Object contains unknown field `(.+)`", re.DOTALL)
_EXPECTED: Final = re.compile(r"Expected (?P<form>.+?)(?:, got `[a-z]+`)?")
_FIELD: Final = re.compile(r"[0-9A-Za-z_.-]{1,64}")


class _Named(msgspec.Struct):
    id: str = ""


_decode_all = msgspec.json.Decoder(list[msgspec.Raw]).decode
_decode_one = msgspec.json.Decoder(AnyEvent).decode
_decode_name = msgspec.json.Decoder(_Named).decode
_decode_any = msgspec.json.Decoder(msgspec.Raw).decode


def read_json(publisher: str, body: bytes) -> Body:
    """The events of a publisher in a body: one object, or an array of them.

    Raises:
        MalformedBody: no JSON, or neither an object nor an array.
        TooManyEvents: an array with none, or with more than `MAX_EVENTS`.
    """
    items, is_batch = _split(body)
    return Body([_candidate(publisher, item) for item in items], is_batch)


def _split(body: bytes) -> tuple[list[msgspec.Raw], bool]:
    start = body.lstrip(b" \t\r\n")[:1]
    try:
        if start == b"{":
            return [_decode_any(body)], False
        if start != b"[":
            raise MalformedBody("one event, or an array of events")
        items = _decode_all(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedBody("the text is no JSON in UTF-8") from error
    if not 0 < len(items) <= MAX_EVENTS:
        raise TooManyEvents(len(items), MAX_EVENTS)
    return items, True


def _candidate(publisher: str, raw: msgspec.Raw) -> Candidate:
    try:
        return read_event(publisher, raw)
    except Rejected as error:
        return Unread(_name(raw), error)


def read_event(publisher: str, raw: msgspec.Raw) -> Event:
    """One event by its contract.

    Raises:
        Rejected: it is no event of the contract; the field at fault is named.
    """
    try:
        form: Envelope = _decode_one(raw)
    except msgspec.ValidationError as error:
        raise _rejection(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Rejected("", "json") from error
    contract = CONTRACTS[type(form)]
    return Event(
        publisher,
        form.id,
        form.subject,
        contract.kind,
        _time(form.time),
        form.source,
        _sequence(form.sequence),
        contract.to_change(form.data),
        backfill=form.backfill,
    )


def _time(text: str) -> Instant:
    try:
        return parse_rfc3339(text)
    except Invalid as error:
        raise Rejected("/time", "time") from error


def _sequence(text: str) -> int:
    if text.isascii() and text.isdigit() and (number := int(text)) <= MAX_SEQUENCE:
        return number
    raise Rejected("/sequence", "sequence")


def _name(raw: msgspec.Raw) -> str:
    try:
        return _decode_name(raw).id[:MAX_TEXT]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""


def _rejection(text: str) -> Rejected:
    """The fault in a message of msgspec, without any value of the event."""
    found = _PLACE.fullmatch(text)
    message, path = (found["message"], found["path"] or "") if found else (text, "")
    pointer = path.replace(".", "/")[:MAX_TEXT]
    if missing := _MISSING.fullmatch(message):
        return Rejected(f"{pointer}/{missing[1]}", "required")
    if unknown := _UNKNOWN.fullmatch(message):
        name = unknown[1]
        return Rejected(f"{pointer}/{name}" if _FIELD.fullmatch(name) else pointer, "unknown-field")
    if pointer == "/type":
        return Rejected(pointer, "type")
    expected = _EXPECTED.fullmatch(message)
    return Rejected(pointer, "form", form=expected["form"] if expected else "the schema's")
