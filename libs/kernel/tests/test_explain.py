"""Explanations as an official reads them: single days with the rule behind them."""

from __future__ import annotations

from datetime import date

import pytest
from event_strategies import (
    COMMUNE,
    CONTINUES,
    DOSSIER,
    ENDLESS,
    PROVINCE,
    RESTARTS,
    entries,
    event,
    registry_of,
)
from motcua_kernel.calendar import DayKind, Layer
from motcua_kernel.clock import LimitUnit
from motcua_kernel.decrees import PauseReason, Suspension
from motcua_kernel.derive import derive
from motcua_kernel.events import (
    Change,
    Channel,
    Extended,
    Filed,
    Received,
    Resolved,
    SupplementRequested,
    SupplementSupplied,
)
from motcua_kernel.explain import Explanation, Mark, explain
from motcua_kernel.explain_reasons import Reason
from motcua_kernel.explain_texts import REASONS, text_of
from motcua_kernel.fold import fold
from motcua_kernel.instant import MINUTE, Instant, format_local, parse_rfc3339
from motcua_kernel.procedures import Procedure, TimeLimit, TimePhase
from motcua_kernel.registry import CalendarDay, Entry
from motcua_kernel.units import Unit, UnitLevel

Told = tuple[str, Change]
BASE = len(entries())
CALENDAR = "1.000005"


def at(text: str) -> Instant:
    return parse_rfc3339(f"2026-{text.replace(' ', 'T')}:00+07:00")


def received(moment: str = "03-02 10:00", procedure: str = CONTINUES) -> Told:
    return (moment, Received(procedure, Channel.COUNTER, COMMUNE, COMMUNE))


def told(*story: Told, now: str, more: tuple[Entry, ...] = ()) -> Explanation:
    registry = registry_of([*entries(), *more])
    events = [event(change, at(moment), f"e{n}") for n, (moment, change) in enumerate(story)]
    state = fold(DOSSIER, events, registry)
    return explain(state, derive(state, registry), registry, at(now))


def rows(one: Explanation) -> list[tuple[str, str, float]]:
    """Day, mark and counted minutes of each line."""
    return [
        (f"{date.fromordinal(line.day):%m-%d}", line.mark.value, line.counted / MINUTE)
        for line in one.lines
    ]


def on(one: Explanation, day: str) -> list[Reason]:
    number = date.fromisoformat(f"2026-{day}").toordinal()
    return [said.reason for line in one.lines if line.day == number for said in line.reasons]


def text(one: Explanation, day: str, reason: Reason, language: str = "vi") -> str:
    number = date.fromisoformat(f"2026-{day}").toordinal()
    said = next(
        said
        for line in one.lines
        for said in line.reasons
        if line.day == number and said.reason is reason
    )
    return text_of(said, "vi" if language == "vi" else "en")


def closed(day: str, reference: str, layer: Layer = Layer.NATIONAL) -> CalendarDay:
    return CalendarDay(layer, "", date.fromisoformat(f"2026-{day}"), DayKind.CLOSED, (), reference)


def test_three_working_days_over_a_weekend_and_a_holiday() -> None:
    one = told(received("03-05 10:00"), now="03-05 10:00", more=(closed("03-09", "QĐ 1"),))
    assert rows(one) == [
        ("03-05", "partly", 330),
        ("03-06", "counted", 480),
        ("03-07", "skipped", 0),
        ("03-08", "skipped", 0),
        ("03-09", "skipped", 0),
        ("03-10", "counted", 480),
        ("03-11", "partly", 150),
    ]
    assert [(s.budget / MINUTE, s.counted / MINUTE) for s in one.sums] == [(1440, 1440)]
    assert on(one, "03-07") == [Reason.WEEKLY_REST]
    rest = text(one, "03-07", Reason.WEEKLY_REST)
    assert rest == "Nghỉ hằng tuần (Điều 111 Bộ luật Lao động 2019)"
    closure = text(one, "03-09", Reason.CLOSED)
    assert closure == f"Nghỉ lễ, nghỉ theo QĐ 1 (lịch quốc gia, bản ghi {BASE})"
    assert text(one, "03-09", Reason.CLOSED, "en").startswith("Closed by QĐ 1 (national calendar")
    assert on(one, "03-11") == [Reason.DUE_ON_DAY]


def test_the_bridge_day_of_2_january_and_its_make_up_saturday_name_their_announcement() -> None:
    swap = "Thông báo 13441/TB-BNV"
    make_up = CalendarDay(Layer.NATIONAL, "", date(2026, 1, 10), DayKind.WORKING, (), swap)
    more = (closed("01-01", "Điều 112"), closed("01-02", swap), make_up)
    one = told(received("01-08 10:00"), now="01-08 10:00", more=more)
    assert on(one, "01-10") == [Reason.MAKE_UP]
    assert text(one, "01-10", Reason.MAKE_UP) == (
        f"Ngày làm bù theo {swap} (lịch quốc gia, bản ghi {BASE + 2})"
    )
    assert one.lines[2].mark is Mark.COUNTED
    assert one.due is not None
    assert format_local(one.due.moment) == "2026-01-12T10:00:00+07:00"


