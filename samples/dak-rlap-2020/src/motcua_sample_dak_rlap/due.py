"""When a limit ends, counted day by day with the finger on the calendar.

Slow and plain on purpose: the figures that the sample promises rest on this counting alone, and
not on the engine that is to arrive at them. Rules: the receipt day is day 0 (Civil Code 2015 art.
147), N working days end N working days later, an end of calendar days on a day off moves to the
next working day (art. 148), and a same-day procedure received after its cut-off counts from the
next working day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from motcua_sample_dak_rlap.instants import local
from motcua_sample_dak_rlap.office_hours import WINDOWS, is_working_day, next_working_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from motcua_sample_dak_rlap.catalogue import Limit

_WORKDAY_MINUTES = 480


class Pause(NamedTuple):
    """A closed pause: two instants, and whether the full limit runs again from its end."""

    opened: int
    closed: int
    restarts: bool


@dataclass(frozen=True)
class Due:
    """The due day (hạn trả); for limits in hours also the local moment that decides."""

    day: date
    moment: datetime | None = None


def due(limit: Limit, received: int, pauses: Sequence[Pause] = (), added: int = 0) -> Due | None:
    """The due date of a limit with `added` minutes of extension; None without a limit.

    A pause that opens after the limit has run out does not move it any more.

    Raises:
        ValueError: a pause in a limit of calendar days, which the sample does not have.
    """
    counted: list[Pause] = []
    for pause in pauses:
        if _has_passed(_due(limit, received, counted, added), pause.opened):
            break
        counted.append(pause)
    return _due(limit, received, counted, added)


def _has_passed(end: Due | None, instant: int) -> bool:
    if end is None:
        return False
    at = local(instant)
    return at.date() > end.day if end.moment is None else at > end.moment


def _due(limit: Limit, received: int, pauses: Sequence[Pause], added: int) -> Due | None:
    if limit.unit == "none":
        return None
    budget = timedelta(minutes=limit.minutes + added)
    if limit.unit == "calendar_days":
        if pauses:
            raise ValueError("no pause in a limit of calendar days")
        return Due(_working(local(received).date() + budget))
    start, taken = _start(limit, received), timedelta()
    for pause in pauses:
        if pause.restarts:
            start, taken = _start(limit, pause.closed), timedelta()
        else:
            taken += working_time(local(pause.opened), local(pause.closed))
    if limit.unit == "working_hours":
        end = _walk(start, budget + taken)
        return Due(end.date(), end)
    days, rest = divmod(budget + taken, timedelta(minutes=_WORKDAY_MINUTES))
    for _ in range(days):
        start = datetime.combine(next_working_day(start.date()), start.time())
    return Due(_walk(start, rest).date())


def firm_due(
    limit: Limit, received: int, pauses: Sequence[Pause] = (), added: int = 0
) -> Due | None:
    """The due date where every reasonable reading of the pauses agrees, else None.

    A pause may be taken off in working time, in whole days by its dates, or from the end of the
    due day; the sample uses only dossiers for which all three end on the same day, and whose
    pauses all opened in time.
    """
    exact = due(limit, received, pauses, added)
    if exact != _due(limit, received, pauses, added):
        return None
    if exact is None or limit.unit != "working_days":
        return exact
    start, after, taken = received, 0, timedelta()
    for pause in pauses:
        if pause.restarts:
            start, after, taken = pause.closed, 0, timedelta()
        else:
            after += _days_between(local(pause.opened).date(), local(pause.closed).date())
            taken += working_time(local(pause.opened), local(pause.closed))
    plain = due(limit, start, (), added)
    if plain is None:
        return None
    by_dates = plain.day
    for _ in range(after):
        by_dates = next_working_day(by_dates)
    from_end = _walk(datetime.combine(plain.day, _clock(WINDOWS[-1][1])), taken).date()
    return exact if exact.day == by_dates == from_end else None


def working_time(first: datetime, last: datetime) -> timedelta:
    """The working time between two local moments."""
    total, day = timedelta(), first.date()
    while day <= last.date():
        for opening, closing in _windows(day):
            total += max(timedelta(), min(last, closing) - max(first, opening))
        day += timedelta(days=1)
    return total


def _start(limit: Limit, received: int) -> datetime:
    """Day 0 and the moment in it: nights, lunch breaks and days off lead to the next opening."""
    at = local(received)
    late = limit.cutoff is not None and at.time() > _clock(limit.cutoff)
    if is_working_day(at.date()) and not late:
        for opening, closing in _windows(at.date()):
            if at < closing:
                return max(at, opening)
    return datetime.combine(next_working_day(at.date()), _clock(WINDOWS[0][0]))


def _walk(start: datetime, working: timedelta) -> datetime:
    """The local moment at which so much working time has passed."""
    end, day = start, start.date()
    while working > timedelta():
        for opening, closing in _windows(day):
            begin = max(start, opening)
            spent = min(working, max(timedelta(), closing - begin))
            if spent:
                end, working = begin + spent, working - spent
        day += timedelta(days=1)
    return end


def _working(day: date) -> date:
    return day if is_working_day(day) else next_working_day(day)


def _days_between(first: date, last: date) -> int:
    count = 0
    while first < last:
        first, count = next_working_day(first), count + 1
    return count


def _windows(day: date) -> Iterator[tuple[datetime, datetime]]:
    if is_working_day(day):
        for opening, closing in WINDOWS:
            yield datetime.combine(day, _clock(opening)), datetime.combine(day, _clock(closing))


def _clock(minute: int) -> time:
    return time(minute // 60, minute % 60)
