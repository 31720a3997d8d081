"""A later registry entry re-projects exactly what it touches, at whichever pace it is read."""

from __future__ import annotations

import random
from datetime import date

import pytest
from dossier_stories import CODES
from event_records import batch_of, record
from motcua_kernel.calendar import DayKind, Layer
from motcua_kernel.clock import LimitUnit
from motcua_kernel.events import Channel, Event, Kind, Received
from motcua_kernel.instant import Instant, at_local
from motcua_kernel.procedures import Procedure, TimeLimit
from motcua_kernel.registry import CalendarDay, Registry
from motcua_kernel.snapshot import decode
from motcua_kernel.units import Unit, UnitLevel
from motcua_platform.errors import Transient
from motcua_platform.process import Failpoints
from motcua_processing.application.apply_batch import apply_batch
from motcua_processing.application.registry_works import apply_registry
from motcua_processing.domain.projection import DossierRow
from msgspec.structs import replace
from open_books_of_tests import Desk, empty, folded
from sample_registry import events_of_dossiers, sample_entries, sample_registry

pytestmark = pytest.mark.real

APPENDED = 1_600_000_000_000
NEXT = len(sample_entries())
CLOSED_ON = date(2020, 6, 10)


def closed(scope: str = "", kind: DayKind | None = DayKind.CLOSED) -> CalendarDay:
    layer = Layer.UNIT if scope else Layer.NATIONAL
    return CalendarDay(layer, scope, CLOSED_ON, kind, (), "a notice")


def receipt(code: str, day: date, procedure: str = "2.000528", unit: str = "666") -> Event:
    return Event(
        "dak-rlap",
        f"receipt of {code}",
        code,
        Kind.RECEIVED,
        at_local(day, 9 * 60),
        "/dak-rlap/mot-cua",
        1,
        Received(procedure, Channel.COUNTER, unit, unit, department="tu-phap"),
    )


def recorded(events: list[Event]) -> list[Event]:
    return [replace(event, recorded_at=Instant(APPENDED)) for event in events]


async def apply_all(desk: Desk, events: list[Event]) -> None:
    for start in range(0, len(events), 200):
        part = events[start : start + 200]
        await desk.apply(
            *(
                record(event, offset=start + place, appended_at=APPENDED)
                for place, event in enumerate(part)
            )
        )


async def marked_codes(desk: Desk) -> set[str]:
    rows = await desk.pool.fetch("SELECT DISTINCT unnest(codes) FROM publication")
    return {row[0] for row in rows}


async def changed_by(desk: Desk, entry: CalendarDay | Procedure | Unit) -> set[str]:
    """The dossiers that an entry changes, of which exactly the same are marked."""
    await desk.pool.execute("TRUNCATE publication")
    before = await desk.dossiers()
    count = await desk.read_registry([(desk.registry.offset + 1, entry)])
    after = await desk.dossiers()
    changed = {code for code, row in after.items() if row != before[code]}
    assert await marked_codes(desk) == changed
    assert len(changed) == count
    return changed


def crossing(rows: dict[str, DossierRow], unit: str = "") -> set[str]:
    day = CLOSED_ON.toordinal()
    return {
        code
        for code, row in rows.items()
        if row.span_first <= day <= row.span_last and unit in ("", row.resolving_unit)
    }


@pytest.mark.parametrize("unit", ["", "24733"], ids=["the nation", "one commune"])
async def test_a_day_that_becomes_closed_touches_exactly_the_dossiers_whose_span_crosses_it(
    desk: Desk, unit: str
) -> None:
    events = events_of_dossiers(25)
    await apply_all(desk, events)
    expected = crossing(await desk.dossiers(), unit)
    assert expected
    assert await changed_by(desk, closed(unit)) == expected
    assert await desk.dossiers() == folded(recorded(events), desk.registry)


async def test_a_closed_day_that_is_taken_back_leaves_the_due_dates_of_before(desk: Desk) -> None:
    events = events_of_dossiers(50)
    await apply_all(desk, events)
    before = {code: (row.due_day, row.due_moment) for code, row in (await desk.dossiers()).items()}
    await desk.read_registry([(NEXT, closed())])
    moved = {code: (row.due_day, row.due_moment) for code, row in (await desk.dossiers()).items()}
    assert moved != before
    await desk.read_registry([(NEXT + 1, closed(kind=None))])
    after = {code: (row.due_day, row.due_moment) for code, row in (await desk.dossiers()).items()}
    assert after == before
    assert await desk.dossiers() == folded(recorded(events), desk.registry)


async def test_a_new_version_of_a_procedure_touches_only_later_receipts(desk: Desk) -> None:
    from_day = date(2020, 6, 1)
    events = [
        receipt(CODES[0], date(2020, 5, 29)),
        receipt(CODES[1], from_day),
        receipt(CODES[2], date(2020, 6, 15)),
        receipt(CODES[3], date(2020, 6, 15), procedure="2.000992"),
    ]
    await apply_all(desk, events)
    limit = TimeLimit(Channel.UNSPECIFIED, LimitUnit.WORKING_DAYS, 20 * 480)
    version = Procedure("2.000528", "a longer one", from_day, limits=(limit,))
    assert await changed_by(desk, version) == {CODES[1], CODES[2]}
    assert await desk.dossiers() == folded(recorded(events), desk.registry)


