"""The telling of resolved dossiers: early, on time or overdue by the counting of `due`."""

from __future__ import annotations

from motcua_sample_dak_rlap.chance import between, happens
from motcua_sample_dak_rlap.due import Due, Pause, firm_due
from motcua_sample_dak_rlap.instants import HOUR, MINUTE, local
from motcua_sample_dak_rlap.office_hours import DAY_NUMBERS, LAST, WORKDAY
from motcua_sample_dak_rlap.story import Story, Unfit

SUPPLEMENT_FORM = "02/01-2018-TT-VPCP"
REFUSAL_FORM = "03/01-2018-TT-VPCP"
APOLOGY_FORM = "04/01-2018-TT-VPCP"

_THREE_DAYS = 3 * 480
_SHORT = 480
_PAUSED_SHARE = {"SupplementRequested": 0.07, "PaymentRequested": 0.05, "Stopped": 0.008}
_REASONS = {
    "SupplementRequested": ("thieu-giay-to", "giay-to-het-han", "sai-mau-don"),
    "PaymentRequested": ("le-phi", "nghia-vu-thue-dat", "tien-su-dung-dat"),
    "Stopped": ("cho-xac-minh", "co-tranh-chap"),
}


def resolve(story: Story, outcome: str) -> None:
    """Tell a received dossier up to its result, and mostly to the hand-over."""
    rng, limit = story.rng, story.limit
    if limit.unit == "none":
        raise Unfit
    quick = limit.unit != "calendar_days" and limit.minutes <= _SHORT
    pauses: list[Pause] = []
    if can_pause(story) and happens(rng, 0.015):
        pauses.append(one_pause(story, "SupplementRequested"))
    if not (quick and happens(rng, 0.25)):
        reach_department(story)
    pauses += _pauses(story)
    added = _extension(story, outcome) if not pauses else 0
    due = firm_due(limit, story.received, pauses, added)
    if due is None:
        raise Unfit
    position = _resolution(story, outcome, due)
    _middle_steps(story, position)
    story.tell("Resolved", position, result_code=f"KQ.H16.{rng.randrange(1_000_000):06}")
    _hand_over(story)


def reach_department(story: Story) -> None:
    """The first forwarding, from the one-stop to the lead department."""
    limit = story.limit
    quick = limit.unit != "calendar_days" and limit.minutes <= _SHORT
    wait = (3, 20) if quick else (10, 220)
    story.forward("giai-quyet", story.position + between(story.rng, *wait))


def pause(story: Story, kind: str) -> None:
    """Open a pause now; the story's position must be that of a dossier in process."""
    data = {"reason": story.rng.choice(_REASONS[kind])}
    if kind == "SupplementRequested":
        data["form"] = SUPPLEMENT_FORM
    at = story.position + between(story.rng, 30, 900)
    story.tell(kind, at, **data, **({"final": False} if kind == "Stopped" else {}))


def resume(story: Story, kind: str) -> None:
    """Close the pause that was opened last, one to twelve working days later."""
    at = story.position + between(story.rng, 300, 12 * 480)
    if kind == "SupplementRequested":
        story.tell("SupplementSupplied", at)
    elif kind == "PaymentRequested":
        story.tell("PaymentPaid", at)
    else:
        story.tell("Resumed", at, reason="da-xac-minh")


def can_pause(story: Story) -> bool:
    """Whether the sample pauses such dossiers: limits of three working days and more."""
    limit = story.limit
    return limit.unit == "working_days" and limit.minutes >= _THREE_DAYS


def one_pause(story: Story, kind: str) -> Pause:
    """Pause and resume."""
    pause(story, kind)
    opened = story.happenings[-1].at
    resume(story, kind)
    restarts = kind == "SupplementRequested" and story.procedure.supplement_restarts
    return Pause(opened, story.happenings[-1].at, restarts)


def _pauses(story: Story) -> list[Pause]:
    if not can_pause(story):
        return []
    kinds = [kind for kind, share in _PAUSED_SHARE.items() if happens(story.rng, share)]
    return [one_pause(story, kind) for kind in kinds]


def _extension(story: Story, outcome: str) -> int:
    """Extend (gia hạn) or re-appoint (hẹn lại); the minutes count only where they replace."""
    rng, limit = story.rng, story.limit
    share = 0.5 if outcome == "overdue" else 0.006
    if not can_pause(story) or limit.minutes < 2 * _THREE_DAYS or not happens(rng, share):
        return 0
    replaces = outcome != "overdue" and happens(rng, 0.25)
    minutes = 480 * rng.randrange(2, 6)
    story.tell(
        "Extended",
        story.position + between(rng, 480, 1400),
        added_minutes=minutes,
        reason="xac-minh-thuc-dia",
        form=APOLOGY_FORM,
        replaces_due=replaces,
    )
    return minutes if replaces else 0


def _resolution(story: Story, outcome: str, due: Due) -> int:
    """The position of the result; whole days away from the due date unless on it."""
    rng = story.rng
    due_day = DAY_NUMBERS[due.day]
    first = (story.position + 25 * MINUTE) // WORKDAY
    if outcome == "early":
        day = due_day - 1 - int(rng.random() ** 2 * max(1, due_day - first))
    elif outcome == "overdue":
        day = due_day + rng.randrange(2, 13)
    elif due.moment is None:
        day = due_day
    else:
        raise Unfit  # limits in hours compare moments: nothing is exactly on time
    if day < first or day > LAST:
        raise Unfit
    opens = max(day * WORKDAY + 15 * MINUTE, story.position + 20 * MINUTE)
    closes = day * WORKDAY + 435 * MINUTE
    if opens >= closes:
        raise Unfit
    return rng.randrange(opens, closes)


def _middle_steps(story: Story, until: int) -> None:
    """Forwardings between departments on the way to the signature."""
    rng, shares = story.rng, {"phoi-hop": 0.7, "ky-duyet": 0.85}
    if all(event.kind != "Forwarded" for event in story.happenings):
        return
    steps = [s.id for s in story.procedure.steps if rng.random() < shares.get(s.id, 0.0)]
    first, last = story.position + 5 * MINUTE, until - 5 * MINUTE
    if last - first < 10 * MINUTE * len(steps):
        return
    places = sorted(rng.randrange(first, last) for _ in steps)
    for number, (step, place) in enumerate(zip(steps, places, strict=True)):
        story.forward(step, max(place, story.position + 2 * MINUTE) if number else place)


def _hand_over(story: Story) -> None:
    """The result reaches the applicant, unless it is never collected or the sample ends."""
    rng = story.rng
    if happens(rng, 0.03):
        return
    wait = between(rng, 10, 240) if happens(rng, 0.6) else between(rng, 240, 4 * 480)
    by_post = story.channel == "post" or happens(rng, 0.03)
    try:
        story.tell("Returned", story.position + wait, channel="post" if by_post else "counter")
    except Unfit:
        return


def due_day_is_late(due: Due, day: int) -> bool:
    """Whether a due day lies at least a full working day before a day's number."""
    return DAY_NUMBERS.get(due.day, day) <= day - 2


def is_within(due: Due, now: int) -> bool:
    """Whether an open dossier is surely within its time at an instant, by an hour or a day."""
    if due.moment is None:
        return due.day >= local(now).date()
    return due.moment >= local(now + 2 * HOUR)
