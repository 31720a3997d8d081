"""What is told of deadlines, and when: the pure part, dossier by dossier."""

from __future__ import annotations

from datetime import date

import pytest
from motcua_kernel.decrees import DeadlineRules, Suspension
from motcua_kernel.events import (
    Extended,
    Forwarded,
    Resolved,
    SupplementRequested,
    SupplementSupplied,
    Voided,
    Withdrawn,
)
from motcua_kernel.instant import MINUTE, Instant
from motcua_processing.application.notice_deadlines import Seen, look_at
from motcua_processing.domain.notices import LATER, Act, Subject, stands
from notice_cases import (
    CODE,
    IN_HOURS,
    UNIT,
    WITH_STEPS,
    Story,
    closed,
    event,
    half,
    on,
    received,
    registry_with,
    rungs,
    worked,
)

SOON, OVERDUE, WITHDRAWN = Act.DUE_SOON, Act.OVERDUE, Act.WITHDRAWN


def test_each_rung_is_told_once_at_the_opening_of_its_day() -> None:
    story = Story(received(on(2)))
    told = story.lives(on(31), on(2))
    assert [(one.act, one.rung, one.noticed_at) for one in told] == [
        (SOON, 3, on(4, "07:30")),
        (SOON, 1, on(6, "07:30")),
        (SOON, 0, on(9, "07:30")),
        (OVERDUE, -1, on(10, "07:30")),
    ]
    assert len({one.id for one in told}) == 4
    assert {(one.unit, one.department, one.subject) for one in told} == {
        (UNIT, "mot-cua", Subject.DOSSIER)
    }


def test_nothing_is_told_within_minutes_of_a_receipt_with_days_to_go() -> None:
    story = Story(received(on(2)))
    every_minute = range(on(2), on(4, "07:30"), MINUTE)
    assert story.through(map(Instant, every_minute)) == []
    assert story.look(on(2)).again == on(4, "07:30")


def test_several_missed_rungs_give_one_notice_the_most_urgent() -> None:
    story = Story(received(on(2)))
    assert rungs(story.tell(on(9, "09:00"))) == [(SOON, 0)]
    assert rungs(story.lives(on(31), on(9, "09:00"))) == [(OVERDUE, -1)]


def test_a_long_pause_and_its_end_give_one_notice_and_not_many() -> None:
    story = Story(received(on(2)), event(SupplementRequested("thieu"), on(4, "07:00")))
    assert story.lives(on(30), on(3)) == []
    story.events.append(event(SupplementSupplied(), on(31)))
    # Three working days and a half hour were left: they end on Friday 3 April.
    assert rungs(story.tell(on(2, month=4))) == [(SOON, 1)]
    assert story.tell(on(2, "16:00", month=4)) == []


def test_a_due_date_that_a_pause_moves_withdraws_what_was_told_and_arms_again() -> None:
    story = Story(received(on(2)))
    before = story.through([on(4), on(6)])
    assert rungs(before) == [(SOON, 3), (SOON, 1)]
    story.events.append(event(SupplementRequested("thieu"), on(6, "09:00")))
    withdrawn = story.tell(on(6, "09:01"))
    assert rungs(withdrawn) == [(WITHDRAWN, 3), (WITHDRAWN, 1)]
    assert {one.withdraws for one in withdrawn} == {one.id for one in before}
    story.events.append(event(SupplementSupplied(), on(16, "09:00")))
    again = story.lives(on(31), on(16, "09:00"))
    assert [(one.act, one.rung, one.noticed_at) for one in again] == [
        (SOON, 1, on(16, "09:00")),
        (SOON, 0, on(17, "07:30")),
        (OVERDUE, -1, on(18, "07:30")),
    ]
    assert {one.id for one in again}.isdisjoint(one.id for one in before)


def test_an_extension_withdraws_and_arms_again() -> None:
    story = Story(received(on(2)))
    story.through([on(9)])
    extension = Extended(5 * 480, "phuc-tap", "mau-04", replaces_due=True)
    story.events.append(event(extension, on(9, "09:00")))
    assert rungs(story.tell(on(9, "09:01"))) == [(WITHDRAWN, 0)]
    assert rungs(story.lives(on(31), on(9, "09:01"))) == [
        (SOON, 3),
        (SOON, 1),
        (SOON, 0),
        (OVERDUE, -1),
    ]


def test_a_swap_day_withdraws_an_overdue_that_it_proves_false() -> None:
    story = Story(received(on(2)))
    (overdue,) = story.tell(on(10))
    story.registry = registry_with(closed(9))
    (withdrawn, soon) = story.tell(on(10, "09:00"))
    assert (withdrawn.act, withdrawn.withdraws) == (WITHDRAWN, overdue.id)
    assert (soon.act, soon.rung) == (SOON, 0)
    assert rungs(story.lives(on(31), on(10, "09:00"))) == [(OVERDUE, -1)]


