"""Ingress topics and quarantined records: judged, followed, released, discarded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from as_of_cases import projections_of
from event_records import REAL_TIME, raw_record, record
from fastapi import FastAPI
from google.protobuf.json_format import MessageToDict
from motcua.dossier.v1 import events_pb2
from motcua_contracts.topics import DOSSIER_RELEASED, ingress_topic
from motcua_kernel.instant import DAY, Instant
from motcua_kernel.parties import Publisher
from motcua_platform.access.guard import install_guard
from motcua_platform.access.testing import open_guard
from motcua_platform.dossier_codec import event_headers, event_to_value
from motcua_platform.problems import install_problems
from motcua_platform.process import Failpoints
from motcua_platform.registry_history import RegistryHistory
from motcua_processing.adapters.decided import mark_decided
from motcua_processing.adapters.log_books import open_books
from motcua_processing.adapters.set_aside import SetAsideInPostgres
from motcua_processing.application.apply_batch import apply_batch
from motcua_processing.application.decisions import released_event
from motcua_processing.application.ingress import IngressChecks
from motcua_processing.entrypoints.as_of import Sources
from motcua_processing.entrypoints.following import following_routes
from motcua_processing.entrypoints.http import routes
from motcua_processing.entrypoints.quarantine import quarantine_routes
from motcua_processing.entrypoints.reading import read_batch
from msgspec.structs import replace
from open_books_of_tests import LOG, Desk
from sample_registry import events_of_dossiers, sample_registry

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from motcua_kernel.events import Event
    from motcua_platform.records import Record

pytestmark = pytest.mark.real

OWN = "dak-rlap-666"
TOPIC = ingress_topic(OWN)
GRANTED = Instant(1_577_000_000_000)
REVOKED = Instant(1_600_000_000_000)
FILED, RECEIVED = events_of_dossiers(3_000)[:2]
HISTORY = RegistryHistory(sample_registry())
for moment, publisher in (
    (GRANTED, Publisher(OWN, "Một cửa huyện Đắk R'Lấp", ("666",))),
    (REVOKED, Publisher(OWN, "Một cửa huyện Đắk R'Lấp", ("666",), revoked=True)),
):
    entries = [(HISTORY.newest.offset + 1, publisher)]
    HISTORY.append(HISTORY.newest.with_entries(entries), entries, [moment])
BEFORE_REVOKED = HISTORY.as_known(Instant(REVOKED - 1))


def told(event: Event, offset: int, appended_at: int = REVOKED - DAY) -> Record:
    return record(event, offset=offset, appended_at=appended_at, topic=TOPIC)


@dataclass
class Office:
    """Processing's books and its answers, where Kafka is played by the test."""

    desk: Desk
    client: httpx.AsyncClient
    released: int = 0

    async def apply(self, *records: Record) -> None:
        batch = read_batch(records, REAL_TIME, IngressChecks(HISTORY.as_known))
        await apply_batch(self.desk.store, batch, BEFORE_REVOKED, Failpoints())

    async def follow(self, event_id: str, publisher: str = OWN) -> dict[str, Any]:
        answer = await self.client.get(f"/v1/events/{publisher}/{event_id}")
        return answer.json() | {"http": answer.status_code}

    async def only_record(self) -> str:
        (one,) = (await self.client.get("/v1/quarantine")).json()["records"]
        return one["record"]

    async def deliver_releases(self) -> None:
        """Do what the publisher of admin events does: tell the released events again."""
        for (value,) in await self.desk.pool.fetch("SELECT record FROM admin_event ORDER BY id"):
            event = released_event(value)
            if event is not None:
                again = record(
                    event, offset=self.released, appended_at=REVOKED + DAY, topic=DOSSIER_RELEASED
                )
                self.released += 1
                await self.apply(again)


