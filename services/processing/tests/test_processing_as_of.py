"""Law L4: figures as of two times, in the real database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from as_of_cases import (
    JUNE,
    Service,
    answer_of,
    definition_of,
    enact,
    journal_of,
    moment,
    projections_of,
    question,
    service,
    tell,
    then,
)
from dossier_stories import FIRST, deliveries
from event_records import record
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from motcua_contracts.topics import DOSSIER_EVENTS
from motcua_kernel import events as k
from motcua_kernel.calendar import OFFICE_WEEK, DayKind, Layer, Week, Window
from motcua_kernel.clock import LimitUnit
from motcua_kernel.decrees import DeadlineRules, PauseReason, Suspension
from motcua_kernel.instant import DAY, HOUR, MINUTE, Instant, format_local
from motcua_kernel.procedures import Procedure, TimeLimit
from motcua_kernel.registry import CalendarDay, Entry, WorkingWeek
from motcua_kernel.units import Department, Unit, UnitLevel
from motcua_platform.registry_history import RegistryHistory
from open_books_of_tests import Desk, empty
from sample_registry import judging_registry

pytestmark = pytest.mark.real

CODE = "000.00.31.H16-200601-0001"
NOW = moment(30, 18)
THREE_DAYS = "1.000001"
SUPPLEMENT = k.SupplementRequested("thieu giay to", "mau 02")


def told(change: k.Change, at: Instant, code: str = CODE, unit: str = "") -> k.Event:
    kind = k.KIND_OF_CHANGE[type(change)]
    return k.Event("dak-rlap", f"{code}-{kind.name}-{at}{unit}", code, kind, at, "/x", 0, change)


def received(unit: str = "24733", department: str = "tu-phap") -> k.Received:
    return k.Received(THREE_DAYS, k.Channel.COUNTER, unit, unit, department=department)


@pytest.fixture
async def office(desk: Desk, books_url: str) -> AsyncIterator[Service]:
    """The service on empty books, with a procedure of three working days."""
    limit = TimeLimit(k.Channel.UNSPECIFIED, LimitUnit.WORKING_DAYS, 3 * 480)
    procedure = Procedure(THREE_DAYS, "three days", date(2020, 1, 1), limits=(limit,))
    async with service(books_url, NOW) as made:
        await enact(desk, made.history, [procedure], moment(1, 0))
        yield made


async def tell_all(desk: Desk, *events: k.Event) -> None:
    """Events that were recorded a minute after they occurred."""
    for event in events:
        await tell(desk, event, Instant(event.occurred_at + MINUTE))


async def test_an_event_told_late_changes_as_now_and_never_as_of(
    desk: Desk, office: Service
) -> None:
    await tell_all(desk, told(received(), moment(5)))
    asked = then(moment(10))
    before, now = await office.summary(**asked), await office.summary()
    dossier = await office.ask(f"/v1/dossiers/{CODE}", **asked)
    assert before["in_progress"]["within"] + before["in_progress"]["due_soon"] == 1
    assert now["in_progress"]["overdue"] == 1
    await tell(desk, told(k.Resolved(), moment(9)), moment(20))
    assert await office.summary(**asked) == before
    assert await office.ask(f"/v1/dossiers/{CODE}", **asked) == dossier
    assert (await office.summary())["resolved"]["early"] == 1
    of_then = await office.summary(at=asked["at"])
    assert of_then["resolved"]["early"] == 1
    assert of_then["in_progress"]["total"] == 0


async def test_a_receipt_voided_later_was_never_there_as_far_as_is_known_now(
    desk: Desk, office: Service
) -> None:
    receipt = told(received(), moment(5))
    await tell_all(desk, receipt)
    asked = then(moment(10))
    before = await office.summary(**asked)
    assert before["received"] == 1
    await tell_all(desk, told(k.Voided(receipt.event_id, "nham"), moment(15)))
    assert await office.summary(**asked) == before
    of_then = await office.summary(at=asked["at"])
    assert (of_then["received"], of_then["balance_residual"]) == (0, 0)
    answer = await office.get(f"/v1/dossiers/{CODE}", at=format_local(moment(4)))
    assert answer.json()["type"] == "urn:motcua:problem:unknown-dossier"


async def test_a_pause_after_the_end_of_a_period_leaves_its_split_alone(
    desk: Desk, office: Service
) -> None:
    await tell_all(
        desk,
        told(received(), moment(5)),
        told(SUPPLEMENT, moment(11)),
        told(k.SupplementSupplied(), moment(12)),
    )
    days = (date(2020, 6, 1), date(2020, 6, 10))
    split = (await office.summary(days=days))["in_progress"]
    assert (split["total"], split["due_soon"], split["paused"]) == (1, 1, 0)
    await tell_all(desk, told(SUPPLEMENT, moment(8)))
    assert (await office.summary(days=days))["in_progress"]["paused"] == 1


CLOSED = CalendarDay(Layer.NATIONAL, "", date(2020, 6, 9), DayKind.CLOSED, (), "a notice")


async def test_a_registry_entry_recorded_later_changes_as_now_and_never_as_of(
    desk: Desk, office: Service
) -> None:
    await tell_all(desk, told(received(), moment(5)), told(k.Resolved(), moment(11)))
    asked = then(moment(12))
    before = await office.summary(**asked)
    dossier = await office.ask(f"/v1/dossiers/{CODE}", **asked)
    assert before["resolved"]["overdue"] == 1
    await enact(desk, office.history, [CLOSED], moment(15))
    assert await office.summary(**asked) == before
    assert await office.ask(f"/v1/dossiers/{CODE}", **asked) == dossier
    assert (await office.summary())["resolved"]["on_time"] == 1
    assert (await office.summary(at=asked["at"]))["resolved"]["on_time"] == 1


async def test_a_known_beyond_the_watermark_is_a_problem_that_names_it(
    desk: Desk, office: Service
) -> None:
    await tell(desk, told(received(), moment(5)), moment(5, 10), partition=0)
    await tell(desk, told(received(), moment(6), CODE[:-1] + "2"), moment(6, 10), partition=1)
    office.ends = ends(1, 3, 0)
    answer = await office.get("/v1/summary", unit="67", **period(), known=format_local(moment(7)))
    assert answer.status_code == 409
    problem = answer.json()
    assert problem["type"] == "urn:motcua:problem:not-yet-known"
    assert problem["field"] == "known"
    assert problem["watermark"] == format_local(Instant(moment(6, 10) - 1))
    reached = await office.summary(known=problem["watermark"])
    assert reached["received"] == 1
    office.ends = ends(1, 1, 0)
    assert (await office.summary(known=format_local(moment(7))))["received"] == 2
    office.ends = ends(1, 1, 5)
    answer = await office.get(f"/v1/dossiers/{CODE}", known=format_local(moment(7)))
    assert answer.status_code == 409


def ends(*offsets: int) -> dict[tuple[str, int], int]:
    return {(DOSSIER_EVENTS, partition): end for partition, end in enumerate(offsets)}


def period() -> dict[str, date]:
    return {"from": JUNE[0], "to": JUNE[1]}


@pytest.mark.parametrize(
    ("asked", "status", "kind"),
    [
        ({"at": "2020-07-02T00:00:00+07:00"}, 422, "future-moment"),
        ({"known": "2020-07-02T00:00:00+07:00"}, 409, "not-yet-known"),
        ({"at": "2020-06-02"}, 422, "invalid-moment"),
        ({"known": "2020-06-02T00:00:00"}, 422, "invalid-moment"),
        ({"view": "as_ever"}, 422, "invalid-request"),
    ],
)
async def test_what_cannot_be_asked_gets_a_problem_document(
    office: Service, asked: dict[str, str], status: int, kind: str
) -> None:
    answer = await office.get("/v1/summary", unit="67", **period(), **asked)
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:motcua:problem:{kind}")
    if kind == "not-yet-known":
        assert answer.json()["watermark"] == format_local(NOW)


async def test_the_reception_clock_counts_answers_and_what_waits(
    desk: Desk, office: Service
) -> None:
    filed = k.Filed(THREE_DAYS, "24733")
    monday = moment(8, 8)

    def course(number: int, *events: tuple[k.Change, Instant]) -> list[k.Event]:
        code = f"{CODE[:-4]}{number:04}"
        return [told(filed, monday, code), *(told(change, at, code) for change, at in events)]

    tuesday = Instant(monday + DAY)
    await tell_all(
        desk,
        *course(1, (received(), Instant(monday + HOUR))),
        *course(2, (k.Refused(), Instant(monday + 2 * HOUR))),
        *course(3, (received(), Instant(tuesday + 2 * HOUR))),
        *course(4, (k.Withdrawn(), Instant(monday + HOUR))),
        *course(5),
        *course(6, (SUPPLEMENT, Instant(monday + HOUR))),
    )
    waiting = await office.summary(**then(Instant(monday + 3 * HOUR)))
    assert waiting["receptions"] == {
        "answered": {"on_time": 2, "overdue": 0, "no_deadline": 0},
        "pending": {"within": 2, "overdue": 0, "paused": 1, "no_deadline": 0},
    }
    later = await office.summary()
    assert later["receptions"] == {
        "answered": {"on_time": 2, "overdue": 1, "no_deadline": 0},
        "pending": {"within": 0, "overdue": 1, "paused": 1, "no_deadline": 0},
    }
    assert (await office.summary("24733"))["receptions"] == later["receptions"]
    before = await office.summary(days=(date(2020, 6, 1), date(2020, 6, 7)))
    assert sum(before["receptions"]["pending"].values()) == 0


MERGED = "24730"
MERGER = [
    Unit("68", "68", "Tỉnh mới", UnitLevel.PROVINCE, "", "2020-06-15", "", ("67",)),
    Unit(
        MERGED,
        MERGED,
        "Xã Kiến Đức",
        UnitLevel.COMMUNE,
        "68",
        "2020-06-15",
        predecessors=("24733", "24745"),
        departments=(Department("phong-kinh-te", "Phòng Kinh tế"),),
    ),
]


async def test_the_totals_of_both_views_agree_in_a_merger(desk: Desk, office: Service) -> None:
    units = ("24733", "24733", "24745", "666", "666")
    for number, unit in enumerate(units):
        code = f"{CODE[:-4]}{number:04}"
        await tell_all(desk, told(received(unit), moment(5), code))
    await enact(desk, office.history, MERGER, moment(10))
    await tell_all(desk, told(received(MERGED), moment(16), CODE[:-4] + "0009"))
    tops = ("67", "68")

    async def totals(**asked: Any) -> dict[str, int]:
        found = {top: await office.summary(top, **asked) for top in tops}
        return {top: one["received"] for top, one in found.items()}

    assert await totals(view="as_then") == {"67": 5, "68": 1}
    assert await totals(view="as_now") == {"67": 0, "68": 6}
    assert await totals(view="as_now", at=format_local(moment(14))) == {"67": 5, "68": 0}
    assert (await office.summary(MERGED, view="as_now"))["received"] == 4
    assert (await office.summary("24733", view="as_now"))["received"] == 0
    assert (await office.summary("24733", view="as_then"))["received"] == 2
    rows = (await office.ask("/v1/summary/departments", unit=MERGED, view="as_now", **period()))[
        "rows"
    ]
    assert [(row["unit"], row["department"], row["received"]) for row in rows] == [
        (MERGED, "tu-phap", 4)
    ]
    unknown = await office.get("/v1/summary", unit="68", **period(), **then(moment(9)))
    assert unknown.status_code == 404


@st.composite
def moments(draw: st.DrawFn) -> Instant:
    """A moment around the stories, hours and weeks apart from them."""
    hours = draw(st.one_of(st.integers(-24, 120), st.integers(-100, 800)))
    return Instant(FIRST + hours * HOUR + draw(st.integers(0, 59)) * MINUTE)


@st.composite
def recordings(draw: st.DrawFn) -> list[tuple[k.Event, Instant]]:
    """Deliveries in the order in which they were recorded: at once, late, or too early."""
    lags = st.one_of(st.integers(0, HOUR), st.integers(-2 * HOUR, 20 * DAY))
    told = [(one.event, one.event.occurred_at + draw(lags)) for one in draw(deliveries())]
    return [
        (event, Instant(at + place))
        for place, (event, at) in enumerate(sorted(told, key=lambda one: one[1]))
    ]


PERIODS = ((date(2020, 1, 1), date(2020, 1, 31)), (date(2020, 1, 7), date(2020, 1, 9)))


EIGHTH, NINTH = date(2020, 1, 8), date(2020, 1, 9)
NEW_COMMUNE = Unit(
    MERGED, MERGED, "Xã mới", UnitLevel.COMMUNE, "67", "2020-01-09", predecessors=("24733",)
)
SHORT = (Window(8 * 60, 10 * 60),)
SHORT_DAYS: Week = (SHORT, SHORT, SHORT, SHORT, SHORT, (), ())
SLOW = TimeLimit(k.Channel.UNSPECIFIED, LimitUnit.WORKING_DAYS, 10 * 480)
ENTRIES: tuple[Entry, ...] = (
    CalendarDay(Layer.NATIONAL, "", EIGHTH, DayKind.CLOSED, (), "a notice"),
    CalendarDay(Layer.UNIT, "24733", NINTH, DayKind.CLOSED, (), "a notice"),
    CalendarDay(Layer.UNIT, MERGED, date(2020, 1, 10), DayKind.CLOSED, (), "a notice"),
    WorkingWeek("666", SHORT_DAYS, date(2019, 1, 1), date(2021, 12, 31)),
    WorkingWeek("", OFFICE_WEEK, date(2019, 1, 1), date(2020, 1, 9)),
    Procedure("2.000908", "a slower one", EIGHTH, limits=(SLOW,)),
    Procedure("1.999999", "known now", date(2019, 1, 1), limits=(SLOW,)),
    NEW_COMMUNE,
    Unit("99999", "99999", "Xã mới", UnitLevel.COMMUNE, "666"),
    PauseReason("benh-dich", "Bệnh dịch", keeps_running=True),
    Suspension("lu", ("666",), (), EIGHTH, None),
    Suspension("lu", ("24733",), ("2.000908",), date(2020, 1, 7), NINTH),
    DeadlineRules("67", date(2020, 1, 7), reception_minutes=60),
)


@given(
    told=recordings(),
    at=moments(),
    known=moments(),
    enacted=st.lists(st.tuples(moments(), st.sampled_from(ENTRIES)), max_size=3),
    days=st.sampled_from(PERIODS),
)
@settings(
    max_examples=80,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_an_answer_is_the_fold_of_the_cut_and_later_events_leave_it_alone(  # noqa: PLR0917
    desk: Desk,
    told: list[tuple[k.Event, Instant]],
    at: Instant,
    known: Instant,
    enacted: list[tuple[Instant, Entry]],
    days: tuple[date, date],
    books_url: str,
) -> None:
    await empty(desk)
    desk.registry = judging_registry()
    await desk.pool.execute("UPDATE registry_position SET registry_offset = $1", 0)
    history = RegistryHistory(desk.registry)
    ruled = sorted(enacted, key=lambda one: one[0])

    async def go_on(first: int, last: int) -> None:
        for offset in range(first, last):
            event, recorded = told[offset]
            await desk.apply(record(event, offset=offset, appended_at=recorded))

    early = sum(1 for _, recorded in told if recorded <= known)
    async with projections_of(books_url) as projections:
        for recorded, entry in ruled:
            if recorded <= known:
                await enact(desk, history, [entry], recorded)
        asked = question(desk.registry, days, at, known)
        await go_on(0, early)
        before = await answer_of(projections, history, asked)
        await go_on(early, len(told))
        for recorded, entry in ruled:
            if recorded > known:
                await enact(desk, history, [entry], recorded)
        after = await answer_of(projections, history, asked)
        journal = await journal_of(desk)
        latest = question(desk.registry, days, at, None)
        now = await answer_of(projections, history, latest)
    assert after == before
    assert after == definition_of(journal, history, asked)
    assert now == definition_of(journal, history, latest)
