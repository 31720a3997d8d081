"""Seeded random calendars and ledgers, with a liking for boundaries."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from motcua_kernel.calendar import DayKind, Layer, Override, Week, Window, Windows
from motcua_kernel.clock import EndRule, Holder, Ledger, Limit, LimitUnit, Pause, PauseMode
from motcua_kernel.instant import DAY, HOUR, MINUTE, Instant, at_local

if TYPE_CHECKING:
    from random import Random

FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)

HOURS: tuple[Windows, ...] = (
    (Window(450, 690), Window(810, 1050)),
    (Window(420, 690), Window(810, 1020)),
    (Window(450, 690), Window(810, 990)),
    (Window(420, 700), Window(780, 1047)),
    (Window(480, 960),),
    (Window(400, 500), Window(500, 700), Window(900, 1100)),
)
HALF_DAYS: tuple[Windows, ...] = (
    (Window(450, 690),),
    (Window(810, 1020),),
    (Window(500, 551), Window(600, 700)),
)
EDGES = sorted({m for h in HOURS for w in h for m in (w.start_minute, w.end_minute)} | {0, 900})


def random_week(random: Random) -> Week:
    usual = random.choice(HOURS)
    friday = random.choice((usual, *HOURS))
    saturday = random.choice(((), (), random.choice(HALF_DAYS)))
    return (usual, usual, usual, usual, friday, saturday, ())


def random_overrides(random: Random) -> list[Override]:
    return [_override(random, offset) for offset in range(random.randrange(250))]


def _override(random: Random, offset: int) -> Override:
    kind = random.choice(list(DayKind))
    own = {DayKind.CLOSED: ((),), DayKind.WORKING: ((), *HOURS), DayKind.HALF: HALF_DAYS}[kind]
    day = FIRST + timedelta(days=random.randrange((LAST - FIRST).days + 1))
    return Override(day, kind, random.choice(own), "", offset, random.choice(list(Layer)))


def random_instant(random: Random) -> Instant:
    day = FIRST + timedelta(days=random.randrange(1, 760))
    if random.random() < 0.5:
        return Instant(at_local(day, random.choice(EDGES)) + random.choice((-1, 0, 0, 1)))
    return Instant(at_local(day, 0) + random.randrange(DAY))


def random_limit(random: Random) -> Limit:
    """A limit of any unit, now and then of two or three phases."""
    unit = random.choice(list(LimitUnit)[1:]) if random.random() < 0.97 else LimitUnit.NONE
    cutoff = random.choice((None, None, 900)) if unit is LimitUnit.WORKING_DAYS else None
    end_rule = random.choice(list(EndRule))
    phased = unit is not LimitUnit.NONE and random.random() < 0.3
    then = random_phases(random, random.choice((1, 1, 2))) if phased else None
    amount = _amount(random, unit, least=1 if phased else 0)
    return Limit(unit, amount, end_rule, cutoff, then)


def random_phases(random: Random, count: int) -> Limit | None:
    if not count:
        return None
    unit = random.choice(list(LimitUnit)[1:])
    then = random_phases(random, count - 1)
    return Limit(unit, _amount(random, unit, least=1), random.choice(list(EndRule)), None, then)


def _amount(random: Random, unit: LimitUnit, *, least: int) -> int:
    size = {LimitUnit.WORKING_DAYS: 480, LimitUnit.WORKING_HOURS: 60}.get(unit, 1440)
    if random.random() < 0.2:
        return random.randrange(least, 20 * size)
    return max(least, random.choice((0, size // 2, size, 3 * size, random.randrange(20) * size)))


def random_ledger(random: Random) -> Ledger:
    started = random_instant(random)
    extension = random.choice((0, 0, 0, 480, 60))
    return Ledger(random_limit(random), started, random_pauses(random, started), extension)


def random_pauses(random: Random, started: Instant) -> tuple[Pause, ...]:
    """Pauses in order of opening, one after the other or overlapping, at times one still open."""
    pauses: list[Pause] = []
    moment = started + random.choice((-DAY, 0, 0, 0))
    for _ in range(random.choice((0, 0, 1, 1, 2, 3, 4))):
        opened = moment + random.choice((0, random.randrange(4 * DAY), random.randrange(4 * DAY)))
        closed = opened + _duration(random)
        mode = PauseMode.RESTART if random.random() < 0.25 else PauseMode.CONTINUE
        end = None if random.random() < 0.05 else Instant(closed)
        pauses.append(Pause(Instant(opened), end, mode, "supplement", Holder.APPLICANT))
        moment = closed if random.random() < 0.7 else opened
    return tuple(pauses)


def _duration(random: Random) -> int:
    return random.choice(
        (0, 1, MINUTE, HOUR, DAY, random.randrange(3 * DAY), random.randrange(20 * DAY))
    )