@pytest.fixture
async def office(desk: Desk, books_url: str) -> AsyncIterator[Office]:
    for topic in (TOPIC, DOSSIER_RELEASED):
        await open_books(desk.pool, topic, LOG)
    app = FastAPI()
    install_problems(app)
    install_guard(app, open_guard(lambda: BEFORE_REVOKED))

    async def ends() -> dict[tuple[str, int], int]:
        return {}

    async with projections_of(books_url) as projections:
        set_aside = SetAsideInPostgres(lambda: desk.pool)
        sources = Sources(
            projections, lambda: BEFORE_REVOKED, lambda: REVOKED, ends, HISTORY, set_aside
        )
        app.include_router(routes(sources))
        app.include_router(following_routes(sources, set_aside))
        app.include_router(quarantine_routes(set_aside, lambda: BEFORE_REVOKED, lambda: REVOKED))
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://processing", headers={"Accept-Language": "en"}
        ) as client:
            yield Office(desk, client)


def elsewhere(event: Event) -> Event:
    """The same of a unit that the publisher does not speak for."""
    change: Any = event.change
    return replace(event, change=replace(change, receiving_unit="67", resolving_unit="67"))


def reported_for(event: Event, unit: str) -> Event:
    """The same, to count for another unit."""
    change: Any = event.change
    return replace(event, change=replace(change, reporting_unit=unit))


async def test_a_good_event_of_an_ingress_topic_is_applied_and_can_be_followed(
    office: Office,
) -> None:
    await office.apply(told(FILED, 0), told(RECEIVED, 1))
    verdict = await office.follow(RECEIVED.event_id)
    assert (verdict["http"], verdict["status"]) == (200, "applied")
    assert verdict["position"] == {"topic": TOPIC, "partition": 0, "offset": 1}
    assert (await office.follow("never-sent"))["http"] == 404


async def test_an_event_that_makes_no_sense_yet_is_anomalous_until_it_does(office: Office) -> None:
    stories = events_of_dossiers(3_000)
    forwarded = next(one for one in stories if one.dossier == FILED.dossier and one.kind == 13)
    await office.apply(told(forwarded, 0))
    assert (await office.follow(forwarded.event_id))["status"] == "anomalous"
    await office.apply(told(FILED, 1), told(RECEIVED, 2))
    assert (await office.follow(forwarded.event_id))["status"] == "applied"


