"""One identity, two contents: the one that the log had first counts, whatever is read first."""

from __future__ import annotations

import itertools

import pytest
from dossier_stories import APPENDED, CODES, FIRST
from event_records import record
from motcua.quarantine.v1 import quarantine_pb2 as pb
from motcua_kernel.events import Channel, Event, Forwarded, Kind, Received
from motcua_kernel.instant import HOUR, Instant
from motcua_platform.dossier_codec import event_to_value
from motcua_processing.application.quarantining import CONFLICT_RULE
from msgspec.structs import replace
from open_books_of_tests import Desk, empty, folded

pytestmark = pytest.mark.real

RECEIPT = Event(
    "dak-rlap",
    "r-1",
    CODES[0],
    Kind.RECEIVED,
    FIRST,
    "/dak-rlap/mot-cua",
    1,
    Received("2.000908", Channel.COUNTER, "666", "666", department="tu-phap"),
)
FORWARDING = Event(
    "dak-rlap",
    "f-1",
    CODES[0],
    Kind.FORWARDED,
    Instant(FIRST + HOUR),
    "/dak-rlap/mot-cua",
    2,
    Forwarded("tu-phap"),
)
LATER_TOLD = replace(RECEIPT, occurred_at=Instant(FIRST + 2 * HOUR))
OF_ANOTHER = replace(RECEIPT, dossier=CODES[1])


def at(event: Event, appended_at: int) -> Event:
    return replace(event, recorded_at=Instant(appended_at))


async def quarantined(desk: Desk) -> list[pb.QuarantinedRecord]:
    rows = await desk.pool.fetch("SELECT record FROM quarantine ORDER BY id")
    return [pb.QuarantinedRecord.FromString(row[0]) for row in rows]


@pytest.mark.parametrize("rival", [LATER_TOLD, OF_ANOTHER], ids=["same dossier", "another dossier"])
@pytest.mark.parametrize("first_read", ["the first recorded", "the later recorded"])
@pytest.mark.parametrize("batches", [1, 2])
async def test_the_content_recorded_first_counts_and_the_other_is_quarantined_with_its_bytes(
    desk: Desk, rival: Event, first_read: str, batches: int
) -> None:
    counts = record(RECEIPT, partition=2, offset=0, appended_at=APPENDED)
    loses = record(rival, partition=1, offset=0, appended_at=APPENDED + 5)
    forwarding = record(FORWARDING, partition=0, offset=0, appended_at=APPENDED + 1)
    order = [counts, loses] if first_read == "the first recorded" else [loses, counts]
    await desk.apply(forwarding)
    for part in [order] if batches == 1 else [[one] for one in order]:
        await desk.apply(*part)
    assert await desk.dossiers() == folded(
        [at(RECEIPT, APPENDED), at(FORWARDING, APPENDED + 1)], desk.registry
    )
    (set_aside,) = await quarantined(desk)
    assert set_aside.value == event_to_value(rival)
    assert (set_aside.rule, set_aside.field) == (CONFLICT_RULE, "id")
    assert (set_aside.topic, set_aside.partition, set_aside.offset) == (loses.topic, 1, 0)
    assert {one.name: one.value for one in set_aside.headers}["ce_id"] == b"r-1"


async def test_a_dossier_that_only_the_losing_content_named_is_gone_and_told_so(
    desk: Desk,
) -> None:
    await desk.apply(record(OF_ANOTHER, partition=1, offset=0, appended_at=APPENDED + 5))
    await desk.pool.execute("TRUNCATE publication")
    await desk.apply(record(RECEIPT, partition=2, offset=0, appended_at=APPENDED))
    assert set(await desk.dossiers()) == {RECEIPT.dossier}
    told = [
        state
        for number in range(4)
        for state in (await desk.publications.marked(number, 64)).snapshots
    ]
    assert dict(told)[OF_ANOTHER.dossier] is None
    assert dict(told)[RECEIPT.dossier] is not None


async def test_of_three_contents_the_first_recorded_counts_in_each_order_of_reading(
    desk: Desk,
) -> None:
    third = replace(RECEIPT, sequence=9)
    records = [
        record(event, partition=number, offset=0, appended_at=APPENDED + number)
        for number, event in enumerate((RECEIPT, LATER_TOLD, third))
    ]
    expected = folded([at(RECEIPT, APPENDED)], desk.registry)
    for order in itertools.permutations(records):
        await empty(desk)
        for one in order:
            await desk.apply(one)
        assert await desk.dossiers() == expected
        losers = {bytes(one.value) for one in await quarantined(desk)}
        assert losers == {event_to_value(LATER_TOLD), event_to_value(third)}


@pytest.mark.parametrize("earlier_is_read_first", [True, False])
async def test_a_repetition_keeps_the_earliest_place(
    desk: Desk, *, earlier_is_read_first: bool
) -> None:
    earlier = record(RECEIPT, partition=3, offset=0, appended_at=APPENDED)
    later = record(RECEIPT, partition=0, offset=0, appended_at=APPENDED + 7)
    order = (earlier, later) if earlier_is_read_first else (later, earlier)
    for one in order:
        await desk.apply(one)
    place = await desk.pool.fetchrow(
        "SELECT appended_at, recorded_at, partition, log_offset FROM journal "
        "JOIN log_partition ON log_partition.id = journal.log_partition"
    )
    assert place is not None
    assert tuple(place) == (APPENDED, APPENDED, 3, 0)
    assert await desk.dossiers() == folded([at(RECEIPT, APPENDED)], desk.registry)
    assert await quarantined(desk) == []
