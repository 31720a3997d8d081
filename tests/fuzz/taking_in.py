"""What must hold of candidates however they were read: one answer each, and no second effect."""

from __future__ import annotations

import base64
import json
from collections.abc import Coroutine, Sequence
from typing import Any, Final, TypeVar

import msgspec
from motcua_intake.application.accept import AcceptEvents, Outcome, Status
from motcua_intake.domain.candidates import Candidate
from motcua_intake.domain.contract import CHANNEL_OF_WORD
from motcua_intake.domain.json_events import read_event
from motcua_intake.domain.recent import RecentEvents
from motcua_intake.entrypoints.answers import answer
from motcua_intake.testing import FakeEventLog, FakeRegistrySource, FixedClock, small_registry
from motcua_kernel.events import Channel, Event, Filed, Received, Returned
from motcua_kernel.instant import Instant, format_local
from motcua_platform.dossier_codec import (
    TYPE_OF_KIND,
    event_from_record,
    event_headers,
    event_to_value,
)
from motcua_platform.problems import Problem
from motcua_platform.process import Failpoints

T = TypeVar("T")
REGISTRY: Final = small_registry()
PUBLISHER: Final = REGISTRY.publishers["dak-rlap"]
_SOURCE: Final = FakeRegistrySource(REGISTRY)
_WORDS: Final = {channel: word for word, channel in CHANNEL_OF_WORD.items()}


def at_once(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that waits for nothing."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("it waits, though no part of it is away")


class Door:
    """Intake behind its decoders, on a log in memory."""

    def __init__(self) -> None:
        self.log = FakeEventLog()
        self.clock = FixedClock()
        self.source = _SOURCE
        self.accept = AcceptEvents(
            self.log, _SOURCE, self.clock, RecentEvents(10_000), Failpoints("")
        )


def check_taken_in(candidates: Sequence[Candidate]) -> None:
    """Each candidate has one answer; sent again it changes nothing; its event travels unchanged."""
    door = Door()
    first = at_once(door.accept.accept_events(PUBLISHER, candidates))
    written = list(door.log.events)
    second = at_once(door.accept.accept_events(PUBLISHER, candidates))
    check_answers(first, second, len(candidates))
    assert door.log.events == written, "a repetition was written"
    for event in written:
        check_travels(event)


def check_answers(first: list[Outcome], second: list[Outcome], told: int) -> None:
    """The answers to the same things told twice belong together, and can be written down."""
    assert len(first) == len(second) == told
    for one, again in zip(first, second, strict=True):
        if one.status is Status.REJECTED:
            assert again.status is Status.REJECTED
        else:
            assert again.status is Status.REPEATED
    for language in ("vi", "en"):
        try:
            document = bytes(answer(first, language, is_batch=True).body)
        except Problem as problem:
            document = json.dumps(problem.document(language)).encode()
        json.loads(document.decode("utf-8"))


def check_travels(event: Event) -> None:
    """An event is the same after the log and after its own JSON."""
    back = event_from_record(event_to_value(event), event_headers(event), Instant(0))
    assert back == event, "the log's form says something else"
    written = _as_json(event)
    if written is not None:
        assert read_event(event.publisher, msgspec.Raw(written)) == event, "its JSON says otherwise"


def _as_json(event: Event) -> bytes | None:
    """An event in the contract's words; None for one that has no word for its channel."""
    data: dict[str, Any] = {}
    for name in event.change.__struct_fields__:
        value = getattr(event.change, name)
        if isinstance(value, Channel):
            value = _WORDS[value]
        data[name] = base64.b64encode(value).decode() if isinstance(value, bytes) else value
    match event.change:
        case Received(channel=Channel.UNSPECIFIED) | Filed(channel=Channel.UNSPECIFIED):
            return None
        case Returned(channel=Channel.UNSPECIFIED):
            del data["channel"]
        case _:
            pass
    return json.dumps(
        {
            "specversion": "1.0",
            "id": event.event_id,
            "source": event.source,
            "type": TYPE_OF_KIND[event.kind],
            "subject": event.dossier,
            "time": format_local(event.occurred_at),
            "sequence": str(event.sequence),
            "backfill": event.backfill,
            "data": data,
        }
    ).encode()
