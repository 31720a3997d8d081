"""Where the time of a late dossier went, in stories whose shares can be counted by hand."""

from __future__ import annotations

from datetime import date

from event_strategies import COMMUNE, CONTINUES, DOSSIER, entries, event, registry_of
from motcua_kernel.attribution import attribution
from motcua_kernel.clock import LimitUnit
from motcua_kernel.decrees import PauseReason, Suspension
from motcua_kernel.events import (
    Change,
    Channel,
    Consulted,
    Forwarded,
    OpinionGiven,
    Received,
    Resolved,
    SupplementRequested,
    SupplementSupplied,
)
from motcua_kernel.fold import fold
from motcua_kernel.instant import HOUR, Instant, parse_rfc3339
from motcua_kernel.procedures import Procedure, ProcessStep, TimeLimit
from motcua_kernel.registry import Entry
from motcua_kernel.ruled import ruled
from msgspec.structs import replace

Told = tuple[str, Change]
RECEIVED: Told = ("03-02 07:30", Received(CONTINUES, Channel.COUNTER, COMMUNE, COMMUNE))
STEPS = (ProcessStep("appraise", "tu-phap", 16 * 60), ProcessStep("sign", "lanh-dao", 4 * 60))


def at(text: str) -> Instant:
    return parse_rfc3339(f"2026-{text.replace(' ', 'T')}:00+07:00")


def shares(
    *story: Told,
    now: str = "12-01 08:00",
    more: tuple[Entry, ...] = (),
    limit: TimeLimit | None = None,
) -> list[tuple[str, float]]:
    """The lines as (party code, hours of lateness), without those of nothing."""
    known: list[Entry] = []
    for one in entries():
        if isinstance(one, Procedure):
            known.append(replace(one, steps=STEPS, limits=(limit,) if limit else one.limits))
        else:
            known.append(one)
    registry = registry_of([*known, *more])
    events = [event(change, at(moment), f"e{n}") for n, (moment, change) in enumerate(story)]
    state = fold(DOSSIER, events, registry)
    calendar = registry.calendar(COMMUNE)
    assert calendar is not None
    assert state.limit is not None
    found = ruled(state, state.limit, registry, calendar)
    told = attribution(state, found, registry, calendar, at(now))
    return [(f"{one.party.value} {one.code}".strip(), one.late / HOUR) for one in told if one.late]


def test_the_step_that_took_too_long_carries_the_lateness() -> None:
    story = (
        RECEIVED,
        ("03-02 07:30", Forwarded("tu-phap", "appraise")),
        ("03-06 07:30", Forwarded("lanh-dao", "sign")),
        ("03-06 09:30", Resolved()),
    )
    assert shares(*story) == [("step appraise", 16), ("step sign", -2), ("waiting", -4)]


def test_waiting_in_no_step_is_a_line_of_its_own() -> None:
    story = (
        RECEIVED,
        ("03-05 07:30", Forwarded("tu-phap", "appraise")),
        ("03-06 07:30", Resolved()),
    )
    assert shares(*story) == [("step appraise", -8), ("step sign", -4), ("waiting", 20)]


def test_an_open_dossier_in_time_has_shares_of_what_is_left() -> None:
    story = (RECEIVED, ("03-02 07:30", Forwarded("tu-phap", "appraise")))
    found = shares(*story, now="03-02 09:30")
    assert sum(hours for _, hours in found) == -22


def test_a_lawful_pause_has_no_share() -> None:
    story = (
        RECEIVED,
        ("03-02 07:30", Forwarded("tu-phap", "appraise")),
        ("03-03 07:30", SupplementRequested()),
        ("03-10 07:30", SupplementSupplied()),
        ("03-11 07:30", Resolved()),
    )
    assert shares(*story) == [("step sign", -4), ("waiting", -4)]


def test_a_late_pause_a_ground_that_rests_nothing_and_a_late_suspension_have_shares() -> None:
    late = (
        RECEIVED,
        ("03-09 07:30", SupplementRequested("R1")),
        ("03-10 07:30", SupplementSupplied()),
        ("03-10 07:30", Resolved()),
    )
    assert ("pause R1", 8) in shares(*late)
    runs = (
        RECEIVED,
        ("03-03 07:30", SupplementRequested("R2")),
        ("03-04 07:30", SupplementSupplied()),
        ("03-10 07:30", Resolved()),
    )
    assert ("pause R2", 8) in shares(*runs, more=(PauseReason("R2", "", keeps_running=True),))
    swept = Suspension("dich", (), (), date(2026, 3, 9), date(2026, 3, 9))
    assert ("suspension dich", 8) in shares(RECEIVED, ("03-10 07:30", Resolved()), more=(swept,))


def test_an_opinion_waited_for_while_the_clock_runs_has_a_share() -> None:
    story = (
        RECEIVED,
        ("03-02 07:30", Forwarded("tu-phap", "appraise")),
        ("03-03 07:30", Consulted("dat")),
        ("03-05 07:30", OpinionGiven("dat")),
        ("03-06 07:30", Resolved()),
    )
    assert shares(*story) == [("step sign", -4), ("consultation dat", 16), ("waiting", -4)]


def test_a_limit_in_calendar_days_weighs_budgets_by_three() -> None:
    limit = TimeLimit(Channel.UNSPECIFIED, LimitUnit.CALENDAR_DAYS, 3 * 1440)
    story = (
        RECEIVED,
        ("03-02 07:30", Forwarded("tu-phap", "appraise")),
        ("03-06 07:30", Resolved()),
    )
    found = shares(*story, limit=limit)
    assert found == [("step appraise", 48), ("step sign", -12), ("waiting", -12)]
    assert sum(hours for _, hours in found) == 24


def test_without_a_limit_there_is_nothing_to_divide() -> None:
    assert shares(RECEIVED, limit=TimeLimit(Channel.UNSPECIFIED, LimitUnit.NONE, 0)) == []
