"""Dossier events come back from their records; what cannot be read says which rule it broke."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from change_strategies import events
from hypothesis import given
from hypothesis import strategies as st
from motcua.dossier.v1 import events_pb2 as pb
from motcua_kernel.events import Kind, content_hash
from motcua_kernel.instant import Instant
from motcua_platform.dossier_codec import (
    EARLIEST,
    KIND_OF_TYPE,
    LATEST,
    TYPE_OF_KIND,
    event_from_record,
    event_headers,
    event_to_value,
)
from motcua_platform.errors import Unreadable

if TYPE_CHECKING:
    from motcua_kernel.events import Event

CODE = "H16.25-260302-0001"
WHEN = 1_772_420_400_000
NOW = Instant(WHEN + 1000)
HEADERS = [("ce_publisher", b"p1"), ("ce_id", b"e1"), ("ce_source", b"s1")]


@given(events)
def test_an_event_of_any_kind_comes_back_from_its_record(event: Event) -> None:
    again = event_from_record(event_to_value(event), event_headers(event), event.recorded_at)
    assert again == event
    assert content_hash(again) == content_hash(event)


@given(events)
def test_a_record_tells_the_type_of_its_event(event: Event) -> None:
    headers = dict(event_headers(event))
    assert KIND_OF_TYPE[headers["ce_type"].decode()] is event.kind
    assert headers["ce_subject"].decode() == event.dossier
    assert headers["content-type"] == b"application/protobuf"
    assert set(TYPE_OF_KIND) == set(Kind)


def record(**fields: object) -> bytes:
    told: dict[str, object] = {
        "dossier": CODE,
        "occurred_at": WHEN,
        "payment_paid": pb.PaymentPaid(),
    }
    told |= fields
    return pb.DossierEvent(**{k: v for k, v in told.items() if v is not None}).SerializeToString()  # pyright: ignore[reportArgumentType]


def refusal(value: bytes | None, headers: list[tuple[str, bytes]] = HEADERS) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        event_from_record(value, headers, NOW)
    assert caught.value.rule
    return caught.value


def test_the_plain_record_of_these_tests_is_accepted() -> None:
    assert event_from_record(record(), HEADERS, NOW).kind is Kind.PAYMENT_PAID


@given(st.binary(max_size=200))
def test_garbage_is_unreadable_or_an_event_but_never_a_crash(value: bytes) -> None:
    try:
        event_from_record(value, HEADERS, NOW)
    except Unreadable as error:
        assert error.rule  # noqa: PT017 the two answers are all there may be


@pytest.mark.parametrize("value", [b"\xff\xfe garbage", b"\x0a\x05abc", b"\x0a\x02\xff\xfe"])
def test_bytes_that_are_no_event_name_the_schema(value: bytes) -> None:
    assert refusal(value).rule == "a motcua.dossier.v1.DossierEvent"


@pytest.mark.parametrize("value", [None, b"", record(payment_paid=None)])
def test_an_event_without_change_is_of_no_known_kind(value: bytes | None) -> None:
    assert refusal(value).field == "change"


@pytest.mark.parametrize("name", [name for name, _ in HEADERS])
def test_a_missing_header_is_named(name: str) -> None:
    assert refusal(record(), [one for one in HEADERS if one[0] != name]).field == name


@pytest.mark.parametrize("name", [name for name, _ in HEADERS])
def test_headers_in_another_encoding_are_refused(name: str) -> None:
    assert refusal(record(), [*HEADERS, (name, b"\xff\xfe")]).rule == "headers in UTF-8"


@pytest.mark.parametrize("name", ["ce_publisher", "ce_id"])
def test_an_event_without_identity_is_refused(name: str) -> None:
    assert refusal(record(), [*HEADERS, (name, b"")]).field == "ce_id"


@pytest.mark.parametrize("code", ["", "H16", "H16.25-260431-0001", CODE + "\n", "x" * 10_000])
def test_an_impossible_dossier_code_is_refused(code: str) -> None:
    assert refusal(record(dossier=code)).field == "dossier"


@pytest.mark.parametrize("moment", [0, -1, EARLIEST - 1, LATEST, 2**63 - 1, -(2**63)])
def test_absurd_times_are_refused(moment: int) -> None:
    assert refusal(record(occurred_at=moment)).field == "occurred_at"


@pytest.mark.parametrize("channel", [-1, 4, 99])
def test_an_unknown_channel_is_refused(channel: int) -> None:
    bad = pb.Returned(channel=channel)  # pyright: ignore[reportArgumentType]
    assert refusal(record(payment_paid=None, returned=bad)).field == "channel"


def test_no_text_may_hold_the_character_nul() -> None:
    rule = "texts without the character NUL"
    bad = pb.Forwarded(department="a\x00b")
    assert refusal(record(payment_paid=None, forwarded=bad)).rule == rule
    for name, _ in HEADERS:
        assert refusal(record(), [*HEADERS, (name, b"a\x00b")]).rule == rule


def test_a_duplicate_mark_is_bytes_and_may_hold_any() -> None:
    received = pb.Received(procedure="1.000894", duplicate_mark=b"\x00\x01")
    event = event_from_record(record(payment_paid=None, received=received), HEADERS, NOW)
    assert event.kind is Kind.RECEIVED