def test_an_overdue_that_was_withdrawn_and_is_true_after_all_is_told_by_taking_that_back() -> None:
    story = Story(received(on(2)))
    (overdue,) = story.tell(on(10))
    story.registry = registry_with(closed(9))
    withdrawn, soon = story.tell(on(10, "09:00"))
    story.registry = registry_with()
    found = story.tell(on(10, "10:00"))
    assert [(one.act, one.withdraws) for one in found] == [(WITHDRAWN, withdrawn.id)]
    assert story.tell(on(10, "11:00")) == []
    story.registry = registry_with(closed(9))
    (once_more,) = story.tell(on(10, "14:00"))
    assert (once_more.act, once_more.withdraws) == (WITHDRAWN, found[0].id)
    assert rungs(story.told).count((OVERDUE, -1)) == 1
    assert stands(story.told) == {overdue.id: False, soon.id: True}


def test_an_overdue_that_stays_true_under_a_new_due_date_is_not_withdrawn() -> None:
    story = Story(received(on(2)))
    story.tell(on(16))
    story.registry = registry_with(closed(9))
    assert rungs(story.tell(on(16, "09:00"))) == [(OVERDUE, -1)]


@pytest.mark.parametrize(
    "moment",
    [on(9, "12:00"), on(9, "00:00"), on(9, "17:30"), on(7, "09:00"), on(8, "14:00")],
    ids=["at lunch", "at midnight", "at closing", "on Saturday", "on Sunday"],
)
def test_nothing_is_told_outside_working_hours_but_at_the_next_opening(moment: Instant) -> None:
    story = Story(received(on(2)))
    assert story.tell(moment) == []
    again = story.look(moment).again
    assert again in {on(9, "07:30"), on(9, "13:30"), on(10, "07:30")}
    assert len(story.tell(Instant(again or 0))) == 1


def test_a_make_up_saturday_is_a_day_of_notices_and_shifts_the_rungs() -> None:
    story = Story(received(on(2)), registry=registry_with(worked(7), closed(5)))
    told = story.lives(on(31), on(2))
    assert [one.noticed_at for one in told] == [
        on(4, "07:30"),
        on(7, "07:30"),
        on(9, "07:30"),
        on(10, "07:30"),
    ]


def test_a_half_day_has_its_notices_in_the_half_that_is_worked() -> None:
    story = Story(received(on(2)), registry=registry_with(half(6)))
    assert story.tell(on(6, "13:30")) == []
    assert rungs(story.tell(on(6, "11:29"))) == [(SOON, 1)]


def test_a_withdrawal_waits_for_working_hours_too() -> None:
    story = Story(received(on(2)))
    story.tell(on(9))
    story.events.append(event(SupplementRequested("thieu"), on(9, "17:00")))
    assert story.tell(on(9, "18:00")) == []
    assert story.look(on(9, "18:00")).again == on(10, "07:30")
    assert rungs(story.tell(on(10, "07:30"))) == [(WITHDRAWN, 0)]


def test_a_limit_in_hours_is_overdue_from_the_next_working_moment() -> None:
    story = Story(received(on(3, "07:30"), IN_HOURS))
    told = story.lives(on(31), on(3, "07:30"))
    # Four working hours from 07:30 end at 11:30, before lunch.
    assert [(one.rung, one.noticed_at) for one in told] == [
        (0, on(3, "07:30")),
        (-1, on(3, "13:30")),
    ]


def test_a_limit_in_hours_within_a_window_is_overdue_a_millisecond_later() -> None:
    story = Story(received(on(3, "08:30"), IN_HOURS))
    (_, overdue) = story.lives(on(31), on(3, "08:30"))
    assert overdue.noticed_at == on(3, "14:30") + 1


def test_a_dossier_that_is_resolved_paused_or_suspended_is_told_nothing() -> None:
    resolved = Story(received(on(2)), event(Resolved(), on(3)))
    assert resolved.lives(on(31), on(4)) == []
    paused = Story(received(on(2)), event(SupplementRequested("thieu"), on(3)))
    assert paused.lives(on(31), on(4)) == []
    taken_back = Story(received(on(2)), event(Withdrawn(), on(3)))
    assert taken_back.lives(on(31), on(4)) == []
    decree = Suspension("dich", (), (), date(2026, 3, 3), date(2026, 3, 20), "a decree")
    suspended = Story(received(on(2)), registry=registry_with(decree))
    told = suspended.lives(on(31), on(4))
    assert told
    assert min(one.noticed_at for one in told) > on(21, "00:00")


