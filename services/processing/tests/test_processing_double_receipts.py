"""A dossier that two systems received is one receipt of the balance, whatever the moments."""

from __future__ import annotations

import pytest
from as_of_cases import projections_of
from dossier_stories import CODES, FIRST
from event_records import record
from motcua_kernel.events import Channel, Event, Kind, Received
from motcua_kernel.instant import HOUR, Instant
from msgspec.structs import replace
from open_books_of_tests import Desk
from sample_registry import judging_registry

pytestmark = pytest.mark.real

RECEIPT = Event(
    "dak-rlap",
    "r-1",
    CODES[0],
    Kind.RECEIVED,
    FIRST,
    "/dak-rlap/mot-cua",
    1,
    Received("2.000908", Channel.COUNTER, "666", "666"),
)
SECOND = replace(
    RECEIPT,
    publisher="kien-duc",
    source="/kien-duc/mot-cua",
    change=Received("2.000908", Channel.COUNTER, "24733", "24733"),
)


@pytest.mark.parametrize(
    "later", [-HOUR, 0, HOUR], ids=["an hour earlier", "at the same moment", "an hour later"]
)
async def test_the_receipt_that_is_kept_as_an_anomaly_is_not_counted(
    desk: Desk, books_url: str, later: int
) -> None:
    second = replace(SECOND, occurred_at=Instant(FIRST + later))
    await desk.apply(record(RECEIPT, offset=0), record(second, offset=1))
    (state,) = (await desk.dossiers()).values()
    async with projections_of(books_url) as projections:
        assert await projections.received_by_unit() == {state.reporting_unit: 1}


async def test_a_commune_cannot_take_a_dossier_over_with_an_earlier_receipt(
    desk: Desk, books_url: str
) -> None:
    desk.registry = judging_registry()
    theft = replace(SECOND, occurred_at=Instant(FIRST - HOUR))
    await desk.apply(record(RECEIPT, offset=0, appended_at=FIRST))
    await desk.apply(record(theft, offset=1, appended_at=Instant(FIRST + HOUR)))
    (state,) = (await desk.dossiers()).values()
    assert (state.reporting_unit, state.received_at) == ("666", FIRST)
    async with projections_of(books_url) as projections:
        assert await projections.received_by_unit() == {"666": 1}
