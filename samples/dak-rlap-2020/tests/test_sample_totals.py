"""The figures of the article, counted over the raw events."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from motcua_sample_dak_rlap import Counts, Delivery, count, count_by_department, third_quarter
from motcua_sample_dak_rlap.catalogue import DISTRICT, units
from motcua_sample_dak_rlap.counts import clean, kind_of
from motcua_sample_dak_rlap.generator import generate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

FIRST, LAST = date(2020, 1, 1), date(2020, 10, 30)
QUARTER = date(2020, 7, 1), date(2020, 9, 30)


def events_of(deliveries: list[Delivery]) -> Iterator[dict[str, Any]]:
    return (delivery.event for delivery in deliveries)


def test_every_seed_tells_the_article_s_figures(any_deliveries: list[Delivery]) -> None:
    totals = count(events_of(any_deliveries), FIRST, LAST)
    assert totals == Counts(
        carried_over=0,
        received=11_960,
        resolved_early=6_830,
        resolved_on_time=4_015,
        resolved_overdue=25,
        withdrawn=320,
        stopped=140,
        refused=175,
        in_progress=455,
    )
    assert totals.resolved == 10_870
    assert round(100 * (totals.resolved - 25) / totals.resolved, 2) == pytest.approx(99.77)


def test_the_balance_holds_in_every_department(any_deliveries: list[Delivery]) -> None:
    by_department = count_by_department(events_of(any_deliveries), FIRST, LAST)
    assert all(counts.residual == 0 for counts in by_department.values())


def test_every_unit_and_department_gets_some(any_deliveries: list[Delivery]) -> None:
    by_department = count_by_department(events_of(any_deliveries), FIRST, LAST)
    expected = {(unit.id, name) for unit in units().values() for name in unit.departments}
    assert set(by_department) == expected
    assert all(counts.received >= 5 for counts in by_department.values())


def test_the_altered_copy_moves_one_resolution_and_nothing_else(
    deliveries: list[Delivery],
) -> None:
    altered = generate(2020, altered=True)
    totals = count(events_of(altered), FIRST, LAST)
    assert (totals.resolved_on_time, totals.resolved_overdue) == (4_014, 26)
    before = {delivery.event["id"]: delivery.event for delivery in deliveries}
    after = {delivery.event["id"]: delivery.event for delivery in altered}
    changed = [before[key] for key in before if before[key] != after[key]]
    assert [kind_of(event) for event in changed] == ["Resolved"]
    assert {**changed[0], "time": None} == {**after[changed[0]["id"]], "time": None}
    assert len(altered) == len(deliveries)


def test_the_third_quarter_carries_over_and_balances(deliveries: list[Delivery]) -> None:
    quarter = third_quarter(2020)
    counted = count(events_of(quarter), *QUARTER)
    assert counted.carried_over > 100
    assert counted.received > 3_000
    assert counted.residual == 0
    assert counted == count(events_of(deliveries), *QUARTER)


def test_quarters_add_up_to_the_year(deliveries: list[Delivery]) -> None:
    starts = [FIRST, date(2020, 4, 1), date(2020, 7, 1), date(2020, 10, 1)]
    ends = [date(2020, 3, 31), date(2020, 6, 30), date(2020, 9, 30), LAST]
    parts = [count(events_of(deliveries), *span) for span in zip(starts, ends, strict=True)]
    assert sum(part.received for part in parts) == 11_960
    assert sum(part.resolved_overdue for part in parts) == 25
    for earlier, later in pairwise(parts):
        assert earlier.in_progress == later.carried_over


def test_some_were_never_received(deliveries: list[Delivery]) -> None:
    endings: Counter[str] = Counter()
    for story in clean(events_of(deliveries)).values():
        kinds = [kind_of(event) for event in story]
        if "Received" not in kinds:
            endings[kinds[-1]] += 1
    assert endings == {"Refused": 190, "Withdrawn": 24, "Filed": 11}


def test_communes_receive_for_the_district(deliveries: list[Delivery]) -> None:
    received = [each for each in events_of(deliveries) if kind_of(each) == "Received"]
    across = [
        event
        for event in received
        if event["data"]["receiving_unit"] != event["data"]["resolving_unit"]
    ]
    assert 60 < len(across) < 400
    assert {event["data"]["resolving_unit"] for event in across} == {DISTRICT}
    assert {event["source"] for event in across} == {"/dak-rlap-666/mot-cua"}


def test_tet_and_april_are_visible(deliveries: list[Delivery]) -> None:
    received = Counter(
        event["time"][:10] for event in events_of(deliveries) if kind_of(event) == "Received"
    )
    april = [received[f"2020-04-{day:02}"] for day in range(3, 23)]
    assert sum(april) < 150
    assert sum(received[f"2020-01-{day}"] for day in range(23, 30)) == 0
    assert sum(received[f"2020-06-{day:02}"] for day in range(1, 23)) > 800


def test_another_seed_changes_every_dossier(
    deliveries_of: Callable[[int], list[Delivery]],
) -> None:
    one, other = (clean(events_of(deliveries_of(seed))) for seed in (2020, 7))
    assert all(story != other.get(code) for code, story in one.items())
    times = [
        {(code, story[0]["time"]) for code, story in stories.items()} for stories in (one, other)
    ]
    assert not times[0] & times[1]
