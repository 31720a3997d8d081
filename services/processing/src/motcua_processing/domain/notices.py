"""Notices of deadlines (thông báo hạn): which rung is reached, and which notice proved false.

A rung n is reached with the working day that lies n working days before the due day, rung
`PASSED` once the due date has passed. Only the most urgent rung is told; those it leaves behind
count as done. Nothing is told outside working hours. The id of a notice is made of what it
speaks of, so that each rung is told once for a due date. A notice that proved false is withdrawn;
should it prove true again, its withdrawal is withdrawn, and so on.

Sources: design section 3; features section 3, lines 7, 9, 14 and 18.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

from motcua_kernel.calendar import Calendar
from motcua_kernel.clock import Due
from motcua_kernel.errors import BeyondCalendar
from motcua_kernel.instant import DAY, Instant, day_number, midnight
from motcua_kernel.state import NEVER
from motcua_kernel.verdict import is_overdue, is_resting

DEFAULT_RUNGS: Final = (3, 1, 0)
PASSED: Final = -1
"""The rung of a due date that has passed."""
KEPT_IN_VIEW: Final = 31 * DAY
"""So long after its end a dossier is looked at when an event of it comes in late."""
LATER: Final = Instant(2**62)
"""Not before something changes."""
_WITHDRAWN: Final = ":withdrawn:"


class Subject(IntEnum):
    """What is due."""

    DOSSIER = 1
    STEP = 2


class Act(IntEnum):
    """What is said of it: sắp đến hạn, quá hạn, or that an earlier notice proved false."""

    DUE_SOON = 1
    OVERDUE = 2
    WITHDRAWN = 3


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice; the fields are those of `motcua.notice.v1.Notice`."""

    id: str
    dossier: str
    subject: Subject
    step: str
    department: str
    unit: str
    act: Act
    rung: int
    due_day: int
    due_moment: Instant
    noticed_at: Instant
    withdraws: str = ""

    @property
    def order(self) -> tuple[bool, int, str]:
        """Withdrawals come first, then what is due first."""
        return self.act is not Act.WITHDRAWN, self.due_moment, self.id


class Watched(NamedTuple):
    """A dossier, or one stay of it at a step; `ended` is 0 while it goes on."""

    key: str
    subject: Subject
    step: str
    department: str
    due: Due | None
    ended: Instant = NEVER


class View(NamedTuple):
    """What is to be known of a dossier; without anything watched it is gone.

    `runs`: it is in progress and not paused; `rests` are the days on which it rests by itself.
    `unit` is the reporting unit, `calendar` that of the unit that resolves.
    """

    dossier: str
    unit: str
    watched: tuple[Watched, ...]
    runs: bool
    rests: tuple[int, ...]
    calendar: Calendar
    rungs: tuple[int, ...] = DEFAULT_RUNGS


class Look(NamedTuple):
    """What is to be told now, and when to look again unless something changes before.

    `again` is None for a dossier of which nothing more is expected.
    """

    notices: tuple[Notice, ...]
    again: Instant | None


class _Known(NamedTuple):
    notice: Notice
    withdrawals: int

    @property
    def stands(self) -> bool:
        return self.withdrawals % 2 == 0


def notice_id(key: str, due: Due, rung: int) -> str:
    """The id of a notice: a limit in days is told for its day, one in hours for its moment.

    >>> notice_id("H16-1:dossier", Due(738_000, Instant(7), by_day=True), 3)
    'H16-1:dossier:d738000:3'
    """
    return f"{key}:d{due.day}:{rung}" if due.by_day else f"{key}:m{due.moment}:{rung}"


def dossier_key(dossier: str) -> str:
    """What the ids of all notices of a dossier itself begin with."""
    return f"{dossier}:dossier"


def step_key(dossier: str, step: str, entered: Instant) -> str:
    """What the ids of all notices of one stay at a step begin with."""
    return f"{dossier}:step:{step}:{entered}"


def withdrawn_id(identifier: str) -> str:
    """The id of the notice that a withdrawal, or the withdrawal of one, goes back to.

    >>> withdrawn_id("H16-1:dossier:d738000:3:withdrawn:2")
    'H16-1:dossier:d738000:3'
    """
    return identifier.rpartition(_WITHDRAWN)[0]


def look(view: View, told: Sequence[Notice], now: Instant) -> Look:
    """What is to be told of a dossier at a moment, after what was `told` before."""
    known = _known(told)
    try:
        notices = tuple(_decide(view, known, now))
    except BeyondCalendar:
        return Look((), LATER)
    return Look(notices, _again(view, known, now))


def stands(told: Iterable[Notice]) -> dict[str, bool]:
    """Of each notice that is no withdrawal, by its id, whether it stands."""
    return {identifier: one.stands for identifier, one in _known(told).items()}


def _known(told: Iterable[Notice]) -> dict[str, _Known]:
    notices = list(told)
    withdrawals = Counter(withdrawn_id(one.id) for one in notices if one.act is Act.WITHDRAWN)
    return {
        one.id: _Known(one, withdrawals[one.id]) for one in notices if one.act is not Act.WITHDRAWN
    }


