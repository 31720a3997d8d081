"""Bytes that are no event go to quarantine as they are, with the reason; what follows counts."""

from __future__ import annotations

import pytest
from event_records import raw_record, record
from motcua.dossier.v1 import events_pb2
from motcua.quarantine.v1 import quarantine_pb2 as pb
from motcua_platform.dossier_codec import event_headers, event_to_value
from motcua_platform.records import Record
from open_books_of_tests import Desk, empty
from sample_registry import events_of_dossiers

pytestmark = pytest.mark.real

GOOD = events_of_dossiers(3_000)[0]
HEADERS = event_headers(GOOD)
VALUE = event_to_value(GOOD)


def without(name: str) -> list[tuple[str, bytes]]:
    return [header for header in HEADERS if header[0] != name]


def message(**fields: object) -> bytes:
    changed = events_pb2.DossierEvent.FromString(VALUE)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed.SerializeToString()


CASES: dict[str, tuple[bytes | None, list[tuple[str, bytes]], str]] = {
    "no value": (None, HEADERS, "change"),
    "random bytes": (bytes(range(255, 0, -1)), HEADERS, ""),
    "an event that is cut off": (VALUE[:-3], HEADERS, ""),
    "no headers": (VALUE, [], "ce_publisher"),
    "no id": (VALUE, without("ce_id"), "ce_id"),
    "an empty id": (VALUE, [*without("ce_id"), ("ce_id", b"")], "ce_id"),
    "no source": (VALUE, without("ce_source"), "ce_source"),
    "an id of other bytes": (VALUE, [*without("ce_id"), ("ce_id", b"\xff\xfe")], ""),
    "an id with NUL": (VALUE, [*without("ce_id"), ("ce_id", b"a\x00b")], ""),
    "an impossible code": (message(dossier="H56.14-240431-0001"), HEADERS, "dossier"),
    "a moment before all counters": (message(occurred_at=1), HEADERS, "occurred_at"),
    "a moment in another age": (message(occurred_at=1 << 60), HEADERS, "occurred_at"),
    "no change": (
        events_pb2.DossierEvent(
            dossier=GOOD.dossier, occurred_at=GOOD.occurred_at
        ).SerializeToString(),
        HEADERS,
        "change",
    ),
}


def bad_record(name: str, offset: int) -> Record:
    value, headers, _ = CASES[name]
    return raw_record(value, headers, offset=offset, key=b"a key")


@pytest.mark.parametrize("name", CASES)
async def test_a_record_that_cannot_be_read_is_set_aside_with_its_bytes_and_the_reason(
    desk: Desk, name: str
) -> None:
    value, headers, field = CASES[name]
    applied = await desk.apply(bad_record(name, 0), record(GOOD, offset=1))
    assert (applied.new, applied.quarantined) == (1, 1)
    assert set(await desk.dossiers()) == {GOOD.dossier}
    assert await desk.value("SELECT next_offset FROM log_partition WHERE partition = 0") == 2
    row = await desk.pool.fetchrow("SELECT id, rule, field, record, published FROM quarantine")
    assert row is not None
    kept = pb.QuarantinedRecord.FromString(row["record"])
    assert kept.value == (value or b"")
    assert kept.key == b"a key"
    assert [(one.name, one.value) for one in kept.headers] == headers
    assert row["rule"] == kept.rule != ""
    assert row["field"] == kept.field == field
    assert row["id"] == kept.id == "motcua.dossier.events.v1-0-0"
    assert row["published"] is False


async def test_what_was_set_aside_is_set_aside_once_however_it_is_delivered(desk: Desk) -> None:
    records = [bad_record(name, offset) for offset, name in enumerate(CASES)]
    await desk.apply(*records)
    await desk.apply(*records)
    await desk.pool.execute("UPDATE log_partition SET next_offset = 0")
    await desk.apply(*records)
    assert await desk.value("SELECT count(*) FROM quarantine") == len(CASES)


async def test_bytes_of_any_kind_never_stop_the_partition(desk: Desk) -> None:
    await empty(desk)
    bad = [
        raw_record(VALUE[:cut] + b"\xff" * 3 + VALUE[cut:], HEADERS, offset=cut)
        for cut in range(len(VALUE))
    ]
    applied = await desk.apply(*bad, record(GOOD, offset=len(VALUE)))
    assert applied.new + applied.repeated + applied.quarantined == len(VALUE) + 1
    assert applied.quarantined > 0
    assert (
        await desk.value("SELECT next_offset FROM log_partition WHERE partition = 0")
        == len(VALUE) + 1
    )
