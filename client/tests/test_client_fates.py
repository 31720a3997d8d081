"""Whatever becomes of requests and of the program itself, each event ends exactly once."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from motcua_client import (
    AsyncClient,
    Away,
    Client,
    NotAdmitted,
    Pace,
    Progress,
    Spool,
    SpoolInUse,
)
from motcua_client.testing import (
    BUSY,
    FATES,
    LOST_ANSWER,
    LOST_REQUEST,
    POWER_AFTER,
    POWER_BEFORE,
    FakeIntake,
    PowerLoss,
    quick,
)

Event = dict[str, Any]
BAD = "bad"

fates = st.lists(st.sampled_from([*FATES, POWER_BEFORE, POWER_AFTER, ""]), max_size=12)
stories = st.lists(st.tuples(st.sampled_from("abcdef"), st.booleans()), max_size=40)


def rejects(event: Event) -> bool:
    return event["data"] == BAD


def events_of(story: list[tuple[str, bool]]) -> list[Event]:
    return [
        {"id": f"e-{number}", "subject": dossier, "data": "" if good else BAD}
        for number, (dossier, good) in enumerate(story)
    ]


def sync_drain(intake: FakeIntake, spool: Spool) -> None:
    transport = intake.transport()
    with Client(
        "http://x", "key", spool, pace=quick(), transport=transport, sleep=lambda _: None
    ) as it:
        it.drain()


async def no_sleep(_: float) -> None:
    await asyncio.sleep(0)


def async_drain(intake: FakeIntake, spool: Spool) -> None:
    async def drained() -> None:
        async with AsyncClient(
            "http://x",
            "key",
            spool,
            batch_events=3,
            pace=quick(),
            transport=intake.async_transport(),
            sleep=no_sleep,
        ) as client:
            await client.drain()

    asyncio.run(drained())


def by_dossier(events: list[Event]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for event in events:
        found[event["subject"]].append(event["id"])
    return found


@pytest.mark.parametrize("drain", [sync_drain, async_drain])
@given(story=stories, fates=fates, largest=st.integers(1, 8))
@settings(max_examples=60, deadline=None)
def test_each_event_ends_exactly_once_in_order_or_set_aside_with_its_reason(
    drain: Any, story: list[tuple[str, bool]], fates: list[str], largest: int
) -> None:
    events = events_of(story)
    intake = FakeIntake(fates, rejects=rejects, largest=largest)
    with TemporaryDirectory() as folder:
        with Spool(folder) as spool:
            spool.put(events)
        for _ in range(len(fates) + 1):
            with Spool(folder) as spool:
                try:
                    drain(intake, spool)
                except PowerLoss:
                    continue
                break
        with Spool(folder) as spool:
            aside = spool.set_aside()
            assert spool.waiting() == 0
    good = [event for event in events if not rejects(event)]
    assert by_dossier(list(intake.journal.values())) == by_dossier(good)
    assert [one.event.id for one in aside] == [one["id"] for one in events if rejects(one)]
    assert {(one.field, one.rule) for one in aside} <= {("/subject", "dossier-code")}
    assert not intake.overlaps


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path)


def client_of(intake: FakeIntake, spool: Spool, pace: Pace | None = None) -> Client:
    return Client(
        "http://x",
        "key",
        spool,
        pace=pace or quick(),
        transport=intake.transport(),
        sleep=lambda _: None,
    )


GOOD: Event = {"id": "e-1", "subject": "a", "data": ""}


def test_publish_returns_the_verdict_of_its_event_after_what_waited_before(spool: Spool) -> None:
    intake = FakeIntake([LOST_ANSWER], rejects=rejects)
    client = client_of(intake, spool)
    spool.put([{"id": "e-0", "subject": "a", "data": ""}])
    assert client.publish(GOOD).status == "repeated"
    assert list(intake.journal) == ["e-0", "e-1"]
    verdict = client.publish({"id": "e-2", "subject": "a", "data": BAD})
    assert (verdict.status, verdict.field, verdict.expected) == ("rejected", "/subject", "mã hồ sơ")


def test_a_batch_has_its_verdicts_in_its_order(spool: Spool) -> None:
    client = client_of(FakeIntake(rejects=rejects), spool)
    verdicts = client.publish_batch(events_of([("a", True), ("b", False), ("a", True)]))
    assert [one.status for one in verdicts] == ["accepted", "rejected", "accepted"]


def test_the_same_id_with_other_content_is_set_aside_as_a_conflict(spool: Spool) -> None:
    client = client_of(FakeIntake(), spool)
    client.publish(GOOD)
    assert client.publish(GOOD | {"subject": "b"}).rule == "conflict"
    assert [one.rule for one in spool.set_aside()] == ["conflict"]


def test_when_patience_ends_the_events_are_in_the_spool_for_another_day(spool: Spool) -> None:
    intake = FakeIntake([LOST_REQUEST, BUSY])
    with pytest.raises(Away) as caught:
        client_of(intake, spool, quick(patience=1.5)).publish(GOOD)
    assert caught.value.retry_after == 2
    assert spool.waiting() == 1
    assert client_of(intake, spool).drain() == Progress(accepted=1)


def test_a_retry_waits_at_least_as_long_as_asked(spool: Spool) -> None:
    waits: list[float] = []
    intake = FakeIntake([BUSY, LOST_REQUEST])
    client = Client(
        "http://x", "k", spool, pace=quick(), transport=intake.transport(), sleep=waits.append
    )
    client.publish(GOOD)
    assert len(waits) == 2
    assert waits[0] >= 2 > waits[1] > 0


def test_progress_tells_of_each_answer_and_of_trouble(spool: Spool) -> None:
    told: list[Progress] = []
    spool.put(events_of([("a", True)] * 700))
    client_of(FakeIntake([LOST_REQUEST]), spool).drain(told.append)
    assert [(one.settled, one.waiting, one.trouble) for one in told] == [
        (0, 700, "ConnectError"),
        (500, 200, ""),
        (700, 0, ""),
    ]


def test_a_wrong_key_stops_at_once_and_loses_nothing(spool: Spool) -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        return httpx.Response(401, json={"type": "urn:motcua:problem:unauthorised", "title": "No"})

    client = Client("http://x", "k", spool, transport=httpx.MockTransport(refuse))
    with pytest.raises(NotAdmitted, match="HTTP 401: No"):
        client.publish(GOOD)
    assert spool.waiting() == 1


def test_while_another_process_drains_an_event_is_only_put_in(spool: Spool, tmp_path: Path) -> None:
    with Spool(tmp_path) as other, other.draining(), pytest.raises(SpoolInUse):
        client_of(FakeIntake(), spool).publish(GOOD)
    assert spool.waiting() == 1


async def test_many_tasks_may_publish_at_once_each_gets_its_verdict(spool: Spool) -> None:
    intake = FakeIntake(FATES, rejects=rejects)
    events = events_of([("abc"[n % 3], n % 5 != 0) for n in range(30)])
    async with AsyncClient(
        "http://x", "k", spool, pace=quick(), transport=intake.async_transport(), sleep=no_sleep
    ) as client:
        verdicts = await asyncio.gather(*(client.publish(event) for event in events))
    assert [one.id for one in verdicts] == [event["id"] for event in events]
    wanted = ["rejected" if rejects(event) else "taken" for event in events]
    assert [one.status if one.status == "rejected" else "taken" for one in verdicts] == wanted
    assert not intake.overlaps
