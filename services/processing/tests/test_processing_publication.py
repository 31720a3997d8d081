"""Publication: the last record of a key is the newest state, whoever dies or stalls on the way."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace as with_changes
from typing import Any

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from event_records import record
from kafka_of_tests import compacted, create_topic, read_all
from loaded_sample import new_name, publish_all
from motcua_contracts.topics import DOSSIER_STATES, topics
from motcua_kernel.events import Event
from motcua_kernel.snapshot import decode
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.process import Failpoints
from motcua_platform.state_codec import state_to_value
from motcua_processing.adapters.publications import Marked, Publications
from motcua_processing.adapters.states_topic import StatesTopic, Stuck, states_partition
from motcua_processing.application.publish_states import (
    MARKS_A_ROUND,
    MarkBooks,
    States,
    publish_round,
)
from open_books_of_tests import LANES, SCHEMA, Desk, lane
from sample_registry import events_of_dossiers

pytestmark = pytest.mark.real

PublishRound = Callable[[MarkBooks, States, int, Failpoints], Awaitable[int]]
PARTITIONS = topics()[DOSSIER_STATES].partitions


@pytest.fixture
def states_topic(kafka_bootstrap: str) -> str:
    """A states topic of the test's own."""
    topic = with_changes(topics()[DOSSIER_STATES], name=new_name("states"))
    create_topic(kafka_bootstrap, topic)
    return topic.name


async def rows_as_values(desk: Desk) -> dict[str, bytes]:
    """What the states topic has to end in."""
    values: dict[str, bytes] = {}
    for code, row in (await desk.dossiers()).items():
        snapshot = decode(row.snapshot)
        assert snapshot is not None
        values[code] = state_to_value(snapshot)
    return values


async def apply_events(desk: Desk, events: Sequence[Event], start: int = 0) -> None:
    await desk.apply(*(record(event, offset=start + place) for place, event in enumerate(events)))


def events_of_one_lane(number: int) -> list[Event]:
    return [event for event in events_of_dossiers(100) if lane(event.dossier) == number]


async def test_the_last_record_of_each_key_is_the_row(
    desk: Desk, kafka_bootstrap: str, states_topic: str
) -> None:
    events = events_of_dossiers(200)
    for start in range(0, len(events), 100):
        await apply_events(desk, events[start : start + 100], start)
        await publish_all(desk.publications, kafka_bootstrap, states_topic, range(LANES))
    records = await read_all(kafka_bootstrap, states_topic)
    assert compacted(records) == await rows_as_values(desk)
    assert len(records) > len(await desk.dossiers())
    assert all(
        one.partition == states_partition((one.key or b"").decode(), PARTITIONS) for one in records
    )
    assert await desk.value("SELECT count(*) FROM publication") == 0


class ChangedMeanwhile(Publications):
    """Books in which a dossier changes after the marks were read and before they are cleared."""

    change: Callable[[], Awaitable[None]]

    async def marked(self, lane: int, limit: int) -> Marked:
        marks = await super().marked(lane, limit)
        await self.change()
        return marks


async def test_a_dossier_that_changes_while_it_is_published_is_published_again(
    desk: Desk, kafka_bootstrap: str, states_topic: str
) -> None:
    events = events_of_one_lane(0)
    half = len(events) // 2
    await apply_events(desk, events[:half])
    books = ChangedMeanwhile(desk.pool, SCHEMA)
    books.change = lambda: apply_events(desk, events[half:], half)
    states = StatesTopic(KafkaConnection(kafka_bootstrap), states_topic, PARTITIONS, states_topic)
    await states.start()
    try:
        await publish_round(books, states, 0, Failpoints())
        old = compacted(await read_all(kafka_bootstrap, states_topic))
        assert old != await rows_as_values(desk)
        await publish_round(desk.publications, states, 0, Failpoints())
    finally:
        await states.stop()
    assert compacted(await read_all(kafka_bootstrap, states_topic)) == await rows_as_values(desk)


class Unreachable(StatesTopic):
    """A states topic whose broker is lost before it acknowledges."""

    async def write(
        self,
        values: Sequence[tuple[str, bytes | None]],
        after_first: Callable[[], None] | None = None,
    ) -> None:
        assert values or after_first
        raise KafkaError("lost before the acknowledgement")


async def clears_before_the_acknowledgement(
    books: MarkBooks, states: States, lane: int, failpoints: Failpoints
) -> int:
    """A defective publisher: what it sends is forgotten before Kafka has it."""
    marks = await books.marked(lane, MARKS_A_ROUND)
    await books.clear(marks.ids)

    class Cleared:
        async def marked(self, lane: int, limit: int) -> Any:  # noqa: ARG002
            return marks

        async def clear(self, ids: Sequence[int]) -> None:
            """Done already."""

    return await publish_round(Cleared(), states, lane, failpoints)


