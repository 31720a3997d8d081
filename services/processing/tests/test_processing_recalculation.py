"""A change of the registry: previewed, applied in batches, restated; apply twice equals once."""

from __future__ import annotations

from datetime import date

import pytest
from event_records import record
from motcua.admin.v1 import admin_pb2 as pb
from motcua_kernel.calendar import DayKind, Layer
from motcua_kernel.clock import LimitUnit
from motcua_kernel.decrees import DeadlineRules, PauseReason, Suspension
from motcua_kernel.events import Change, Channel, Event, Kind, Received, Resolved
from motcua_kernel.instant import Instant, at_local
from motcua_kernel.procedures import Procedure, TimeLimit
from motcua_kernel.registry import CalendarDay, Entry, Registry
from motcua_platform.process import Failpoints
from motcua_processing.adapters.previews import PreviewsInPostgres
from motcua_processing.application.preview import preview
from motcua_processing.application.registry_works import begin_work, work_on
from motcua_processing.application.restatements import restatement_effects
from motcua_processing.domain.restating import Effects, Verdict, total_of
from msgspec.structs import replace
from open_books_of_tests import Desk, folded, open_desk
from sample_registry import events_of_dossiers

pytestmark = pytest.mark.real

APPENDED = 1_600_000_000_000
NOW = at_local(date(2020, 6, 12), 10 * 60)
DAY = date(2020, 6, 10)


class KilledError(Exception):
    """The process ended here."""


class Killing(Failpoints):
    """Ends the process each time a batch of the registry is about to be committed."""

    def reach(self, name: str) -> None:
        if name == "processing.registry_batch":
            raise KilledError


def closed(scope: str = "", kind: DayKind | None = DayKind.CLOSED) -> CalendarDay:
    layer = Layer.UNIT if scope else Layer.NATIONAL
    return CalendarDay(layer, scope, DAY, kind, (), "12/CD-TTg")


CHANGES: dict[str, list[Entry]] = {
    "a swap of two days": [
        closed(),
        CalendarDay(Layer.NATIONAL, "", date(2020, 6, 13), DayKind.WORKING, (), "12/CD-TTg"),
    ],
    "a half day of one commune": [closed("24733", DayKind.HALF)],
    "a flood in the district": [
        Suspension("lu-2020", ("666",), (), date(2020, 6, 8), date(2020, 6, 11), "1/QD")
    ],
    "an outage of one procedure without an end": [
        Suspension("su-co", (), ("2.000908",), date(2020, 6, 9), None, "2/QD")
    ],
    "a ground on which the clock runs": [PauseReason("thieu-giay-to", "x", keeps_running=True)],
    "a correction of a procedure": [
        Procedure(
            "2.000528",
            "x",
            date(2019, 1, 1),
            limits=(TimeLimit(Channel.UNSPECIFIED, LimitUnit.WORKING_DAYS, 480),),
        )
    ],
    "a shorter reception": [DeadlineRules("666", date(2020, 1, 1), reception_minutes=60)],
}


async def fill(desk: Desk, every: int = 6) -> None:
    events = [one for one in events_of_dossiers(every) if one.occurred_at <= NOW]
    for start in range(0, len(events), 500):
        part = events[start : start + 500]
        await desk.apply(
            *(
                record(event, offset=start + place, appended_at=APPENDED)
                for place, event in enumerate(part)
            )
        )
    await desk.pool.execute("TRUNCATE publication")


async def apply(desk: Desk, change: list[Entry], *, batch: int = 100) -> int:
    """Apply entries as the service does, in small batches; returns how many dossiers changed."""
    before = desk.registry
    entries = list(enumerate(change, start=before.offset + 1))
    desk.registry = before.with_entries(entries)
    await begin_work(desk.store, desk.registry, entries, NOW)
    return await work_off(desk, before, batch=batch)


async def work_off(desk: Desk, before: Registry, *, batch: int = 100) -> int:
    changed = 0
    while done := await work_on(desk.store, desk.registry, lambda _: before, batch=batch):
        changed += done.changed
    return changed


async def restatements(desk: Desk) -> list[pb.AdminEvent]:
    rows = await desk.pool.fetch("SELECT record FROM admin_event ORDER BY occurred_at, id")
    return [pb.AdminEvent.FromString(row[0]) for row in rows]


async def previewed(desk: Desk, change: list[Entry]) -> Effects:
    return await preview(PreviewsInPostgres(desk.pool), desk.registry, change, NOW)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
async def test_a_preview_changes_nothing_and_equals_what_applying_does(
    desk: Desk, change: list[Entry]
) -> None:
    await fill(desk)
    before = await desk.dossiers()
    expected = await previewed(desk, change)
    assert await desk.dossiers() == before
    assert total_of(expected).crossing > 0
    await apply(desk, change)
    (told,) = await restatements(desk)
    assert restatement_effects(told.restatement) == expected
    assert told.restatement.crossing == total_of(expected).crossing


def story(code: str, resolved: date | None) -> list[Event]:
    """Three working days from Friday 5 June 2020: due on Wednesday 10 June."""
    received = Received("2.000528", Channel.COUNTER, "666", "666", department="tu-phap")
    told: list[tuple[date, Kind, Change]] = [(date(2020, 6, 5), Kind.RECEIVED, received)]
    if resolved is not None:
        told += [(resolved, Kind.RESOLVED, Resolved())]
    return [
        Event("dak-rlap", f"{code}-{n}", code, kind, at_local(day, 540), "/dak-rlap", n, change)
        for n, (day, kind, change) in enumerate(told)
    ]