def test_a_true_overdue_stays_when_the_dossier_is_resolved_late() -> None:
    story = Story(received(on(2)))
    story.tell(on(10))
    story.events.append(event(Resolved(), on(10, "09:00")))
    assert story.lives(on(31), on(10, "09:00")) == []


def test_an_overdue_told_before_word_of_a_timely_result_came_in_is_withdrawn() -> None:
    story = Story(received(on(2)))
    story.tell(on(10))
    story.events.append(event(Resolved(), on(9, "16:00")))
    assert rungs(story.tell(on(10, "09:00"))) == [(WITHDRAWN, -1)]


def test_a_swap_day_withdraws_the_false_overdue_of_a_closed_dossier_too() -> None:
    story = Story(received(on(2)))
    story.tell(on(10))
    story.events.append(event(Resolved(), on(10, "09:00")))
    story.registry = registry_with(closed(9))
    assert rungs(story.tell(on(10, "09:01"))) == [(WITHDRAWN, -1)]


def test_a_dossier_that_is_gone_takes_its_notices_with_it() -> None:
    story = Story(received(on(2)))
    (soon,) = story.tell(on(9))
    found = look_at(Seen(CODE, None, None, story.told), story.registry, on(9, "09:00"))
    assert [one.withdraws for one in found.notices] == [soon.id]


def test_a_step_has_rungs_of_its_own_for_each_stay() -> None:
    story = Story(
        received(on(2), WITH_STEPS), event(Forwarded("tu-phap", "tham-dinh"), on(2, "08:30"))
    )
    # Two working days: the step is due on Wednesday 4 at 08:30.
    told = story.through([on(2, "09:00"), on(3), on(4), on(4, "09:00")])
    of_step = [one for one in told if one.subject is Subject.STEP]
    assert [(one.act, one.rung) for one in of_step] == [
        (SOON, 3),
        (SOON, 1),
        (SOON, 0),
        (OVERDUE, -1),
    ]
    assert {(one.step, one.department) for one in of_step} == {("tham-dinh", "tu-phap")}
    story.events.append(event(Forwarded("lanh-dao", "ky"), on(4, "10:00")))
    (signing,) = story.tell(on(4, "10:01"))
    assert (signing.step, signing.department, signing.rung) == ("ky", "lanh-dao", 1)
    story.events.append(event(Forwarded("tu-phap", "tham-dinh"), on(4, "14:00")))
    again = story.tell(on(4, "14:01"))
    assert {one.id for one in again}.isdisjoint(one.id for one in of_step)


def test_a_dossier_handed_on_in_time_withdraws_the_notice_that_its_step_got_meanwhile() -> None:
    story = Story(
        received(on(2), WITH_STEPS), event(Forwarded("tu-phap", "tham-dinh"), on(2, "08:30"))
    )
    story.through([on(2, "09:00"), on(4, "09:00")])
    story.events.append(event(Forwarded("lanh-dao", "ky"), on(4, "08:00")))
    withdrawn = [one for one in story.tell(on(4, "09:05")) if one.act is WITHDRAWN]
    assert [(one.step, one.rung) for one in withdrawn] == [("tham-dinh", -1)]


def test_a_step_that_never_was_takes_its_notices_with_it() -> None:
    forwarded = event(Forwarded("tu-phap", "tham-dinh"), on(2, "08:30"))
    story = Story(received(on(2), WITH_STEPS), forwarded)
    story.through([on(2, "09:00")])
    story.events.append(event(Voided(forwarded.event_id, "nham"), on(2, "10:00")))
    (withdrawn,) = story.tell(on(2, "10:01"))
    assert (withdrawn.act, withdrawn.subject) == (WITHDRAWN, Subject.STEP)


def test_a_province_sets_rungs_of_its_own() -> None:
    rules = DeadlineRules("", date(2020, 1, 1), notice_rungs=(2,))
    story = Story(received(on(2)), registry=registry_with(rules))
    assert [(one.rung, one.noticed_at) for one in story.lives(on(31), on(2))] == [
        (2, on(5, "07:30")),
        (-1, on(10, "07:30")),
    ]


def test_a_clock_set_back_tells_nothing_again_and_withdraws_nothing() -> None:
    story = Story(received(on(2)))
    story.tell(on(10))
    assert story.lives(on(31), on(2)) == []


def test_a_dossier_without_a_due_date_waits_for_a_change_only() -> None:
    story = Story(received(on(2), "9.999999"))
    assert story.look(on(3)).notices == ()
    assert story.look(on(3)).again == LATER