async def ends_in_the_rows_after_a_lost_acknowledgement(
    publish: PublishRound, desk: Desk, bootstrap: str, topic: str
) -> bool:
    """The check: a round fails before its acknowledgement, a successor publishes the rest."""
    await apply_events(desk, events_of_one_lane(1))
    unreachable = Unreachable(KafkaConnection(bootstrap), topic, PARTITIONS, topic)
    with pytest.raises(KafkaError):
        await publish(desk.publications, unreachable, 1, Failpoints())
    states = StatesTopic(KafkaConnection(bootstrap), topic, PARTITIONS, topic)
    await states.start()
    try:
        while await publish(desk.publications, states, 1, Failpoints()):
            pass
    finally:
        await states.stop()
    return compacted(await read_all(bootstrap, topic)) == await rows_as_values(desk)


async def test_a_round_that_was_not_acknowledged_is_published_again(
    desk: Desk, kafka_bootstrap: str, states_topic: str
) -> None:
    assert await ends_in_the_rows_after_a_lost_acknowledgement(
        publish_round, desk, kafka_bootstrap, states_topic
    )


async def test_a_publisher_that_clears_marks_before_the_acknowledgement_is_found_out(
    desk: Desk, kafka_bootstrap: str, states_topic: str
) -> None:
    assert not await ends_in_the_rows_after_a_lost_acknowledgement(
        clears_before_the_acknowledgement, desk, kafka_bootstrap, states_topic
    )


async def test_a_publisher_that_stalled_with_sends_in_flight_is_fenced_by_its_successor(
    kafka_bootstrap: str, states_topic: str
) -> None:
    codes = [f"000.00.31.H16-200106-{number:04}" for number in range(1, 40)]

    def topic() -> StatesTopic:
        return StatesTopic(
            KafkaConnection(kafka_bootstrap), states_topic, PARTITIONS, "lane-of-the-test"
        )

    async def take_over() -> None:
        successor = topic()
        await successor.start()
        await successor.write([(code, b"newer") for code in codes])
        await successor.stop()

    def stalls() -> None:
        """The loop stands still, as in a long pause of the machine, while another takes over."""
        thread = threading.Thread(target=asyncio.run, args=(take_over(),))
        thread.start()
        thread.join(timeout=30)
        assert not thread.is_alive()

    zombie = topic()
    await zombie.start()
    try:
        with pytest.raises(KafkaError):
            await zombie.write([(code, b"older") for code in codes], after_first=stalls)
    finally:
        await zombie.stop()
    records = await read_all(kafka_bootstrap, states_topic)
    assert {one.value for one in records} == {b"newer"}
    assert set(compacted(records)) == set(codes)


async def test_the_lock_of_a_lane_is_held_once_and_is_free_when_its_holder_is_gone(
    desk: Desk, books_url: str
) -> None:
    books = desk.publications
    holder, rival = await asyncpg.connect(books_url), await asyncpg.connect(books_url)
    try:
        assert await books.try_lock(holder, 2)
        assert not await books.try_lock(rival, 2)
        assert await books.try_lock(rival, 3)
        assert await Publications(desk.pool, "another_schema").try_lock(rival, 2)
        await holder.close()
        async with asyncio.timeout(10):
            while not await books.try_lock(rival, 2):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    finally:
        holder.terminate()
        rival.terminate()


async def test_a_round_that_neither_ends_nor_fails_is_given_up() -> None:
    topic = _Hanging(
        KafkaConnection("nowhere:9"), "states", PARTITIONS, "an id", patience_seconds=0.05
    )

    with pytest.raises(Stuck):
        await topic.write([("000.00.31.H16-200106-0001", b"a state")])


async def test_a_producer_that_never_has_flushed_keeps_no_process_alive(
    kafka_bootstrap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = StatesTopic(
        KafkaConnection(kafka_bootstrap), new_name("states"), PARTITIONS, new_name("lane")
    )
    await topic.start()
    flushing = asyncio.Event()

    async def flush_for_ever(_: AIOKafkaProducer) -> None:
        flushing.set()
        await asyncio.Event().wait()

    with monkeypatch.context() as patched:
        patched.setattr(AIOKafkaProducer, "stop", flush_for_ever)
        async with asyncio.timeout(30):
            await topic.stop()
    assert flushing.is_set()
    await topic.stop()


class _Hanging(StatesTopic):
    """A topic whose transaction never ends, as one may that Kafka's absence caught."""

    async def _write(self, values: Any, after_first: Any) -> None:  # noqa: ARG002
        await asyncio.Event().wait()
