"""The generators of Lâm Đồng: repeatable, true to the registry, and worth showing."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import lru_cache

from motcua_cli.registry.files import read_registry
from motcua_kernel.calendar import Calendar
from motcua_kernel.instant import local_date, parse_rfc3339
from motcua_kernel.registry import Registry
from motcua_platform.registry_codec import entry_from_proto
from motcua_sample_lam_dong import (
    CALENDAR,
    EVE,
    MORNING,
    NOW,
    REGISTRY,
    Delivery,
    Merger,
    merger,
    swap_day,
)
from motcua_sample_lam_dong.catalogue import communes, old_communes, successors
from motcua_sample_lam_dong.office import is_working_day


@lru_cache(maxsize=1)
def registry() -> Registry:
    entries = read_registry([CALENDAR, REGISTRY])
    return Registry().with_entries(enumerate(entry_from_proto(one.entry) for one in entries))


def calendar() -> Calendar:
    found = registry().calendar("24733-2025")
    assert found is not None
    return found


@lru_cache(maxsize=1)
def around_the_swap() -> list[Delivery]:
    return swap_day()


@lru_cache(maxsize=1)
def around_the_merger() -> Merger:
    return merger()


def of_kind(deliveries: list[Delivery], kind: str) -> list[Delivery]:
    return [one for one in deliveries if one.event["type"].endswith(f".{kind}")]


def test_the_same_seed_tells_the_same_and_another_one_does_not() -> None:
    assert swap_day(7, 50) == swap_day(7, 50) != swap_day(8, 50)
    assert merger(7, 300) == merger(7, 300) != merger(8, 300)


def test_offices_worked_on_the_days_of_the_true_calendar() -> None:
    stretches = [(date(2025, 6, 1), 60), (date(2025, 12, 15), 30)]
    days = [first + timedelta(days=number) for first, count in stretches for number in range(count)]
    assert [is_working_day(day) for day in days] == [calendar().is_working_day(day) for day in days]


def test_nothing_is_told_before_it_happens() -> None:
    told = around_the_merger()
    for deliveries, end in (
        (around_the_swap(), NOW),
        (told.june, EVE),
        ([*told.received, *told.resolved], MORNING),
    ):
        times = [one.delivered_at for one in deliveries]
        assert times == sorted(times)
        assert times[-1] <= end
        assert [parse_rfc3339(one.event["time"]) for one in deliveries] == times


def test_every_happening_falls_into_working_time() -> None:
    deliveries = [*around_the_swap(), *around_the_merger().june]
    assert [one for one in deliveries if not calendar().is_working(one.delivered_at)] == []


def test_every_receipt_names_a_commune_of_its_day_and_a_department_that_it_has() -> None:
    told = around_the_merger()
    known = registry()
    for one in of_kind([*around_the_swap(), *told.june, *told.received], "Received"):
        data, day = one.event["data"], local_date(one.delivered_at)
        unit = known.units[data["resolving_unit"]]
        assert known.unit_map.on(unit.id, day) == unit.id
        assert data["department"] in {department.id for department in unit.departments}
        assert known.procedure_on(data["procedure"], day) is not None
        assert known.may_speak_for(one.publisher, unit.id)


def test_all_124_communes_receive_dossiers_and_numbers_are_never_given_twice() -> None:
    receipts = of_kind(around_the_swap(), "Received")
    assert len(receipts) == len({one.event["subject"] for one in receipts}) == 4_000
    units = {one.event["data"]["resolving_unit"] for one in receipts}
    assert units == {commune.id for commune in communes()}
    assert len(units) == 124


def test_eleven_communes_become_three_and_leave_open_dossiers_behind() -> None:
    told = around_the_merger()
    june = Counter(one.event["data"]["resolving_unit"] for one in of_kind(told.june, "Received"))
    july = {one.event["data"]["resolving_unit"] for one in of_kind(told.received, "Received")}
    assert set(june) == {commune.id for commune in old_communes()}
    assert len(june) == 11
    assert july == {"24733-2025", "24751-2025", "24760-2025"} == {one.id for one in successors()}
    ended = {one.event["subject"] for one in of_kind(told.june, "Resolved")}
    handed_over = {one.event["subject"] for one in told.resolved}
    received = {one.event["subject"] for one in of_kind(told.june, "Received")}
    assert len(handed_over) == 25
    assert handed_over <= received - ended