async def test_a_swap_day_withdraws_false_verdicts_and_moves_deadlines(desk: Desk) -> None:
    stories = [
        story("000.00.31.H16-200605-0001", None),
        story("000.00.31.H16-200605-0002", date(2020, 6, 11)),
        story("000.00.31.H16-200605-0003", date(2020, 6, 10)),
    ]
    events = [event for one in stories for event in one]
    await desk.apply(*(record(event, offset=n) for n, event in enumerate(events)))
    on_the_day_after = at_local(date(2020, 6, 11), 600)
    total = total_of(
        await preview(PreviewsInPostgres(desk.pool), desk.registry, [closed()], on_the_day_after)
    )
    assert (total.crossing, total.moved, total.withdrawn, total.appeared) == (3, 3, 2, 0)
    assert total.before == {
        Verdict.OPEN_OVERDUE: 1,
        Verdict.RESOLVED_OVERDUE: 1,
        Verdict.RESOLVED_ON_TIME: 1,
    }
    assert total.after == {
        Verdict.OPEN_OTHER: 1,
        Verdict.RESOLVED_ON_TIME: 1,
        Verdict.RESOLVED_EARLY: 1,
    }


async def test_a_second_run_does_nothing(desk: Desk) -> None:
    await fill(desk)
    change = CHANGES["a swap of two days"]
    before = desk.registry
    assert await apply(desk, change) > 0
    after = await desk.dossiers()
    await desk.pool.execute("TRUNCATE publication")
    entries = list(enumerate(change, start=before.offset + 1))
    assert not await begin_work(desk.store, desk.registry, entries, NOW)
    assert await work_off(desk, before) == 0
    assert await desk.dossiers() == after
    assert await desk.value("SELECT count(*) FROM publication") == 0
    assert len(await restatements(desk)) == 1


async def test_work_that_is_killed_at_every_batch_comes_to_the_same(
    desk: Desk, books_url: str
) -> None:
    await fill(desk)
    change = CHANGES["a swap of two days"]
    expected = await previewed(desk, change)
    before = desk.registry
    entries = list(enumerate(change, start=before.offset + 1))
    desk.registry = before.with_entries(entries)
    assert await begin_work(desk.store, desk.registry, entries, NOW)
    kills = 0
    while await desk.value("SELECT count(*) FROM registry_work"):
        async with open_desk(books_url, registry=desk.registry) as successor:
            with pytest.raises(KilledError):
                await work_on(successor.store, desk.registry, lambda _: before, Killing(), batch=40)
            kills += 1
            await work_on(successor.store, desk.registry, lambda _: before, batch=40)
    assert kills > 2
    (told,) = await restatements(desk)
    assert restatement_effects(told.restatement) == expected


async def test_an_event_that_comes_first_is_compared_with_what_was_shown_before(
    desk: Desk,
) -> None:
    """A dossier that live folding has brought to the new registry still counts as moved."""
    await fill(desk)
    change: list[Entry] = [closed()]
    expected = await previewed(desk, change)
    before = desk.registry
    entries = list(enumerate(change, start=before.offset + 1))
    desk.registry = before.with_entries(entries)
    await begin_work(desk.store, desk.registry, entries, NOW)
    later = [one for one in events_of_dossiers(6) if one.occurred_at > NOW]
    await desk.apply(*(record(event, offset=90_000 + n) for n, event in enumerate(later[:40])))
    await work_off(desk, before)
    (told,) = await restatements(desk)
    total = total_of(expected)
    assert abs(told.restatement.crossing - total.crossing) <= 40
    assert told.restatement.moved > 0


async def test_paused_dossiers_are_right_after_a_calendar_edit(desk: Desk) -> None:
    """What others forget: a dossier that is paused now is recalculated too."""
    events = [one for one in events_of_dossiers(6) if one.occurred_at <= NOW]
    await fill(desk)
    assert await desk.value("SELECT count(*) FROM dossiers WHERE paused") > 0
    await apply(desk, [closed()])
    told = [replace(event, recorded_at=Instant(APPENDED)) for event in events]
    found = await desk.dossiers()
    assert {code for code, row in found.items() if row.paused}
    assert found == folded(told, desk.registry)


async def test_a_lifted_suspension_restores_every_deadline(desk: Desk) -> None:
    await fill(desk)
    before = {code: (row.due_day, row.due_moment) for code, row in (await desk.dossiers()).items()}
    flood = Suspension("lu-2020", ("666",), (), date(2020, 6, 8), None, "1/QD")
    await apply(desk, [flood])
    assert await desk.value("SELECT count(*) FROM dossiers WHERE rests <> ''") > 0
    never = Suspension("lu-2020", ("666",), (), date(2020, 6, 8), date(2020, 6, 7), "1/QD")
    await apply(desk, [never])
    after = {code: (row.due_day, row.due_moment) for code, row in (await desk.dossiers()).items()}
    assert after == before


async def test_an_entry_that_touches_nothing_leaves_no_work(desk: Desk) -> None:
    await fill(desk, every=200)
    far = CalendarDay(Layer.NATIONAL, "", date(2021, 11, 1), DayKind.CLOSED, (), "x")
    assert await apply(desk, [far]) == 0
    assert await restatements(desk) == []
