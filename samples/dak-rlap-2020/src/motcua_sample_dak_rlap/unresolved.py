"""The telling of dossiers without a result: still open, ended otherwise, or never received."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motcua_sample_dak_rlap.catalogue import DISTRICT
from motcua_sample_dak_rlap.chance import between, happens
from motcua_sample_dak_rlap.due import Due, due, firm_due
from motcua_sample_dak_rlap.instants import DAY, HOUR
from motcua_sample_dak_rlap.office_hours import END, LAST, LAST_POSITION
from motcua_sample_dak_rlap.resolving import (
    REFUSAL_FORM,
    SUPPLEMENT_FORM,
    can_pause,
    due_day_is_late,
    is_within,
    one_pause,
    pause,
    reach_department,
)
from motcua_sample_dak_rlap.story import Story, Unfit

if TYPE_CHECKING:
    from collections.abc import Callable

_PAUSES = {
    "open_supplement": "SupplementRequested",
    "open_payment": "PaymentRequested",
    "open_stopped": "Stopped",
}


def leave_open(story: Story) -> None:
    """Tell a received dossier that is in progress on 30/10/2020 17:00."""
    if story.fate in _PAUSES:
        _paused(story)
    elif story.fate == "open_no_deadline":
        if story.limit.unit != "none":
            raise Unfit
        reach_department(story)
    elif story.fate == "open_overdue":
        reach_department(story)
        if not due_day_is_late(_due(story), LAST):
            raise Unfit
    elif story.fate == "open_received":
        if not is_within(_due(story), END):
            raise Unfit
    else:
        _running(story)


def end_otherwise(story: Story) -> None:
    """Tell a received dossier that is withdrawn, stopped for good, or refused in the end."""
    _ENDINGS[story.fate](story)


def refuse_at_counter(story: Story, position: int) -> None:
    """Filed online and not received; a few were first asked for a supplement."""
    rng = story.rng
    story.file(position)
    if happens(rng, 0.06):
        story.tell("SupplementRequested", position, reason="thieu-giay-to", form=SUPPLEMENT_FORM)
        position += between(rng, 5 * 480, 10 * 480)
    reason = rng.choice(("khong-thuoc-tham-quyen", "thieu-giay-to", "trung-ho-so"))
    story.tell("Refused", position, reason=reason, form=REFUSAL_FORM)


def withdraw_unreceived(story: Story, position: int) -> None:
    """Filed online and withdrawn before anyone received it."""
    story.file(position)
    story.tell("Withdrawn", position, reason="nop-nham")


def await_reception(story: Story) -> None:
    """Filed online and not answered yet: in the last day, at the district days ago already.

    So the district's one-stop is late with its answers, beyond the 8 working hours that it has.
    """
    waited = story.rng.randrange(HOUR // 2, 21 * HOUR)
    overlooked = 3 * DAY if story.receiving_unit == DISTRICT else 0
    story.file_at(END - waited - overlooked)


def _due(story: Story) -> Due:
    found = due(story.limit, story.received)
    if found is None:
        raise Unfit
    return found


def _running(story: Story) -> None:
    reach_department(story)
    ends = _due(story)
    if can_pause(story) and happens(story.rng, 0.06):
        closed = one_pause(story, "SupplementRequested")
        firm = firm_due(story.limit, story.received, [closed])
        if firm is None:
            raise Unfit
        ends = firm
    if not is_within(ends, END):
        raise Unfit
    room = LAST_POSITION - story.position
    steps = [step.id for step in story.procedure.steps]
    if room > 8 * HOUR and "phoi-hop" in steps and happens(story.rng, 0.5):
        story.forward("phoi-hop", story.position + story.rng.randrange(HOUR, room))


def _paused(story: Story) -> None:
    if not can_pause(story):
        raise Unfit
    reach_department(story)
    pause(story, _PAUSES[story.fate])


def _withdraw(story: Story) -> None:
    rng = story.rng
    reached = happens(rng, 0.7)
    if reached:
        reach_department(story)
    if reached and can_pause(story) and happens(rng, 0.2):
        pause(story, rng.choice(("SupplementRequested", "PaymentRequested")))
    wait = between(rng, 60, 480) if not can_pause(story) else between(rng, 120, 2 * 480)
    reason = rng.choice(("thay-doi-nhu-cau", "nop-nham", "bo-sung-khong-kip"))
    story.tell("Withdrawn", story.position + wait, reason=reason)


def _stop_for_good(story: Story) -> None:
    if not can_pause(story):
        raise Unfit
    reach_department(story)
    reason = story.rng.choice(("khong-du-dieu-kien", "co-tranh-chap"))
    wait = between(story.rng, 200, 3 * 480)
    story.tell("Stopped", story.position + wait, reason=reason, form="", final=True)


def _refuse(story: Story) -> None:
    if not can_pause(story):
        raise Unfit
    if happens(story.rng, 0.7):
        reach_department(story)
    pause(story, "SupplementRequested")
    wait = between(story.rng, 10 * 480, 30 * 480)
    story.tell("Refused", story.position + wait, reason="het-han-bo-sung", form=REFUSAL_FORM)


_ENDINGS: dict[str, Callable[[Story], None]] = {
    "withdrawn": _withdraw,
    "stopped": _stop_for_good,
    "refused": _refuse,
}
