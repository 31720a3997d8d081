"""Which rules hold for which field, found by breaking each example and asking intake's own code."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any, Final

import msgspec
from motcua_intake.domain.contract import CHANNEL_OF_WORD
from motcua_intake.domain.json_events import read_event
from motcua_kernel.admission import Admission
from motcua_kernel.admission_rules import Rejected
from motcua_kernel.events import Event
from motcua_kernel.instant import Instant, format_local
from motcua_kernel.parties import Publisher
from motcua_kernel.procedures import Procedure
from motcua_kernel.registry import Registry
from motcua_kernel.units import Department, Unit, UnitLevel
from motcua_platform.dossier_codec import TYPE_OF_KIND, event_from_record

from scripts.contract_pages.examples import Example

_WORDS: Final = {channel: word for word, channel in CHANNEL_OF_WORD.items()}
_WRONG: Final[tuple[Any, ...]] = (
    None, "", 0, -1, 7, [], "Nguyễn Văn A", "0912345678", "x-unknown", "other", "AAEC", "x" * 300,
    "2199-01-01T00:00:00+07:00", "1999-01-01T00:00:00+07:00", "9" * 25,
)  # fmt: skip
"""What each field is given in turn: nothing, other types, names, numbers, codes of nothing."""


def json_of(example: Example) -> dict[str, Any]:
    """A golden example as it is sent to `POST /v1/events`; what is as usual is left out."""
    event = _event_of(example)
    usual = {one.name: one.default for one in msgspec.structs.fields(event.change)}
    data = {
        name: _plain(getattr(event.change, name))
        for name in event.change.__struct_fields__
        if getattr(event.change, name) != usual[name]
    }
    return {
        "specversion": "1.0",
        "id": event.event_id,
        "source": event.source,
        "type": TYPE_OF_KIND[event.kind],
        "subject": event.dossier,
        "time": format_local(event.occurred_at),
        "sequence": str(event.sequence),
        "data": data,
    }


def rules_by_field(example: Example) -> dict[str, list[str]]:
    """The rules that each field can break, by its JSON pointer."""
    found: dict[str, set[str]] = {}
    for changed in _broken(example):
        rejected = rejection(changed)
        if rejected is not None:
            found.setdefault(rejected.field, set()).add(rejected.rule)
    return {field: sorted(rules) for field, rules in found.items()}


def rejection(event: dict[str, Any]) -> Rejected | None:
    """What intake answers to an event in JSON; None where it accepts it."""
    try:
        read = read_event("kien-duc", msgspec.Raw(msgspec.json.encode(event)))
        _admission().check(read, _NOW)
    except Rejected as error:
        return error
    return None


def _event_of(example: Example) -> Event:
    headers = [(name, text.encode()) for name, text in example.headers.items()]
    return event_from_record(example.record, headers, Instant(0))


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return _WORDS.get(value, value) if type(value).__name__ == "Channel" else value


def _broken(example: Example) -> Iterator[dict[str, Any]]:
    """The example with each attribute and each field of `data` gone, and wrong in every way."""
    event = json_of(example)
    change = _event_of(example).change
    yield event | {"applicant": "x"}
    yield event | {"data": event["data"] | {"applicant": "x"}}
    units = {name: "other" for name in event["data"] if name.endswith("ing_unit")}
    yield event | {"data": event["data"] | units}
    for name in (*event, "backfill"):
        yield {key: value for key, value in event.items() if key != name}
        for value in _WRONG:
            yield event | {name: value}
    for name in change.__struct_fields__:
        data = event["data"]
        yield event | {"data": {key: value for key, value in data.items() if key != name}}
        for value in _WRONG:
            yield event | {"data": data | {name: value}}


_NOW: Final = Instant(1_790_000_000_000)


@cache
def _registry() -> Registry:
    departments = (Department("tu-phap", "Tư pháp"),)
    return Registry().with_entries(
        enumerate(
            [
                Unit("24733", "24733", "Xã", UnitLevel.COMMUNE, departments=departments),
                Unit("other", "other", "Xã", UnitLevel.COMMUNE, departments=departments),
                Procedure("1.000894", "Đăng ký kết hôn", date(2019, 1, 1)),
                _PUBLISHER,
            ]
        )
    )


_PUBLISHER: Final = Publisher("kien-duc", "Một cửa xã Kiến Đức", ("24733",))


@cache
def _admission() -> Admission:
    return Admission(_registry(), _PUBLISHER)
