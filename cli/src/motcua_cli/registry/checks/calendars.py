"""Calendars: scopes that exist, days that the calendar answers for, and at least one to work on."""

from collections.abc import Iterator
from datetime import date

from motcua.registry.v1 import registry_pb2 as pb

from motcua_cli.registry.checks.book import Book, unknown
from motcua_cli.registry.faults import Fault
from motcua_cli.registry.values import day_of


def calendar_faults(book: Book) -> Iterator[Fault]:
    """The faults of the given weeks and days."""
    for kind in ("working_week", "calendar_day"):
        for one in book.of(kind):
            scope = getattr(one.entry, kind).scope
            yield from unknown(one, (kind, "scope"), filter(None, [scope]), book.units)
    yield from _range_faults(book)
    yield from _idle_faults(book)


def _range_faults(book: Book) -> Iterator[Fault]:
    for one in book.of("calendar_day"):
        entry = one.entry.calendar_day
        day, span = day_of(entry.day), _span(book.week_of(entry.scope))
        if day is None or span is None or span[0] <= day <= span[1]:
            continue
        yield Fault(
            one.at("calendar_day", "day"),
            "calendar.day-range",
            f"ngày {day} nằm ngoài lịch làm việc {span[0]} - {span[1]}",
            "the day lies outside the range of its working week",
        )


def _idle_faults(book: Book) -> Iterator[Fault]:
    """A calendar without a single working day, told once a scope."""
    told: set[str] = set()
    for kind in ("working_week", "calendar_day"):
        for one in book.of(kind):
            scope = getattr(one.entry, kind).scope
            if scope in told or _has_work(book, scope):
                continue
            told.add(scope)
            yield Fault(
                one.place,
                "calendar.working-day",
                f"lịch của {scope or 'cả nước'} không có ngày làm việc nào",
                f"no working day at all in the calendar of {scope or 'the nation'}",
            )


def _has_work(book: Book, scope: str) -> bool:
    """Whether there is a working day; also where there is no calendar to judge."""
    week = book.week_of(scope)
    span = _span(week)
    if week is None or span is None:
        return True
    special = _special_days(book, scope)
    first, last = (day.toordinal() for day in span)
    days = map(date.fromordinal, range(first, last + 1))
    return any(_works(day, week, special.get(day)) for day in days)


def _span(week: pb.WorkingWeek | None) -> tuple[date, date] | None:
    if week is None:
        return None
    first, last = day_of(week.first_day), day_of(week.last_day)
    return (first, last) if first and last and first <= last else None


def _special_days(book: Book, scope: str) -> dict[date, pb.CalendarDay]:
    """The days set apart for a scope; the more specific layer wins."""
    chain = book.chain(scope)
    return {
        day: entry
        for entry in sorted(book.days, key=lambda entry: entry.layer)
        if entry.scope in chain
        and entry.kind != pb.DAY_KIND_UNSPECIFIED
        and (day := day_of(entry.day))
    }


def _works(day: date, week: pb.WorkingWeek, special: pb.CalendarDay | None) -> bool:
    if special is None:
        number = day.weekday()
        return number < len(week.days) and bool(week.days[number].windows)
    if special.kind == pb.DAY_KIND_CLOSED:
        return False
    return bool(special.windows) or any(one.windows for one in week.days)
