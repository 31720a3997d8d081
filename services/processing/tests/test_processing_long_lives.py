"""What only time brings up: books opened over and over, and states of an older fold."""

from __future__ import annotations

import pytest
from event_records import record
from motcua_contracts.topics import DOSSIER_EVENTS
from motcua_kernel.snapshot import decode
from motcua_processing.adapters.log_books import open_books
from motcua_processing.application.refolding import refold_outdated
from open_books_of_tests import LOG, PARTITIONS, Desk
from sample_registry import events_of_dossiers

pytestmark = pytest.mark.real

_OTHER_REVISION = b"\x92\x7f"


async def test_opening_the_books_again_and_again_uses_up_no_numbers(desk: Desk) -> None:
    for _ in range(20):
        await open_books(desk.pool, DOSSIER_EVENTS, LOG)
    used = await desk.value("SELECT last_value FROM log_partition_id_seq")
    assert used == PARTITIONS


async def test_states_of_another_revision_are_folded_anew_and_marked(desk: Desk) -> None:
    events = events_of_dossiers(40)
    await desk.apply(*(record(event, offset=n) for n, event in enumerate(events)))
    before = await desk.dossiers()
    await desk.pool.execute("DELETE FROM publication")
    await desk.pool.execute(
        "UPDATE dossiers SET snapshot = overlay(snapshot PLACING $1::bytea FROM 1)",
        _OTHER_REVISION,
    )
    assert all(decode(row.snapshot) is None for row in (await desk.dossiers()).values())

    assert await refold_outdated(desk.store, desk.registry) == len(before)

    assert await desk.dossiers() == before
    marked = await desk.pool.fetch("SELECT unnest(codes) FROM publication")
    assert {row[0] for row in marked} == before.keys()
    assert await refold_outdated(desk.store, desk.registry) == 0