def test_a_receipt_after_closing_waits_for_the_next_opening() -> None:
    one = told(received("03-06 18:00"), now="03-06 18:00")
    assert on(one, "03-06") == [Reason.RECEIVED, Reason.OUTSIDE_HOURS, Reason.NOW]
    assert on(one, "03-09") == [Reason.STARTS]
    assert text(one, "03-06", Reason.OUTSIDE_HOURS) == (
        "Tiếp nhận ngoài giờ làm việc: tính từ 07:30 ngày 09/03/2026"
    )


def test_a_same_day_procedure_received_after_three_counts_from_the_next_day() -> None:
    same_day = Procedure(
        CALENDAR,
        "",
        date(2026, 1, 1),
        limits=(TimeLimit(Channel.UNSPECIFIED, LimitUnit.WORKING_DAYS, 0, None, True, 900),),
    )
    one = told(received("03-02 15:30", CALENDAR), now="03-02 16:00", more=(same_day,))
    assert Reason.AFTER_CUTOFF in on(one, "03-02")
    assert on(one, "03-03") == [Reason.STARTS, Reason.DUE_ON_DAY]


def test_a_pause_shows_reason_ground_and_holder_and_rests_the_days() -> None:
    ground = PauseReason("R1", "Chờ bổ sung giấy tờ", "Điều 19 Nghị định 61/2018/NĐ-CP")
    one = told(
        received(),
        ("03-03 10:00", SupplementRequested("R1")),
        ("03-05 10:00", SupplementSupplied()),
        now="03-05 11:00",
        more=(ground,),
    )
    assert rows(one)[1:4] == [
        ("03-03", "partly", 150),
        ("03-04", "skipped", 0),
        ("03-05", "partly", 330),
    ]
    assert text(one, "03-04", Reason.PAUSED) == (
        "Tạm dừng từ 10:00 ngày 03/03/2026 đến 10:00 ngày 05/03/2026: Chờ bổ sung giấy tờ, "
        "Điều 19 Nghị định 61/2018/NĐ-CP (chờ người nộp hồ sơ)"
    )
    assert [(format_local(a), format_local(b)) for a, b in one.rests] == [
        ("2026-03-03T10:00:00+07:00", "2026-03-05T10:00:00+07:00")
    ]
    assert one.used / MINUTE == 330 + 150 + 60


def test_while_it_is_paused_the_lines_end_with_the_moment_of_asking() -> None:
    one = told(received(), ("03-03 10:00", SupplementRequested("R1")), now="03-12 10:00")
    assert one.due is None
    assert one.lines[-1].day == date(2026, 3, 12).toordinal()
    assert sum(line.used for line in one.lines) == one.used
    assert one.rests == ((at("03-03 10:00"), at("03-12 10:00")),)


def test_a_restart_wipes_out_the_days_before_it() -> None:
    one = told(
        received(procedure=RESTARTS),
        ("03-03 10:00", SupplementRequested("R1")),
        ("03-05 10:00", SupplementSupplied()),
        now="03-05 11:00",
    )
    assert Reason.WIPED in on(one, "03-02")
    assert Reason.RESTARTED in on(one, "03-05")
    assert [line.counted for line in one.lines[:3]] == [0, 0, 0]


def test_a_cap_lets_the_clock_run_again_by_itself() -> None:
    capped = PauseReason("R1", "Chờ", cap_working_days=1)
    one = told(
        received(), ("03-03 10:00", SupplementRequested("R1")), now="03-06 10:00", more=(capped,)
    )
    assert Reason.PAUSED in on(one, "03-04")
    assert on(one, "03-05") == [Reason.PAUSE_CAPPED]
    assert one.lines[3].counted == 480 * MINUTE


def test_a_suspension_names_its_decree() -> None:
    swept = Suspension("dich", (), (), date(2026, 3, 3), date(2026, 3, 4), "Chỉ thị 16")
    one = told(received(), now="03-06 10:00", more=(swept,))
    assert text(one, "03-03", Reason.SUSPENDED) == (
        f"Tạm dừng hàng loạt dich theo Chỉ thị 16 (bản ghi {BASE})"
    )


def test_an_extension_adds_to_the_budget_and_a_groundless_one_does_not() -> None:
    one = told(
        received(),
        ("03-03 10:00", Extended(480, "xac-minh", "04", replaces_due=True)),
        ("03-04 10:00", Extended(480, replaces_due=True)),
        now="03-04 10:00",
    )
    assert one.extension_minutes == 480
    assert one.sums[0].budget == one.sums[0].counted == 4 * 480 * MINUTE
    assert text(one, "03-03", Reason.EXTENDED) == "Gia hạn 480 phút: xac-minh, mẫu 04"
    refused = text(one, "03-04", Reason.EXTENSION_REFUSED, "en")
    assert refused == "An extension of 480 minutes does not count: no reason or form"


