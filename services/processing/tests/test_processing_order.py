"""Law L2 through the real database: order, repetition, partitions and batches do not matter."""

from __future__ import annotations

import asyncio
import random

import pytest
from bookkeeping import columns
from dossier_stories import Layout, counting, layouts, records_of
from event_records import record
from hypothesis import HealthCheck, Phase, given, settings
from motcua_kernel.events import Event, content_hash
from motcua_kernel.instant import Instant
from motcua_processing.domain.projection import DossierRow
from msgspec.structs import replace
from open_books_of_tests import Desk, empty, folded, open_desk
from sample_registry import events_of_dossiers, sample_registry

pytestmark = pytest.mark.real


@given(layout=layouts())
@settings(
    max_examples=25,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_any_order_repetition_and_split_ends_in_the_rows_of_one_fold(
    desk: Desk, layout: Layout
) -> None:
    await empty(desk)
    for batch in records_of(layout):
        await desk.apply(*batch)
    events = counting(layout.deliveries)
    assert await desk.dossiers() == folded(events, desk.registry)
    journal = await desk.pool.fetch("SELECT publisher, event_id, content, appended_at FROM journal")
    assert {tuple(row) for row in journal} == {
        (event.publisher, event.event_id, content_hash(event), event.recorded_at)
        for event in events
    }


async def test_the_comparison_covers_every_column_of_a_dossier(desk: Desk) -> None:
    async with desk.pool.acquire() as connection:
        assert sorted(await columns(connection, "dossiers")) == sorted(DossierRow._fields)


async def test_the_sample_in_reverse_and_in_any_order_ends_in_the_rows_of_one_fold(
    desk: Desk,
) -> None:
    events = events_of_dossiers(60)
    expected = folded(
        (with_recorded(event, 1_600_000_000_000) for event in events), sample_registry()
    )
    shuffled = random.Random(7).sample(events, len(events))
    for order in (events, events[::-1], shuffled):
        await empty(desk)
        for start in range(0, len(order), 97):
            part = order[start : start + 97]
            await desk.apply(
                *(record(event, offset=start + place) for place, event in enumerate(part))
            )
        assert await desk.dossiers() == expected


def with_recorded(event: Event, at: int) -> Event:
    return replace(event, recorded_at=Instant(at))


async def test_two_consumers_that_share_dossiers_end_in_the_rows_of_one_fold(
    desk: Desk, books_url: str
) -> None:
    rng = random.Random(11)
    events = events_of_dossiers(1_500)
    expected = folded(
        (with_recorded(event, 1_600_000_000_000) for event in events), sample_registry()
    )
    async with open_desk(books_url) as other:
        for _ in range(12):
            await empty(desk)
            shares: tuple[list[Event], list[Event]] = ([], [])
            for event in rng.sample(events, len(events)):
                shares[rng.randrange(2)].append(event)
            await asyncio.gather(
                consume(desk, shares[0], partition=0), consume(other, shares[1], partition=1)
            )
            assert await desk.dossiers() == expected


async def consume(desk: Desk, events: list[Event], *, partition: int) -> None:
    for start in range(0, len(events), 5):
        part = events[start : start + 5]
        await desk.apply(
            *(
                record(event, partition=partition, offset=start + place)
                for place, event in enumerate(part)
            )
        )


async def test_two_consumers_that_create_one_dossier_at_once_both_count(
    desk: Desk, books_url: str
) -> None:
    events = next(iter(stories_of(events_of_dossiers(1_500))))
    first, second = events[:2]
    expected = folded(
        (with_recorded(event, 1_600_000_000_000) for event in (first, second)), sample_registry()
    )
    async with open_desk(books_url) as other:
        for _ in range(20):
            await empty(desk)
            await asyncio.gather(
                desk.apply(record(first, partition=0, offset=0)),
                other.apply(record(second, partition=1, offset=0)),
            )
            assert await desk.dossiers() == expected
            assert await desk.value("SELECT sum(next_offset)::int FROM log_partition") == 2


def stories_of(events: list[Event]) -> list[list[Event]]:
    stories: dict[str, list[Event]] = {}
    for event in events:
        stories.setdefault(event.dossier, []).append(event)
    return [story for story in stories.values() if len(story) > 1]
