"""Communes that merge, divide and merge again, and what their dossiers follow."""

from __future__ import annotations

from datetime import date

from motcua_kernel.calendar import DayKind, Layer
from motcua_kernel.decrees import Suspension
from motcua_kernel.parties import Publisher
from motcua_kernel.registry import CalendarDay, Entry, Registry, WorkingWeek
from motcua_kernel.unit_map import Term, UnitMap
from motcua_kernel.units import Unit, UnitLevel
from test_defects_of_others import (
    COMMUNE,
    EARLY_COMMUNE,
    EARLY_WEEK,
    EIGHT_HOURS,
    FIRST,
    LAST,
    REGISTRY,
    THREE_DAYS,
    derived,
    received,
    shown,
)

BEFORE, MERGER = date(2026, 3, 3), date(2026, 3, 4)
PROVINCE = Unit("68", "68", "Lâm Đồng", UnitLevel.PROVINCE)


def unit(name: str, first: str, *predecessors: str, parent: str = "68") -> Unit:
    level = UnitLevel.COMMUNE
    return Unit(name, name, name, level, parent, first, predecessors=predecessors)


MERGED = unit("moi", "2026-03-04", COMMUNE, EARLY_COMMUNE)


def under(*entries: Entry) -> Registry:
    more = [PROVINCE, MERGED, *entries]
    return REGISTRY.with_entries(enumerate(more, REGISTRY.offset + 1))


def map_of(*units: Unit) -> UnitMap:
    return UnitMap({one.id: one for one in units})


def test_a_unit_stands_for_itself_until_the_first_day_of_its_successor() -> None:
    known = map_of(unit("a", ""), unit("b", ""), unit("c", "2026-03-04", "a", "b"))
    assert [known.on("a", day) for day in (BEFORE, MERGER)] == ["a", "c"]
    assert [known.on("c", day) for day in (BEFORE, MERGER)] == ["c", "c"]
    assert known.standing_for({"c"}, BEFORE) == {"c"}
    assert known.standing_for({"c"}, MERGER) == {"a", "b", "c"}
    assert known.touched_by("c") == {"a", "b", "c"}


def test_merger_after_merger_is_a_line_and_a_ring_of_successors_ends() -> None:
    known = map_of(
        unit("a", ""), unit("b", "2025-07-01", "a"), unit("c", "2026-03-04", "b"), unit("d", "")
    )
    assert known.line("a") == [
        Term("a", date.min),
        Term("b", date(2025, 7, 1)),
        Term("c", MERGER),
    ]
    days = (date(2025, 6, 30), BEFORE, MERGER)
    assert [known.on("a", day) for day in days] == ["a", "b", "c"]
    ring = map_of(unit("a", "2026-01-01", "b"), unit("b", "2026-02-01", "a"))
    assert [term.unit for term in ring.line("a")] == ["a", "b"]


def test_a_divided_unit_is_followed_by_one_of_its_heirs_whatever_the_order_told() -> None:
    heirs = [unit("x", "2026-03-04", "a"), unit("w", "2026-03-04", "a"), unit("a", "")]
    assert map_of(*heirs).on("a", MERGER) == map_of(*reversed(heirs)).on("a", MERGER) == "w"


def test_a_code_used_again_is_two_units_by_their_ids() -> None:
    old = Unit("24760", "24760", "Đắk Sin", UnitLevel.COMMUNE)
    new = Unit("24760-2025", "24760", "Quảng Tín", UnitLevel.COMMUNE, "68", "2025-07-01")
    known = map_of(old, new)
    assert known.on("24760", MERGER) == "24760"
    assert known.standing_for({"24760-2025"}, MERGER) == {"24760-2025"}


def test_what_lies_below_a_unit_is_found_at_any_depth() -> None:
    known = map_of(
        unit("p", "", parent=""), unit("d", "", parent="p"), unit("c", "", parent="d"), MERGED
    )
    assert known.below("p") == {"p", "d", "c"}
    assert known.below("c") == {"c"}


def test_after_the_merger_a_dossier_follows_the_hours_and_days_of_the_successor() -> None:
    closed = [
        CalendarDay(Layer.UNIT, name, day, DayKind.CLOSED)
        for name, day in (("moi", BEFORE), ("moi", date(2026, 3, 5)), (COMMUNE, date(2026, 3, 6)))
    ]
    story = ("03-02 10:00", received())
    assert shown(derived(story, registry=under(*closed)).due) == "2026-03-06 10:00"
    early = under(WorkingWeek("moi", EARLY_WEEK, FIRST, LAST))
    hours = ("03-03 17:00", received(EIGHT_HOURS))
    assert shown(derived(hours, registry=under()).due) == "2026-03-04 17:00"
    assert shown(derived(hours, registry=early).due) == "2026-03-04 16:00"


def test_a_merger_alone_moves_no_deadline() -> None:
    for code in (THREE_DAYS, EIGHT_HOURS):
        story = ("03-02 10:00", received(code))
        assert derived(story, registry=under()).due == derived(story).due


def test_a_suspension_of_the_successor_or_of_its_province_reaches_what_it_took_over() -> None:
    story = ("03-02 10:00", received())
    for area in ("moi", "68", COMMUNE):
        decree = Suspension("QĐ 1", (area,), (), date(2026, 3, 5), date(2026, 3, 5))
        assert shown(derived(story, registry=under(decree)).due) == "2026-03-06 10:00"


def test_the_publisher_of_the_successor_speaks_for_what_it_took_over() -> None:
    registry = under(Publisher("p-moi", "", ("moi",)), Publisher("p-68", "", ("68",)))
    assert registry.may_speak_for("p-moi", COMMUNE)
    assert registry.may_speak_for("p-68", EARLY_COMMUNE)
    assert not registry.may_speak_for("p-moi", "67")