def test_calendar_days_count_days_off_and_roll_off_the_last_one() -> None:
    limit = TimeLimit(Channel.UNSPECIFIED, LimitUnit.CALENDAR_DAYS, 5 * 1440)
    by_days = Procedure(CALENDAR, "", date(2026, 1, 1), limits=(limit,))
    one = told(received("03-02 10:00", CALENDAR), now="03-02 10:00", more=(by_days,))
    assert on(one, "03-07") == [Reason.WEEKLY_REST, Reason.DAYS_OFF_COUNT]
    assert on(one, "03-09") == [Reason.ROLLED_OFF, Reason.DUE_ON_DAY]
    assert "07/03/2026" in text(one, "03-09", Reason.ROLLED_OFF)
    assert "148" in text(one, "03-09", Reason.ROLLED_OFF)


def test_phases_each_have_their_sum() -> None:
    limit = TimeLimit(
        Channel.UNSPECIFIED,
        LimitUnit.WORKING_DAYS,
        2 * 480,
        then=(TimePhase(LimitUnit.WORKING_HOURS, 240),),
    )
    phased = Procedure(CALENDAR, "", date(2026, 1, 1), limits=(limit,))
    one = told(received("03-02 10:00", CALENDAR), now="03-04 14:00", more=(phased,))
    assert [(s.budget / MINUTE, s.counted / MINUTE, s.used / MINUTE) for s in one.sums] == [
        (960, 960, 960),
        (240, 240, 120),
    ]
    assert {line.phase for line in one.lines if line.day == date(2026, 3, 4).toordinal()} == {0, 1}
    assert one.used == 120 * MINUTE


def test_the_day_of_a_merger_says_who_follows() -> None:
    successor = Unit(
        "24733-2026",
        "24733",
        "Xã Kiến Đức",
        UnitLevel.COMMUNE,
        PROVINCE,
        "2026-03-04",
        predecessors=(COMMUNE,),
    )
    one = told(received(), now="03-04 09:00", more=(successor,))
    assert text(one, "03-04", Reason.UNIT_FOLLOWED) == (
        "Từ hôm nay Xã Kiến Đức kế tục đơn vị giải quyết"
    )


def test_days_over_the_limit_are_overdue_until_it_is_resolved() -> None:
    one = told(received(), ("03-09 10:00", Resolved()), now="04-01 10:00")
    assert one.lines[-1].day == date(2026, 3, 9).toordinal()
    assert on(one, "03-06") == [Reason.OVERDUE]
    assert on(one, "03-09") == [Reason.OVERDUE, Reason.RESOLVED]
    assert sum(line.used for line in one.lines) == one.used == 5 * 480 * MINUTE
    assert sum(share.late for share in one.shares) == 2 * 480 * MINUTE


@pytest.mark.parametrize(
    ("story", "more", "reason"),
    [
        ((("03-02 10:00", Filed(CONTINUES, COMMUNE, Channel.ONLINE)),), (), Reason.NOT_RECEIVED),
        (
            (("12-30 10:00", Received(CONTINUES, Channel.COUNTER, COMMUNE, COMMUNE)),),
            (),
            Reason.BEYOND_CALENDAR,
        ),
    ],
)
def test_what_cannot_be_explained_says_why(
    story: tuple[Told, ...], more: tuple[Entry, ...], reason: Reason
) -> None:
    one = told(*story, now="12-30 10:00", more=more)
    assert one.problem is not None
    assert one.problem.reason is reason
    assert one.lines == ()


def test_without_a_limit_the_days_are_shown_and_nothing_is_due() -> None:
    one = told(received(procedure=ENDLESS), now="03-04 10:00")
    assert one.due is None
    assert sum(line.used for line in one.lines) == one.used == 2 * 480 * MINUTE
    assert one.shares == ()


def test_every_reason_has_its_words_in_both_languages() -> None:
    assert set(REASONS) == set(Reason)
    assert all(words["vi"] != words["en"] for words in REASONS.values())


def test_the_head_names_the_version_and_both_limits() -> None:
    limit = TimeLimit(Channel.UNSPECIFIED, LimitUnit.WORKING_DAYS, 5 * 480, 3 * 480)
    version = Procedure(CONTINUES, "Khai sinh", date(2026, 3, 1), limits=(limit,), reference="QĐ 5")
    one = told(received(), now="03-02 10:00", more=(version,))
    head = one.head
    assert head.procedure is not None
    assert head.stated is not None
    assert head.limit is not None
    assert head.week is not None
    assert (head.procedure.reference, head.procedure.offset) == ("QĐ 5", BASE)
    assert (head.stated.statutory_minutes, head.limit.amount) == (2400, 1440)
    assert head.week.days[0][0].start_minute == 450
