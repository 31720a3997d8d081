"""What was fetched before a seek is never taken for what follows (law L5)."""

from __future__ import annotations

from event_records import raw_record
from motcua_contracts.topics import DOSSIER_EVENTS
from motcua_platform.records import Record
from motcua_processing.entrypoints.events import Places

P0, P1 = (DOSSIER_EVENTS, 0), (DOSSIER_EVENTS, 1)


def at(partition: int, *offsets: int) -> list[Record]:
    return [raw_record(b"", (), partition=partition, offset=offset) for offset in offsets]


def test_records_that_follow_are_taken() -> None:
    places = Places()
    places.start(P0, 5)
    assert places.in_order(at(0, 5, 6)) == (at(0, 5, 6), {})
    assert places.in_order(at(0, 7)) == (at(0, 7), {})


def test_records_fetched_at_the_offset_of_the_group_are_left_and_read_from_the_database_s() -> None:
    places = Places()
    places.start(P0, 0)
    places.start(P1, 3)
    records, leaps = places.in_order([*at(0, 40, 41), *at(1, 3)])
    assert (records, leaps) == (at(1, 3), {P0: 0})
    assert places.in_order(at(0, 0, 1)) == (at(0, 0, 1), {})


def test_offsets_without_a_record_are_passed_over_when_they_come_twice() -> None:
    places = Places()
    places.start(P0, 0)
    assert places.in_order(at(0, 2, 3)) == ([], {P0: 0})
    assert places.in_order(at(0, 2, 3)) == (at(0, 2, 3), {})
    assert places.in_order(at(0, 6)) == ([], {P0: 4})
    assert places.in_order(at(0, 6)) == (at(0, 6), {})


def test_what_was_applied_already_is_taken_again_and_left_to_the_books() -> None:
    places = Places()
    places.start(P0, 5)
    assert places.in_order(at(0, 3, 4, 5)) == (at(0, 3, 4, 5), {})