def _decide(view: View, known: Mapping[str, _Known], now: Instant) -> Iterator[Notice]:
    if not view.calendar.is_working(now):
        return
    watched = {one.key: one for one in view.watched}
    for one in known.values():
        subject = watched.get(one.notice.id.rsplit(":", 2)[0])
        if one.stands and not _is_true(one.notice, subject, view.calendar, now):
            yield _withdrawal(one, now)
    if not view.runs or is_resting(view.rests, day_number(now)):
        return
    for one in view.watched:
        fresh = _fresh(view, one, known, now)
        if fresh is not None:
            yield fresh


def _is_true(notice: Notice, subject: Watched | None, calendar: Calendar, now: Instant) -> bool:
    """Whether what a notice said is true by what is known now.

    What has ended is judged by its end. Its due date is known for a dossier only: a stay that is
    over keeps what was told before it was over.
    """
    if subject is None:
        return False
    at = max(now, notice.noticed_at)
    if subject.ended != NEVER:
        if subject.due is None:
            return notice.noticed_at <= subject.ended
        at = min(at, subject.ended)
    return subject.due is not None and _is_reached(notice.rung, subject.due, calendar, at)


def _fresh(
    view: View, watched: Watched, known: Mapping[str, _Known], now: Instant
) -> Notice | None:
    """The notice of the most urgent rung reached, unless it or a more urgent one stands."""
    due = watched.due
    if due is None or watched.ended != NEVER:
        return None
    rungs = sorted({PASSED, *view.rungs})
    urgent = [rung for rung in rungs if _is_reached(rung, due, view.calendar, now)][:1]
    if not urgent:
        return None
    rung = urgent[0]
    for other in (one for one in rungs if one < rung):
        before = known.get(notice_id(watched.key, due, other))
        if before is not None and before.stands:
            return None
    identifier = notice_id(watched.key, due, rung)
    if identifier in known:
        before = known[identifier]
        return None if before.stands else _withdrawal(before, now)
    return Notice(
        identifier,
        view.dossier,
        watched.subject,
        watched.step,
        watched.department,
        view.unit,
        Act.OVERDUE if rung == PASSED else Act.DUE_SOON,
        rung,
        due.day,
        due.moment,
        now,
    )


def _withdrawal(known: _Known, now: Instant) -> Notice:
    """The withdrawal of a notice, or of its last withdrawal."""
    notice, number = known.notice, known.withdrawals
    return Notice(
        f"{notice.id}{_WITHDRAWN}{number + 1}",
        notice.dossier,
        notice.subject,
        notice.step,
        notice.department,
        notice.unit,
        Act.WITHDRAWN,
        notice.rung,
        notice.due_day,
        notice.due_moment,
        now,
        f"{notice.id}{_WITHDRAWN}{number}" if number else notice.id,
    )


def _is_reached(rung: int, due: Due, calendar: Calendar, at: Instant) -> bool:
    if rung == PASSED:
        return is_overdue(due, at)
    return day_number(at) >= _day_of(rung, due, calendar)


def _day_of(rung: int, due: Due, calendar: Calendar) -> int:
    """The working day that lies so many working days before the due day."""
    day, left = due.day, rung
    while left or not calendar.is_working_day(day):
        left -= calendar.is_working_day(day)
        day -= 1
    return day


def _again(view: View, known: Mapping[str, _Known], now: Instant) -> Instant | None:
    """The next moment at which there may be something to tell."""
    try:
        working = view.calendar.working_from(now)
        if working > now and any(True for _ in _decide(view, known, working)):
            return working
    except BeyondCalendar:
        return LATER
    if view.runs:
        return min(_reached_later(view, now), default=LATER)
    if not any(one.stands for one in known.values()):
        return None
    ended = max((one.ended for one in view.watched), default=NEVER)
    until = Instant(ended + KEPT_IN_VIEW) if ended != NEVER else LATER
    return until if until > now else None


def _reached_later(view: View, now: Instant) -> Iterator[Instant]:
    calendar = view.calendar
    for first, last in zip(view.rests[::2], view.rests[1::2], strict=True):
        if first <= day_number(now) <= last:
            try:
                yield calendar.working_from(midnight(last + 1))
            except BeyondCalendar:
                continue
    for one in view.watched:
        if one.due is None or one.ended != NEVER:
            continue
        for rung in {PASSED, *view.rungs}:
            try:
                start = _start_of(rung, one.due, calendar)
                if start > now:
                    yield start
            except BeyondCalendar:
                continue


def _start_of(rung: int, due: Due, calendar: Calendar) -> Instant:
    """When a rung is told: at the first working moment at which it is reached."""
    if rung != PASSED:
        return calendar.opening(_day_of(rung, due, calendar))
    passed = midnight(due.day + 1) if due.by_day else Instant(due.moment + 1)
    return calendar.working_from(passed)
