"""A registry entry changes no dossier that its condition does not select, whatever the entry."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Final

import pytest
from motcua_kernel.calendar import DayKind, Layer
from motcua_kernel.decrees import DeadlineRules, PauseReason, Suspension
from motcua_kernel.derive import derive
from motcua_kernel.events import KIND_OF_CHANGE, Event
from motcua_kernel.fold import fold
from motcua_kernel.registry import CalendarDay, Entry, Registry, WorkingWeek
from motcua_kernel.snapshot import decode
from motcua_kernel.units import Unit, UnitLevel
from motcua_processing.domain.projection import DossierRow, project, row_of
from motcua_processing.domain.touching import EVERYWHERE, Touch, touches_of
from msgspec.structs import replace
from random_cases import FIRST, LAST, random_week
from random_rules import AGENCIES, CODES, COMMUNES, DOSSIER, World, random_story, random_world

WORLDS: Final = 60
STORIES: Final = 12
SCOPES: Final = ("", "67", *COMMUNES, *AGENCIES)


def selects(touch: Touch, row: DossierRow) -> bool:
    """What the condition of a touch says of a row, in Python."""
    first, last = touch.days
    units = {row.resolving_unit, row.receiving_unit}
    return (
        row.span_first <= last
        and (row.span_last >= first or (touch.open_too and not row.resolved_at + row.closed_at))
        and (EVERYWHERE in touch.units or bool(units & set(touch.units)))
        and (not touch.procedures or row.procedure[:8] in touch.procedures)
        and (not touch.since or row.received_at >= touch.since or row.filed_at >= touch.since)
        and (not touch.odd or bool(row.anomalies))
        and (not touch.told or not row.clock)
    )


def told(random: Random, world: World) -> list[Event]:
    return [
        Event("p", f"e{n}", DOSSIER, KIND_OF_CHANGE[type(change)], at, "/s", n, change, at)
        for n, (at, change) in enumerate(random_story(random, world.base))
    ]


def entries(random: Random, world: World) -> list[Entry]:
    """One entry of each kind that may move something."""
    day = world.base + timedelta(days=random.randrange(70))
    known = world.registry
    versions = known.procedures[random.choice(CODES)]
    other = known.procedures[random.choice(CODES)][-1]
    found: list[Entry] = [
        CalendarDay(random.choice(list(Layer)), random.choice(SCOPES), day, kind)
        for kind in (*DayKind, None)
    ]
    found += [
        WorkingWeek(random.choice(("", "24736")), random_week(random), FIRST, LAST),
        Suspension("QĐ mới", (random.choice(SCOPES[1:]),), (), day, day + timedelta(days=3)),
        Suspension("QĐ ngỏ", (), CODES[:2], day, None),
        DeadlineRules(random.choice(SCOPES), day, random.choice((None, 120)), 700),
        PauseReason(random.choice(("plain", "running", "capped", "told")), "x", keeps_running=True),
        replace(versions[-1], limits=other.limits, consultations=other.consultations),
        replace(versions[-1], valid_from=day),
        Unit("24733-2025", "24733", "x", UnitLevel.COMMUNE, "67", str(day), "", ("24733",)),
        Unit("67", "67", "x", UnitLevel.PROVINCE),
        Unit("cong-an", "x", "x", UnitLevel.PROVINCIAL_DEPARTMENT),
    ]
    found += [
        replace(one, units=(random.choice(SCOPES[1:]),), procedures=CODES[:1])
        for one in known.suspensions.values()
    ]
    found += [
        replace(one, last_day=one.first_day + timedelta(days=random.randrange(-1, 9)))
        for one in known.suspensions.values()
    ]
    return found


@pytest.mark.parametrize("seed", range(WORLDS))
def test_what_a_condition_leaves_out_an_entry_leaves_as_it_is(seed: int) -> None:
    random = Random(seed)
    world = random_world(random)
    stories = [told(random, world) for _ in range(STORIES)]
    rows = [
        project(fold(DOSSIER, story, world.registry), world.registry) if story else None
        for story in stories
    ]
    for entry in entries(random, world):
        following = world.registry.with_entries([(world.registry.offset + 1, entry)])
        touches = touches_of(following, [entry])
        for story, row in zip(stories, rows, strict=True):
            if row is not None:
                check(entry, story, row, following, touches)


def check(
    entry: Entry,
    story: list[Event],
    row: DossierRow,
    following: Registry,
    touches: tuple[Touch, ...],
) -> None:
    state = fold(DOSSIER, story, following)
    after = project(state, following)
    if after == row:
        return
    chosen = [touch for touch in touches if selects(touch, row)]
    assert chosen, f"{entry} changes a dossier that nothing selects"
    if not any(touch.anew for touch in touches):
        known = decode(row.snapshot)
        assert known is not None
        assert row_of(known.state, derive(known.state, following)) == after, (
            f"{entry} changes a state that is only derived again"
        )
    version = decode(after.snapshot)
    assert version is not None
    assert version.derived.registry_offset == following.offset, f"{entry} leaves the version"