async def test_a_corrected_version_touches_the_dossiers_received_under_it(desk: Desk) -> None:
    events = [
        receipt(CODES[0], date(2020, 5, 29)),
        receipt(CODES[1], date(2020, 5, 29), procedure="2.000992"),
    ]
    await apply_all(desk, events)
    known = sample_registry().procedure_on("2.000528", date(2020, 5, 29))
    assert known is not None
    limit = TimeLimit(Channel.UNSPECIFIED, LimitUnit.WORKING_DAYS, 20 * 480)
    assert await changed_by(desk, replace(known, limits=(limit,))) == {CODES[0]}


async def test_the_anomaly_of_an_unknown_procedure_disappears_when_its_entry_arrives(
    desk: Desk,
) -> None:
    await apply_all(desk, [receipt(CODES[0], date(2020, 5, 29), procedure="1.999999")])
    assert await anomalies(desk) == ["procedure_unknown"]
    limit = TimeLimit(Channel.UNSPECIFIED, LimitUnit.WORKING_DAYS, 3 * 480)
    entry = Procedure("1.999999", "known now", date(2020, 1, 1), limits=(limit,))
    assert await changed_by(desk, entry) == {CODES[0]}
    assert await anomalies(desk) == []
    assert (await desk.dossiers())[CODES[0]].due_day is not None


async def test_the_anomaly_of_an_unknown_unit_disappears_when_its_entry_arrives(
    desk: Desk,
) -> None:
    await apply_all(desk, [receipt(CODES[0], date(2020, 5, 29), unit="99999")])
    assert await anomalies(desk) == ["unit_unknown"]
    entry = Unit("99999", "99999", "Xã mới", UnitLevel.COMMUNE, parent="666")
    assert await changed_by(desk, entry) == {CODES[0]}
    assert await anomalies(desk) == []


async def test_a_day_of_a_unit_that_is_not_known_yet_touches_its_dossiers(desk: Desk) -> None:
    events = [receipt(CODES[0], CLOSED_ON, unit="99999")]
    await apply_all(desk, events)
    assert await changed_by(desk, closed("99999")) == {CODES[0]}
    assert await desk.dossiers() == folded(recorded(events), desk.registry)


async def anomalies(desk: Desk) -> list[str]:
    snapshot = decode((await desk.dossiers())[CODES[0]].snapshot)
    assert snapshot is not None
    return [one.kind for one in snapshot.derived.anomalies]


async def test_a_process_with_an_older_registry_waits_and_writes_nothing(desk: Desk) -> None:
    older = desk.registry
    await desk.read_registry([(NEXT, closed())])
    batch = batch_of(record(receipt(CODES[0], CLOSED_ON), offset=0))
    with pytest.raises(Transient):
        await apply_batch(desk.store, batch, older, Failpoints())
    assert await desk.dossiers() == {}
    assert await desk.value("SELECT count(*) FROM journal") == 0
    assert await desk.value("SELECT max(next_offset) FROM log_partition") == 0
    await apply_batch(desk.store, batch, desk.registry, Failpoints())
    assert len(await desk.dossiers()) == 1


async def test_entries_that_another_process_has_applied_change_nothing_again(desk: Desk) -> None:
    await apply_all(desk, events_of_dossiers(100))
    older = desk.registry
    await desk.read_registry([(NEXT, closed())])
    before = await desk.dossiers()
    await desk.pool.execute("TRUNCATE publication")
    following = older.with_entries([(NEXT, closed())])
    assert await apply_registry(desk.store, following, [(NEXT, closed())]) == 0
    assert await desk.dossiers() == before
    assert await marked_codes(desk) == set()


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_projections_are_equal_at_whichever_pace_the_registry_is_read(
    desk: Desk, seed: int
) -> None:
    rng = random.Random(seed)
    events = events_of_dossiers(400)
    entries = [*sample_entries(), (NEXT, closed()), (NEXT + 1, closed("24733"))]
    whole = Registry().with_entries(entries)
    await empty(desk)
    desk.registry = Registry()
    waiting, offset = list(entries), 0
    told = rng.sample(events, len(events))
    while waiting or offset < len(told):
        if waiting and (offset == len(told) or rng.random() < 0.8):
            await desk.read_registry([waiting.pop(0)])
        else:
            part = told[offset : offset + 25]
            await desk.apply(
                *(
                    record(event, offset=offset + place, appended_at=APPENDED)
                    for place, event in enumerate(part)
                )
            )
            offset += len(part)
    assert await desk.dossiers() == folded(recorded(events), whole)
