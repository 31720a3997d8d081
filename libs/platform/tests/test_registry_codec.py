"""Registry entries are checked when they are read: what is impossible is unreadable."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from motcua.registry.v1 import registry_pb2 as pb
from motcua_kernel import registry as k
from motcua_kernel.calendar import DayKind, Layer, Window
from motcua_kernel.instant import Instant
from motcua_kernel.procedures import Procedure
from motcua_platform.errors import Unreadable
from motcua_platform.registry_codec import entry_from_proto, entry_from_value, entry_key

NOW = Instant(1_772_420_400_000)
MORNING = pb.Window(start_minute=450, end_minute=690)


def procedure(**limit: Any) -> pb.RegistryEntry:
    known: dict[str, Any] = {"unit": pb.LIMIT_UNIT_WORKING_DAYS, "statutory_minutes": 480}
    limits = [pb.TimeLimit(**(known | limit))]
    return pb.RegistryEntry(
        procedure=pb.Procedure(code="1.000894", valid_from="2026-01-01", limits=limits)
    )


def week(*windows: pb.Window, first_day: str = "2026-01-01") -> pb.RegistryEntry:
    days = [pb.WorkingDay(windows=windows)] * 7
    return pb.RegistryEntry(
        working_week=pb.WorkingWeek(days=days, first_day=first_day, last_day="2026-12-31")
    )


def day(**fields: Any) -> pb.RegistryEntry:
    told: dict[str, Any] = {"layer": 1, "day": "2026-03-02", "kind": pb.DAY_KIND_HALF}
    return pb.RegistryEntry(calendar_day=pb.CalendarDay(**(told | fields)))


BAD: list[tuple[str, pb.RegistryEntry]] = [
    ("procedure", procedure(cutoff_minute=1440)),
    ("procedure", procedure(unit=pb.LIMIT_UNIT_WORKING_HOURS, cutoff_minute=900)),
    ("procedure", procedure(unit=9)),
    ("procedure", procedure(channel=9)),
    ("procedure", pb.RegistryEntry(procedure=pb.Procedure(valid_from="2026-02-30"))),
    ("procedure", pb.RegistryEntry(procedure=pb.Procedure(code="1.000894"))),
    ("working_week", week(pb.Window(start_minute=600, end_minute=500))),
    ("working_week", week(pb.Window(start_minute=600, end_minute=1441))),
    ("working_week", week(MORNING, pb.Window(start_minute=600, end_minute=900))),
    ("working_week", week(MORNING, first_day="01/01/2026")),
    ("calendar_day", day(windows=[MORNING, MORNING])),
    ("calendar_day", day(layer=0)),
    ("calendar_day", day(layer=9)),
    ("calendar_day", day(kind=9)),
    ("calendar_day", day(day="")),
    *(
        ("clock_mapping", pb.RegistryEntry(clock_mapping=pb.ClockMapping(rate=rate)))
        for rate in (-1.0, float("nan"), float("inf"))
    ),
    ("unit", pb.RegistryEntry(unit=pb.Unit(id="1", level=9))),  # pyright: ignore[reportArgumentType]
]


@pytest.mark.parametrize(("kind", "entry"), BAD)
def test_an_impossible_entry_is_unreadable_and_names_its_kind(
    kind: str, entry: pb.RegistryEntry
) -> None:
    with pytest.raises(Unreadable) as caught:
        entry_from_value(entry.SerializeToString(), NOW)
    assert caught.value.field == kind
    assert caught.value.rule


@given(st.binary(max_size=100))
def test_garbage_is_unreadable_or_an_entry_but_never_a_crash(value: bytes) -> None:
    try:
        entry_from_value(value, NOW)
    except Unreadable as error:
        assert error.rule  # noqa: PT017 the two answers are all there may be


def test_an_entry_of_no_known_kind_is_refused_with_and_without_key() -> None:
    for read in (entry_from_proto, entry_key):
        with pytest.raises(Unreadable) as caught:
            read(pb.RegistryEntry())
        assert caught.value.field == "entry"


def test_a_day_is_closed_worked_halved_or_taken_back() -> None:
    for number, kind in enumerate((None, DayKind.CLOSED, DayKind.WORKING, DayKind.HALF)):
        entry = entry_from_proto(day(kind=number, layer=4, windows=[MORNING]))
        assert isinstance(entry, k.CalendarDay)
        assert (entry.kind, entry.layer) == (kind, Layer.UNIT)
        assert entry.windows == (Window(450, 690),)


def test_a_promise_of_nothing_is_not_a_missing_promise() -> None:
    for fields, minutes in (({"committed_minutes": 0}, 0), ({}, 480)):
        entry = entry_from_proto(procedure(**fields))
        assert isinstance(entry, Procedure)
        assert entry.limits[0].effective().amount == minutes


def test_a_mapping_counts_from_the_time_of_its_record() -> None:
    mapping = pb.ClockMapping(real_anchor=1, domain_anchor=2, rate=0.5)
    entry = entry_from_value(pb.RegistryEntry(clock_mapping=mapping).SerializeToString(), NOW)
    assert entry == k.ClockMapping(Instant(1), Instant(2), 0.5, recorded_at=NOW)


def test_the_key_is_the_identity_of_an_entry() -> None:
    assert entry_key(procedure()) == entry_key(procedure(statutory_minutes=960))
    assert entry_key(day()) != entry_key(day(scope="24733"))
    assert entry_key(day()) != entry_key(day(layer=2))
    assert entry_key(day()) == entry_key(day(kind=pb.DAY_KIND_CLOSED))
    later = procedure()
    later.procedure.valid_from = "2026-02-01"
    assert entry_key(procedure()) != entry_key(later)
