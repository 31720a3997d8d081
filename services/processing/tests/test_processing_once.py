"""Exactly one effect of each event: redelivery, stored offsets, a cut-off batch."""

from __future__ import annotations

import pytest
from bookkeeping import everything
from event_records import batch_of, raw_record, record
from motcua_platform.process import Failpoints
from motcua_platform.records import Record
from motcua_processing.application.apply_batch import apply_batch
from open_books_of_tests import Desk
from sample_registry import events_of_dossiers

pytestmark = pytest.mark.real


class CutOff(Exception):  # noqa: N818
    """The process ended here."""


class CutOffAt(Failpoints):
    """Ends the work at one place, as a kill would end the process."""

    def __init__(self, place: str) -> None:
        super().__init__()
        self._place = place
        self.reached = False

    def reach(self, name: str) -> None:
        if name == self._place:
            self.reached = True
            raise CutOff


def some_records(partition: int = 0) -> list[Record]:
    """Two hundred or so events, and one record that cannot be read."""
    events = events_of_dossiers(300)
    good = [
        record(event, offset=offset, partition=partition) for offset, event in enumerate(events)
    ]
    return [*good, raw_record(b"\xff", (), offset=len(good), partition=partition)]


async def test_a_batch_that_is_delivered_again_changes_nothing(desk: Desk) -> None:
    records = some_records()
    first = await desk.apply(*records)
    assert first.new == len(records) - 1
    assert first.quarantined == 1
    before = await state_of(desk)
    again = await desk.apply(*records)
    assert (again.new, again.repeated, again.quarantined, again.dossiers) == (0, 0, 0, 0)
    assert await state_of(desk) == before


async def test_records_below_the_stored_offset_are_dropped_and_those_behind_it_count(
    desk: Desk,
) -> None:
    records = some_records()
    await desk.apply(*records[:50])
    overlapping = await desk.apply(*records[20:80])
    assert overlapping.new == 30
    assert overlapping.repeated == 0
    assert await desk.value("SELECT next_offset FROM log_partition WHERE partition = 0") == 80


async def test_the_stored_offset_never_goes_back(desk: Desk) -> None:
    records = some_records()
    await desk.apply(*records[:80])
    await desk.apply(*records[:20])
    assert await desk.value("SELECT next_offset FROM log_partition WHERE partition = 0") == 80


async def test_events_told_again_at_other_places_are_repetitions(desk: Desk) -> None:
    await desk.apply(*some_records())
    rows, marks = await desk.dossiers(), await desk.value("SELECT count(*) FROM publication")
    again = await desk.apply(*some_records(partition=1)[:-1])
    assert again.new == 0
    assert again.repeated == len(some_records()) - 1
    assert await desk.dossiers() == rows
    assert await desk.value("SELECT count(*) FROM publication") == marks


async def test_a_crash_between_journal_and_commit_leaves_nothing_behind(desk: Desk) -> None:
    before = await state_of(desk)
    cut_off = CutOffAt("processing.after_journal")
    with pytest.raises(CutOff):
        await apply_batch(desk.store, batch_of(*some_records()), desk.registry, cut_off)
    assert await state_of(desk) == before
    await desk.apply(*some_records())
    assert len(await desk.dossiers()) > 10


async def test_a_crash_after_the_commit_loses_nothing_and_a_redelivery_adds_nothing(
    desk: Desk,
) -> None:
    with pytest.raises(CutOff):
        await apply_batch(
            desk.store,
            batch_of(*some_records()),
            desk.registry,
            CutOffAt("processing.after_commit"),
        )
    after = await state_of(desk)
    assert len(await desk.dossiers()) > 10
    await desk.apply(*some_records())
    assert await state_of(desk) == after


async def state_of(desk: Desk) -> dict[str, object]:
    """All compared columns, and the marks of what is to be published."""
    async with desk.pool.acquire() as connection:
        found: dict[str, object] = dict(await everything(connection))
    found["publication"] = await desk.pool.fetch("SELECT lane, codes FROM publication ORDER BY id")
    return found
