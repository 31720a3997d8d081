"""What the rules make of pauses, extensions and suspensions: the corners of each."""

from __future__ import annotations

from datetime import date

import pytest
from motcua_kernel.clock import Holder, LimitUnit
from motcua_kernel.decrees import DeadlineRules, PauseReason, Suspension
from motcua_kernel.derive import Derived
from motcua_kernel.events import Change, Consulted, Extended, Filed, OpinionGiven, Resolved
from motcua_kernel.fold import fold
from motcua_kernel.procedures import ConsultationRule, ExtensionRule, Procedure, TimeLimit
from motcua_kernel.registry import Entry, Registry
from motcua_kernel.ruled import Ruled, ruled
from motcua_kernel.verdict import is_resting
from test_defects_of_others import (
    ASKED,
    COMMUNE,
    DOSSIER,
    EARLY_COMMUNE,
    FIRST,
    REGISTRY,
    SUPPLIED,
    THREE_DAYS,
    derived,
    limit,
    received,
    shown,
    told,
)

Story = tuple[tuple[str, Change], ...]
RECEIVED = ("03-02 10:00", received())


def ask(reason: str) -> Change:
    return type(ASKED)(reason)


def under(*entries: Entry) -> Registry:
    return REGISTRY.with_entries(enumerate(entries, REGISTRY.offset + 1))


def ledger_of(*story: tuple[str, Change], registry: Registry) -> Ruled:
    state = fold(DOSSIER, told(*story), registry)
    calendar = registry.calendar(COMMUNE)
    assert calendar is not None
    assert state.limit is not None
    return ruled(state, state.limit, registry, calendar)


def with_extensions(most_minutes: int, most_times: int) -> Registry:
    limits = (limit(LimitUnit.WORKING_DAYS, 3 * 480),)
    rule = ExtensionRule(most_minutes, most_times)
    return under(Procedure(THREE_DAYS, "", FIRST, limits=limits, extension=rule))


def lawful(minutes: int = 480) -> Extended:
    return Extended(minutes, "law", "04", replaces_due=True)


def days(*numbers: int) -> tuple[int, ...]:
    return tuple(date(2026, 3, number).toordinal() for number in numbers)


# Reasons of pauses


def test_the_catalogue_names_the_holder_and_else_the_cause_does() -> None:
    registry = under(PauseReason("TH", "Chờ thuế", holder=Holder.CONSULTED), PauseReason("GT", ""))
    pauses = [
        ledger_of(RECEIVED, ("03-03 10:00", ask(reason)), registry=registry).ledger.pauses[0]
        for reason in ("TH", "GT", "")
    ]
    assert [one.holder for one in pauses] == [Holder.CONSULTED, Holder.APPLICANT, Holder.APPLICANT]


def test_a_reason_that_keeps_the_clock_running_neither_rests_nor_shows_a_pause() -> None:
    registry = under(PauseReason("NB", "Chờ nội bộ", keeps_running=True))
    found = derived(RECEIVED, ("03-03 10:00", ask("NB")), registry=registry)
    assert (shown(found.due), found.paused, found.rests) == ("2026-03-05 10:00", False, ())


def test_after_its_cap_an_open_pause_runs_by_itself() -> None:
    registry = under(PauseReason("BS", "Chờ bổ sung", cap_working_days=2))
    found = derived(RECEIVED, ("03-03 10:00", ask("BS")), registry=registry)
    assert (shown(found.due), found.paused) == ("2026-03-10 07:30", False)
    assert found.rests == days(3, 5)
    assert [is_resting(found.rests, day) for day in days(2, 3, 5, 6)] == [False, True, True, False]
    early = derived(
        RECEIVED, ("03-03 10:00", ask("BS")), ("03-04 10:00", SUPPLIED), registry=registry
    )
    assert (shown(early.due), early.rests) == ("2026-03-06 10:00", ())


def test_an_entry_of_the_catalogue_is_something_a_state_rests_on() -> None:
    registry = under(PauseReason("GT", ""))
    plain = derived(RECEIVED, registry=registry)
    paused = derived(RECEIVED, ("03-03 10:00", ask("GT")), registry=registry)
    assert plain.registry_offset < paused.registry_offset == registry.offset


