"""What derives from a state names the newest registry entry it rests on, whatever the pace."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from event_strategies import (
    COMMUNE,
    CONTINUES,
    DOSSIER,
    FIRST,
    LAST,
    MONDAY,
    PROVINCE,
    entries,
    event,
    event_sets,
    procedure,
    registry_of,
    three_days,
)
from hypothesis import given
from hypothesis import strategies as st
from motcua_kernel.calendar import OFFICE_WEEK, DayKind, Layer
from motcua_kernel.derive import ALWAYS, Derived, derive, derive_due
from motcua_kernel.events import Channel, Event, Extended, Filed, Received
from motcua_kernel.fold import fold
from motcua_kernel.instant import HOUR, Instant, local_date
from motcua_kernel.registry import CalendarDay, Entry, Registry, WorkingWeek
from motcua_kernel.state import Anomaly, DossierState
from motcua_kernel.units import Unit, UnitLevel

BASE = entries()
PROCEDURE_OFFSET = next(n for n, one in enumerate(BASE) if getattr(one, "code", "") == CONTINUES)
RECEIVED = [event(Received(CONTINUES, Channel.COUNTER, COMMUNE, COMMUNE))]
SPAN = (date(2026, 3, 2).toordinal(), date(2026, 3, 5).toordinal())


def derived(told: list[Event], registry: Registry) -> Derived:
    return derive(fold(DOSSIER, told, registry), registry)


def with_more(*more: Entry) -> Registry:
    return registry_of([*BASE, *more])


def day(
    text: str,
    kind: DayKind | None = DayKind.CLOSED,
    scope: str = "",
    layer: Layer = Layer.NATIONAL,
) -> CalendarDay:
    return CalendarDay(layer, scope, date.fromisoformat(f"2026-{text}"), kind)


@pytest.mark.parametrize(
    ("more", "offset"),
    [
        ([], PROCEDURE_OFFSET),
        ([day("03-02")], len(BASE)),
        ([day("03-04"), day("04-30")], len(BASE)),
        ([day("03-04"), day("03-04", None)], len(BASE) + 1),
        ([day("03-01"), day("03-06")], PROCEDURE_OFFSET),
        ([day("03-04", scope="unknown", layer=Layer.UNIT)], PROCEDURE_OFFSET),
        ([day("03-04", DayKind.WORKING, COMMUNE, Layer.UNIT), day("03-04")], len(BASE)),
        ([WorkingWeek("", OFFICE_WEEK, FIRST, LAST)], len(BASE)),
        ([WorkingWeek("unknown", OFFICE_WEEK, FIRST, LAST)], PROCEDURE_OFFSET),
        ([Unit(COMMUNE, COMMUNE, "", UnitLevel.COMMUNE, PROVINCE)], len(BASE)),
        ([Unit(PROVINCE, PROVINCE, "", UnitLevel.PROVINCE)], len(BASE)),
        ([Unit("other", "other", "", UnitLevel.COMMUNE, PROVINCE)], PROCEDURE_OFFSET),
        ([procedure(CONTINUES, three_days(2))], len(BASE)),
        ([procedure(CONTINUES, three_days(2), valid_from=date(2026, 4, 1))], PROCEDURE_OFFSET),
    ],
)
def test_the_offset_is_that_of_the_newest_entry_used(more: list[Entry], offset: int) -> None:
    assert derived(RECEIVED, with_more(*more)).registry_offset == offset


def test_the_span_goes_from_the_start_to_the_due_day() -> None:
    found = derived(RECEIVED, with_more())
    assert (found.span_first, found.span_last) == SPAN


_days = st.builds(
    CalendarDay,
    st.sampled_from(Layer),
    st.sampled_from(("", COMMUNE, PROVINCE, "unknown")),
    st.integers(0, 40).map(lambda shift: date(2026, 3, 1) + timedelta(days=shift)),
    st.sampled_from((DayKind.CLOSED, DayKind.WORKING, None)),
)


def touches(entry: CalendarDay, before: Derived) -> bool:
    if entry.scope not in {"", COMMUNE, PROVINCE}:
        return False
    return before.span_first <= entry.day.toordinal() <= before.span_last


@given(event_sets, st.lists(_days, max_size=8))
def test_reprojecting_only_what_an_entry_touches_gives_what_the_whole_registry_gives(
    told: list[Event], more: list[CalendarDay]
) -> None:
    told = [one for one in told if isinstance(one.change, Received) is False] + RECEIVED
    registry = registry_of(BASE)
    held = derived(told, registry)
    for offset, entry in enumerate(more, len(BASE)):
        registry = registry.with_entries([(offset, entry)])
        if touches(entry, held):
            held = derived(told, registry)
        assert held == derived(told, registry)


@given(st.lists(_days, max_size=8))
def test_the_offset_never_falls_as_the_registry_grows(more: list[CalendarDay]) -> None:
    registry = registry_of(BASE)
    offset = derived(RECEIVED, registry).registry_offset
    for number, entry in enumerate(more, len(BASE)):
        registry = registry.with_entries([(number, entry)])
        following = derived(RECEIVED, registry).registry_offset
        assert following >= offset
        offset = following


def test_without_unit_nothing_is_derived_and_anything_may_change_it() -> None:
    found = derived([], with_more())
    assert (found.due, found.registry_offset) == (None, -1)
    assert (found.span_first, found.span_last) == ALWAYS


def test_an_unknown_unit_is_an_anomaly_beside_its_due_date() -> None:
    told = [event(Received(CONTINUES, Channel.COUNTER, "24736", "24736"))]
    found = derived(told, with_more())
    assert found.anomalies == (Anomaly("unit_unknown", "", "24736"),)
    assert found.due is not None
    known = with_more(Unit("24736", "24736", "Nhân Cơ", UnitLevel.COMMUNE, PROVINCE))
    assert derived(told, known).anomalies == ()
    assert derived(told, known).registry_offset > found.registry_offset


def test_without_calendar_there_is_an_anomaly_and_no_due_date() -> None:
    weekless = registry_of([one for one in BASE if not isinstance(one, WorkingWeek)])
    found = derived(RECEIVED, weekless)
    assert found.due is None
    assert found.anomalies == (Anomaly("calendar_unknown", "", COMMUNE),)


def test_behind_the_horizon_there_is_an_anomaly_and_no_due_date() -> None:
    short = with_more(WorkingWeek("", OFFICE_WEEK, FIRST, local_date(MONDAY)))
    found = derived(RECEIVED, short)
    assert (found.due, found.registry_offset) == (None, len(BASE))
    assert found.anomalies == (Anomaly("beyond_calendar", "", COMMUNE),)
    assert (found.span_first, found.span_last) == ALWAYS


def test_a_new_date_behind_the_horizon_leaves_the_due_date_where_it_was() -> None:
    granted = event(Extended(20 * 480, "qua-tai", "04"), Instant(MONDAY + HOUR), "e1")
    short = with_more(WorkingWeek("", OFFICE_WEEK, FIRST, date(2026, 3, 6)))
    found = derived([*RECEIVED, granted], short)
    assert found.due == derived(RECEIVED, short).due == derive_due(folded(granted), short).due
    assert found.reappointed_due is None
    assert found.anomalies == (Anomaly("beyond_calendar", "", COMMUNE),)
    assert derived([*RECEIVED, granted], with_more()).reappointed_due is not None


def folded(*more: Event) -> DossierState:
    return fold(DOSSIER, [*RECEIVED, *more], with_more())


def test_a_filing_before_the_calendar_starts_is_an_anomaly_too() -> None:
    early = event(Filed(CONTINUES, COMMUNE), Instant(MONDAY - 365 * 86_400_000))
    assert derived([early], with_more()).anomalies == (Anomaly("beyond_calendar", "", COMMUNE),)
