from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from motcua_intake.domain.candidates import Unread
from motcua_intake.domain.errors import MalformedBody, TooManyEvents
from motcua_intake.domain.json_events import read_event, read_json
from motcua_intake.testing import received
from motcua_kernel.admission_rules import Rejected
from motcua_kernel.events import CHANGE_OF_KIND, Channel, Event, Kind, Received
from motcua_platform.dossier_codec import TYPE_OF_KIND


def read(event: Any) -> Event:
    return read_event("dak-rlap", msgspec.Raw(json.dumps(event).encode()))


def rejection(event: Any) -> Rejected:
    with pytest.raises(Rejected) as caught:
        read(event)
    return caught.value


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_is_read_under_the_name_of_its_message(kind: Kind) -> None:
    fields = msgspec.structs.fields(CHANGE_OF_KIND[kind])
    examples: dict[Any, Any] = {str: "x", int: 480, bool: True, bytes: "AAEC", Channel: "post"}
    kernel: dict[Any, Any] = examples | {bytes: b"\x00\x01\x02", Channel: Channel.POST}
    data = {field.name: examples[field.type] for field in fields}
    event = read(received(type=TYPE_OF_KIND[kind], data=data))
    expected = CHANGE_OF_KIND[kind](**{field.name: kernel[field.type] for field in fields})
    assert event.kind is kind
    assert event.change == expected


def test_fields_left_out_have_the_defaults_of_the_kernel() -> None:
    assert read(received()).change == Received("1.000894", Channel.COUNTER, "666", "24733")


@pytest.mark.parametrize(
    ("change", "field", "rule"),
    [
        ({"specversion": "0.3"}, "/specversion", "form"),
        ({"id": ""}, "/id", "form"),
        ({"id": "x" * 129}, "/id", "form"),
        ({"id": 5}, "/id", "form"),
        ({"source": ""}, "/source", "form"),
        ({"source": "x" * 257}, "/source", "form"),
        ({"sequence": 7}, "/sequence", "form"),
        ({"type": "motcua.dossier.v1.Lost"}, "/type", "type"),
        ({"data": {}}, "/data/procedure", "required"),
        ({"data": None}, "/data", "form"),
        ({"data": received()["data"] | {"channel": "fax"}}, "/data/channel", "form"),
        ({"data": received()["data"] | {"channel": 1}}, "/data/channel", "form"),
        ({"data": received()["data"] | {"duplicate_mark": "%"}}, "/data/duplicate_mark", "form"),
        ({"data": received()["data"] | {"department": "x" * 129}}, "/data/department", "form"),
    ],
)
def test_a_wrong_value_is_rejected_with_its_place(
    change: dict[str, Any], field: str, rule: str
) -> None:
    rejected = rejection(received(**change))
    assert (rejected.field, rejected.rule) == (field, rule)


@pytest.mark.parametrize("minutes", [0, -480, 2**40])
def test_an_extension_by_an_impossible_time_is_rejected(minutes: int) -> None:
    event = received(type="motcua.dossier.v1.Extended", data={"added_minutes": minutes})
    assert rejection(event).field == "/data/added_minutes"


def test_a_field_for_a_person_is_rejected_and_the_rule_says_why() -> None:
    rejected = rejection(received(data=received()["data"] | {"full_name": "Nguyễn Văn A"}))
    assert (rejected.field, rejected.rule) == ("/data/full_name", "unknown-field")
    assert "no name" in rejected.expected("en")
    assert "họ tên" in rejected.expected("vi")
    assert "Nguyễn" not in rejected.expected("vi") + rejected.expected("en")


def test_an_unknown_attribute_is_rejected() -> None:
    assert rejection(received(phone="0900")).rule == "unknown-field"


def test_the_id_of_an_unreadable_event_is_still_named() -> None:
    body = read_json("dak-rlap", b'[{"id": "e-1", "data": 5}, {"id": 5}]')
    assert [one.id for one in body.candidates if isinstance(one, Unread)] == ["e-1", ""]


@pytest.mark.parametrize("body", [b"", b"5", b"null", b"{", b'[{"a"]', b'{"a":1} x', b"[" * 99_999])
def test_a_body_that_is_no_json_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedBody):
        read_json("dak-rlap", body)


@pytest.mark.parametrize("count", [0, 1_001])
def test_an_array_holds_one_to_a_thousand_events(count: int) -> None:
    with pytest.raises(TooManyEvents):
        read_json("dak-rlap", json.dumps([1] * count).encode())


@given(st.binary())
def test_whatever_bytes_come_they_are_refused_by_name(data: bytes) -> None:
    for body in (data, b"[" + data + b"]", b'{"id":"' + data + b'"}'):
        try:
            candidates = read_json("dak-rlap", body).candidates
        except (MalformedBody, TooManyEvents):
            continue
        assert all(isinstance(candidate, Unread) for candidate in candidates)