# Consultations


@pytest.mark.parametrize(
    ("pauses", "due", "paused"), [(True, None, True), (False, "2026-03-05 10:00", False)]
)
def test_a_consulted_agency_rests_the_clock_only_where_the_procedure_says_so(
    pauses: bool, due: str | None, paused: bool
) -> None:
    limits = (limit(LimitUnit.WORKING_DAYS, 3 * 480),)
    rules = (ConsultationRule("", 480, pauses), ConsultationRule("thue", 960))
    registry = under(Procedure(THREE_DAYS, "", FIRST, limits=limits, consultations=rules))
    question = ("03-03 10:00", Consulted(EARLY_COMMUNE))
    found = derived(RECEIVED, question, registry=registry)
    assert (shown(found.due), found.paused) == (due, paused)
    assert [shown(one) for one in found.consultation_dues] == ["2026-03-04 10:00"]
    other = derived(RECEIVED, ("03-03 10:00", Consulted("thue")), registry=registry)
    assert (shown(other.due), other.paused) == ("2026-03-05 10:00", False)
    ended = derived(RECEIVED, question, ("03-04 10:00", Resolved()), registry=registry)
    assert (ended.paused, ended.consultation_dues) == (False, ())


def test_two_agencies_waited_for_at_once_rest_the_clock_until_the_last_answers() -> None:
    limits = (limit(LimitUnit.WORKING_DAYS, 3 * 480),)
    rules = (ConsultationRule("", 480, pauses=True),)
    registry = under(Procedure(THREE_DAYS, "", FIRST, limits=limits, consultations=rules))
    story: Story = (
        RECEIVED,
        ("03-03 10:00", Consulted("thue")),
        ("03-04 10:00", Consulted("cong-an")),
        ("03-05 10:00", OpinionGiven("thue")),
        ("03-09 10:00", OpinionGiven("cong-an")),
    )
    assert derived(*story[:4], registry=registry).due is None
    assert shown(derived(*story, registry=registry).due) == "2026-03-11 10:00"


# Mass suspensions


def suspended(*versions: Suspension, story: Story = (RECEIVED,)) -> Derived:
    return derived(*story, registry=under(*versions))


def flood(first: int, last: int | None, *units: str, codes: tuple[str, ...] = ()) -> Suspension:
    end = None if last is None else date(2026, 3, last)
    return Suspension("QĐ 15", units, codes, date(2026, 3, first), end)


@pytest.mark.parametrize(
    ("suspension", "due", "rests"),
    [
        (flood(3, 3), "2026-03-06 10:00", days(3, 3)),
        (flood(1, 3), "2026-03-09 07:30", days(2, 3)),  # from the receipt day on
        (flood(7, 8), "2026-03-05 10:00", days(7, 8)),  # after the due date: shown, moves nothing
        (flood(1, 1), "2026-03-05 10:00", ()),  # before the receipt
        (flood(4, None), None, (date(2026, 3, 4).toordinal(), date.max.toordinal())),
        (flood(6, None), "2026-03-05 10:00", (date(2026, 3, 6).toordinal(), date.max.toordinal())),
        (flood(3, 3, "67"), "2026-03-06 10:00", days(3, 3)),
        (flood(3, 3, COMMUNE), "2026-03-06 10:00", days(3, 3)),
        (flood(3, 3, EARLY_COMMUNE), "2026-03-05 10:00", ()),
        (flood(3, 3, codes=(THREE_DAYS,)), "2026-03-06 10:00", days(3, 3)),
        (flood(3, 3, codes=("1.000009",)), "2026-03-05 10:00", ()),
    ],
)
def test_a_suspension_rests_the_days_area_and_procedures_it_names(
    suspension: Suspension, due: str | None, rests: tuple[int, ...]
) -> None:
    found = suspended(suspension)
    assert (shown(found.due), found.rests, found.paused) == (due, rests, False)