FAULTS = {
    "another unit": (told(elsewhere(RECEIVED), 0), "authority", "/data/receiving_unit"),
    "the figures of another unit": (
        told(reported_for(RECEIVED, "67"), 0),
        "authority",
        "/data/reporting_unit",
    ),
    "another publisher's name": (
        raw_record(
            event_to_value(RECEIVED),
            event_headers(replace(RECEIVED, publisher="somebody-else")),
            offset=0,
            topic=TOPIC,
            appended_at=REVOKED - DAY,
        ),
        "publisher",
        "/publisher",
    ),
    "before the grant": (told(RECEIVED, 0, GRANTED - 1), "publisher", ""),
    "after the revocation": (told(RECEIVED, 0, REVOKED + 1), "publisher", ""),
    "from the future": (
        told(replace(RECEIVED, occurred_at=Instant(REVOKED)), 0),
        "future",
        "/time",
    ),
    "a personal number": (
        told(
            replace(FILED, change=replace(FILED.change, procedure="079123456789")),  # pyright: ignore[reportCallIssue]
            0,
        ),
        "personal-number",
        "/data/procedure",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_what_intake_would_reject_is_quarantined_with_field_and_rule(
    office: Office, name: str
) -> None:
    bad, rule, field = FAULTS[name]
    await office.apply(bad)
    row = await office.desk.pool.fetchrow("SELECT rule, field, publisher FROM quarantine")
    assert row is not None
    assert tuple(row) == (rule, field, OWN)
    assert await office.desk.value("SELECT count(*) FROM journal") == 0


async def test_a_publisher_does_not_choose_when_its_event_was_recorded(office: Office) -> None:
    own_time = raw_record(
        event_to_value(FILED),
        event_headers(FILED),
        offset=0,
        appended_at=REVOKED - DAY,
        topic=TOPIC,
        key=FILED.dossier.encode(),
        timestamp_type=0,
    )
    await office.apply(own_time)
    (one,) = (await office.client.get("/v1/quarantine")).json()["records"]
    assert one["rule"] == "timestamp-type"
    assert await office.desk.value("SELECT count(*) FROM journal") == 0


async def test_a_quarantined_event_is_an_anomaly_of_its_dossier_until_it_is_mended_and_released(
    office: Office,
) -> None:
    await office.apply(told(FILED, 0), told(elsewhere(RECEIVED), 1))
    verdict = await office.follow(RECEIVED.event_id)
    assert (verdict["status"], verdict["rule"]) == ("quarantined", "authority")
    dossier = (await office.client.get(f"/v1/dossiers/{FILED.dossier}")).json()
    assert [one["kind"] for one in dossier["anomalies"]] == ["quarantined"]

    name = await office.only_record()
    shown = (await office.client.get(f"/v1/quarantine/{name}")).json()
    assert shown["event"]["received"]["receivingUnit"] == "67"
    assert "speaks for" in shown["explanation"]["expected"]
    unchanged = await office.client.post(
        f"/v1/quarantine/{name}/release", json={"reason": "agreed"}
    )
    assert (unchanged.status_code, unchanged.json()["rule"]) == (422, "authority")

    mended = MessageToDict(events_pb2.DossierEvent.FromString(event_to_value(RECEIVED)))
    answer = await office.client.post(
        f"/v1/quarantine/{name}/release", json={"reason": "wrong-unit", "event": mended}
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["mended"] == ["received.receivingUnit", "received.resolvingUnit"]
    await office.deliver_releases()
    await office.deliver_releases()
    assert (await office.follow(RECEIVED.event_id))["status"] == "applied"
    dossier = (await office.client.get(f"/v1/dossiers/{FILED.dossier}")).json()
    assert dossier["anomalies"] == []
    assert dossier["received_at"] is not None
    assert await office.desk.value("SELECT count(*) FROM journal") == 2


async def test_a_record_is_decided_about_once_and_the_decision_outlives_the_books(
    office: Office,
) -> None:
    await office.apply(told(elsewhere(RECEIVED), 0))
    name = await office.only_record()
    path = f"/v1/quarantine/{name}/discard"
    assert (await office.client.post(path, json={"reason": "sent-twice"})).status_code == 200
    assert (await office.client.post(path, json={"reason": "sent-twice"})).status_code == 409
    assert (await office.follow(RECEIVED.event_id))["status"] == "discarded"
    assert (await office.client.get("/v1/quarantine")).json()["records"] == []

    pool = office.desk.pool
    await pool.execute("TRUNCATE quarantine")
    await pool.execute("UPDATE log_partition SET next_offset = 0")
    await office.apply(told(elsewhere(RECEIVED), 0))
    assert (await office.follow(RECEIVED.event_id))["status"] == "discarded"
    await pool.execute("UPDATE quarantine SET verdict = 0")
    async with pool.acquire() as connection:
        records = await connection.fetch("SELECT record FROM admin_event")
        await mark_decided(connection, [row[0] for row in records])
    assert (await office.follow(RECEIVED.event_id))["status"] == "discarded"


async def test_a_conflict_is_released_under_a_new_id_only(office: Office) -> None:
    other = replace(RECEIVED, occurred_at=Instant(RECEIVED.occurred_at + 60_000))
    await office.apply(told(RECEIVED, 0), told(other, 1))
    verdict = await office.follow(RECEIVED.event_id)
    assert [one["rule"] for one in verdict["conflicts"]] == ["conflict"]
    path = f"/v1/quarantine/{await office.only_record()}/release"
    same = await office.client.post(path, json={"reason": "both-right"})
    assert (same.status_code, same.json()["type"]) == (409, "urn:motcua:problem:conflict")
    anew = await office.client.post(path, json={"reason": "both-right", "id": "r-anew"})
    assert anew.json()["mended"] == ["id"]


async def test_the_same_request_told_twice_is_linked_and_neither_is_dropped(office: Office) -> None:
    change: Any = replace(RECEIVED.change, duplicate_mark=b"m" * 32)  # pyright: ignore[reportCallIssue]
    first = replace(RECEIVED, change=change)
    second = replace(first, event_id="other", dossier="000.00.31.H16-200101-0099")
    await office.apply(told(first, 0), told(second, 1))
    assert (await office.follow("other"))["possible_duplicates"] == [first.dossier]
    dossier = (await office.client.get(f"/v1/dossiers/{first.dossier}")).json()
    assert dossier["possible_duplicates"] == [second.dossier]
    assert await office.desk.value("SELECT count(*) FROM dossiers") == 2
