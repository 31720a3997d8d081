"""Too many quarantined records close intake to a publisher, and to nobody else."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest
from event_records import raw_record, record
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from motcua.admin.v1.admin_pb2 import AdminEvent, PublisherGate
from motcua_kernel.instant import HOUR, Instant
from motcua_kernel.parties import Publisher, QuarantineCap
from motcua_platform.access.guard import install_guard
from motcua_platform.access.testing import open_guard
from motcua_platform.dossier_codec import event_headers
from motcua_processing.adapters.decided import mark_decided
from motcua_processing.adapters.publisher_activity import PublisherActivity
from motcua_processing.adapters.publisher_gates import PublisherGates
from motcua_processing.adapters.wake import WAKE_CHANNEL
from motcua_processing.application.watch_publishers import opening
from motcua_processing.domain.gates import BAD, judge
from motcua_processing.entrypoints.gates import gate_routes
from sample_registry import events_of_dossiers

if TYPE_CHECKING:
    from motcua_platform.records import Record
    from open_books_of_tests import Desk

EVENTS = [one for one in events_of_dossiers(3_000) if one.publisher == "dak-rlap-666"]
OWN = "dak-rlap-666"
APPENDED = Instant(1_600_000_000_000)
CAP = QuarantineCap(percent=20, window=10, run=3)
verdicts = st.lists(st.sampled_from([b"\x00", b"\x01"]), max_size=40).map(b"".join)
caps = st.builds(QuarantineCap, st.integers(1, 100), st.integers(0, 12), st.integers(0, 6))


@given(verdicts, caps, st.integers(0, 40))
def test_a_cap_is_reached_at_the_same_record_however_the_batches_fall(
    told: bytes, cap: QuarantineCap, cut: int
) -> None:
    whole, first = judge(b"", told, cap), judge(b"", told[:cut], cap)
    if first.breach:
        assert whole == first
        return
    second = judge(first.recent, told[cut:], cap)
    assert (whole.recent, whole.breach) == (second.recent, second.breach)
    assert whole.taken == first.taken + second.taken


@given(verdicts, caps)
def test_a_breach_is_true_of_the_records_it_counts(told: bytes, cap: QuarantineCap) -> None:
    recent, breach, _ = judge(b"", told, cap)
    if breach is None:
        assert not cap.run or BAD * cap.run not in told
    else:
        newest = recent[-breach.looked_at :]
        assert newest.count(BAD) == breach.quarantined
        assert breach.rule == "run" or breach.quarantined * 100 > cap.percent * cap.window


def bad(offset: int, appended_at: int = APPENDED) -> Record:
    headers = event_headers(EVENTS[0])
    return raw_record(b"\xff", headers, offset=offset, appended_at=appended_at)


def gate(*, closed: bool, at: int) -> bytes:
    told = PublisherGate(publisher=OWN, closed=closed)
    return AdminEvent(id=f"gate-{at}", occurred_at=at, publisher_gate=told).SerializeToString()


def capped(desk: Desk) -> None:
    entry = Publisher(OWN, "Một cửa huyện", ("666",), cap=CAP)
    desk.registry = desk.registry.with_entries([(desk.registry.offset + 1, entry)])


async def gates_told(desk: Desk) -> list[AdminEvent]:
    rows = await desk.pool.fetch("SELECT record FROM admin_event ORDER BY occurred_at, id")
    return [AdminEvent.FromString(row[0]) for row in rows]


@pytest.mark.real
async def test_a_run_of_bad_records_closes_the_gate_once_and_the_partition_moves_on(
    desk: Desk,
) -> None:
    capped(desk)
    await desk.apply(record(EVENTS[0], offset=0), bad(1), bad(2))
    assert await gates_told(desk) == []
    await desk.apply(bad(3))
    await desk.apply(bad(4), bad(5), record(EVENTS[1], offset=6))
    (told,) = await gates_told(desk)
    gate = told.publisher_gate
    assert (gate.publisher, gate.closed, gate.rule, gate.quarantined) == (OWN, True, "run", 3)
    assert await desk.value("SELECT count(*) FROM journal") == 2
    assert await desk.value("SELECT next_offset FROM log_partition WHERE partition = 0") == 7


@pytest.mark.real
@pytest.mark.parametrize("cuts", [[6], [3, 3], [1, 1, 1, 1, 1, 1]])
async def test_a_closing_is_named_after_the_record_that_reached_the_cap(
    desk: Desk, cuts: list[int]
) -> None:
    capped(desk)
    offsets = iter(range(6))
    for size in cuts:
        await desk.apply(*(bad(next(offsets)) for _ in range(size)))
    (told,) = await gates_told(desk)
    assert told.id.endswith("-0-2")


@pytest.mark.real
async def test_a_ratio_closes_the_gate_and_opening_begins_anew(desk: Desk) -> None:
    capped(desk)
    good = [record(event, offset=place * 3) for place, event in enumerate(EVENTS[:7])]
    worse = [bad(place * 3 + 1) for place in range(3)]
    mixed = sorted([*good, *worse], key=lambda one: one.offset)
    await desk.apply(*mixed)
    (told,) = await gates_told(desk)
    assert (told.publisher_gate.rule, told.publisher_gate.looked_at) == ("ratio", 10)

    activity = PublisherActivity(lambda: desk.pool)
    assert await activity.waiting() == {OWN: 3}
    newest = max(record.timestamp for record in good)
    assert await activity.last_spoke(Instant(0)) == {OWN: newest}
    assert await activity.last_spoke(Instant(newest + 1)) == {}

    gates = PublisherGates(lambda: desk.pool)
    assert await gates.closed() == [OWN]
    decision = opening(OWN, "account-1", Instant(told.occurred_at + 1), "a")
    assert await gates.open(decision)
    assert not await gates.open(decision)
    assert await gates.closed() == []
    await desk.apply(bad(100), bad(101))
    assert await gates.closed() == []
    async with desk.pool.acquire() as connection:
        await connection.execute("TRUNCATE publisher_watch")
        await mark_decided(connection, [one.SerializeToString() for one in await gates_told(desk)])
    assert await gates.closed() == []


@pytest.mark.real
async def test_opening_wakes_the_publication_so_that_intake_hears_of_it_at_once(
    desk: Desk,
) -> None:
    capped(desk)
    await desk.apply(bad(0), bad(1), bad(2))
    rung = asyncio.Event()

    def ring(*_: object) -> None:
        rung.set()

    async with desk.pool.acquire() as connection:
        await connection.add_listener(WAKE_CHANNEL, ring)
        assert await PublisherGates(lambda: desk.pool).open(
            opening(OWN, "account-1", Instant(1), "a")
        )
        await asyncio.wait_for(rung.wait(), 5)
        await connection.remove_listener(WAKE_CHANNEL, ring)


@pytest.mark.real
async def test_a_publisher_is_let_in_again_and_again_while_domain_time_stands_still(
    desk: Desk,
) -> None:
    capped(desk)
    app = FastAPI()
    app.include_router(gate_routes(PublisherGates(lambda: desk.pool), lambda: Instant(1)))
    install_guard(app, open_guard(lambda: desk.registry))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://processing") as client:
        for time in range(2):
            await desk.apply(*(bad(3 * time + place) for place in range(3)))
            answer = await client.post(f"/v1/publishers/{OWN}/open")
            assert answer.status_code == 200
    told = [one.publisher_gate.closed for one in await gates_told(desk)]
    assert (told.count(True), told.count(False)) == (2, 2)


@pytest.mark.real
async def test_books_made_anew_shut_nobody_out_for_what_was_forgiven(desk: Desk) -> None:
    capped(desk)
    told = [
        gate(closed=True, at=APPENDED),
        gate(closed=False, at=Instant(APPENDED + HOUR)),
    ]
    async with desk.pool.acquire() as connection:
        await mark_decided(connection, told)
    gates = PublisherGates(lambda: desk.pool)
    await desk.apply(*(bad(offset) for offset in range(5)))
    assert await gates.closed() == []
    later = Instant(APPENDED + HOUR)
    await desk.apply(*(bad(offset, later) for offset in range(5, 8)))
    assert await gates.closed() == [OWN]


@pytest.mark.real
@pytest.mark.parametrize("later", [0, 1])
async def test_an_older_decision_undoes_none_that_the_topic_does_not_have_yet(
    desk: Desk, later: int
) -> None:
    capped(desk)
    await desk.apply(bad(0), bad(1), bad(2))
    (closing,) = await gates_told(desk)
    gates = PublisherGates(lambda: desk.pool)
    assert await gates.open(opening(OWN, "account-1", Instant(closing.occurred_at + later), "a"))
    async with desk.pool.acquire() as connection:
        await mark_decided(connection, [closing.SerializeToString()])
    assert await gates.closed() == []


@pytest.mark.real
async def test_a_publisher_without_a_cap_is_never_shut_out(desk: Desk) -> None:
    await desk.apply(*(bad(offset) for offset in range(50)))
    assert await gates_told(desk) == []