def test_a_suspension_and_a_supplement_that_overlap_count_once() -> None:
    story: Story = (RECEIVED, ("03-03 10:00", ASKED), ("03-05 10:00", SUPPLIED))
    assert shown(suspended(flood(4, 6), story=story).due) == "2026-03-11 07:30"
    assert shown(suspended(flood(3, 4), story=story).due) == "2026-03-09 14:30"


def test_a_supplement_whose_reason_is_the_name_of_a_suspension_is_still_a_pause() -> None:
    assert suspended(flood(1, 1), story=(RECEIVED, ("03-03 10:00", ask("QĐ 15")))).paused


def test_a_dossier_ended_within_an_open_suspension_has_a_due_date_and_no_rest() -> None:
    found = suspended(flood(4, None), story=(RECEIVED, ("03-05 10:00", Resolved())))
    assert (shown(found.due), found.rests) == ("2026-03-09 10:00", ())


# Extensions


def test_a_groundless_extension_uses_up_none_of_the_allowed_times() -> None:
    groundless = Extended(480, "", "", replaces_due=True)
    story: Story = (RECEIVED, ("03-03 10:00", groundless), ("03-04 10:00", lawful()))
    found = derived(*story, registry=with_extensions(480, 1))
    assert shown(found.due) == "2026-03-06 10:00"
    assert [one.kind for one in found.anomalies] == ["extension_without_ground"]
    once_more = derived(*story, ("03-05 10:00", lawful()), registry=with_extensions(480, 1))
    assert shown(once_more.due) == "2026-03-06 10:00"
    assert [one.kind for one in once_more.anomalies][1:] == ["extension_out_of_bounds"]


def test_an_extension_within_the_one_before_it_is_in_time() -> None:
    story: Story = (RECEIVED, ("03-05 10:00", lawful()), ("03-06 16:00", lawful()))
    assert shown(derived(*story).due) == "2026-03-09 10:00"


def test_an_extension_granted_while_the_dossier_rests_is_in_time() -> None:
    story: Story = (RECEIVED, ("03-04 10:00", ASKED), ("03-20 10:00", lawful()))
    found = derived(*story, ("03-23 10:00", SUPPLIED))
    assert (shown(found.due), found.anomalies) == ("2026-03-25 10:00", ())


# The reception clock


def test_the_reception_clock_follows_the_rule_of_the_day_of_filing() -> None:
    filed = ("03-02 10:00", Filed(THREE_DAYS, COMMUNE))
    rules = [
        DeadlineRules("", date(2026, 1, 1), reception_minutes=240),
        DeadlineRules("67", date(2026, 3, 3), reception_minutes=60),
        DeadlineRules("67", date(2026, 2, 1), same_day_cutoff_minute=600),
    ]
    assert shown(derived(filed).reception_due) == "2026-03-03 10:00"
    assert shown(derived(filed, registry=under(*rules)).reception_due) == "2026-03-02 16:00"
    day_after = ("03-03 10:00", Filed(THREE_DAYS, COMMUNE))
    assert shown(derived(day_after, registry=under(*rules)).reception_due) == "2026-03-03 11:00"


def test_a_same_day_cutoff_of_the_province_holds_where_the_procedure_has_none() -> None:
    def same_day(cutoff: int | None) -> Procedure:
        own = TimeLimit(limit(LimitUnit.WORKING_DAYS, 0).channel, LimitUnit.WORKING_DAYS, 0, None)
        with_cutoff = TimeLimit(own.channel, own.unit, 0, cutoff_minute=cutoff)
        return Procedure(THREE_DAYS, "", FIRST, limits=(with_cutoff,))

    ten = DeadlineRules("67", date(2026, 1, 1), same_day_cutoff_minute=600)
    at_11 = ("03-02 11:00", received())
    dues = [
        shown(derived(at_11, registry=under(same_day(own), *rules)).due)
        for own, rules in ((None, ()), (None, (ten,)), (900, (ten,)))
    ]
    assert dues == ["2026-03-02 11:00", "2026-03-03 07:30", "2026-03-02 11:00"]
