"""Seeded random worlds of rules, and stories of dossiers told in them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from motcua_kernel.calendar import Layer, Override
from motcua_kernel.clock import Holder, LimitUnit, PauseMode
from motcua_kernel.decrees import DeadlineRules, PauseReason, Suspension
from motcua_kernel.events import (
    KIND_OF_CHANGE,
    Change,
    Channel,
    Consulted,
    Event,
    Extended,
    Filed,
    Forwarded,
    OpinionGiven,
    PaymentPaid,
    PaymentRequested,
    Received,
    Resolved,
    Resumed,
    Stopped,
    SupplementRequested,
    SupplementSupplied,
)
from motcua_kernel.instant import DAY, HOUR, Instant, at_local
from motcua_kernel.procedures import (
    ConsultationRule,
    ExtensionRule,
    PauseCause,
    Procedure,
    TimeLimit,
    TimePhase,
)
from motcua_kernel.registry import CalendarDay, Entry, Registry, WorkingWeek
from motcua_kernel.units import Unit, UnitLevel
from random_cases import EDGES, FIRST, LAST, random_limit, random_overrides, random_week

if TYPE_CHECKING:
    from random import Random

DOSSIER = "000.00.31.H16-260302-0001"
COMMUNES = ("24733", "24736")
AGENCIES = ("24736", "cong-an")
CODES = ("1.000001", "1.000002", "1.000003", "1.000004", "1.000005", "1.000006")
REASONS = ("told", "", "plain", "running", "capped", "held")

Story = list[tuple[Instant, Change]]


class World(NamedTuple):
    """A registry, and what it was made from."""

    registry: Registry
    weeks: dict[str, WorkingWeek]
    overrides: list[tuple[str, Override]]
    base: date


def random_world(random: Random) -> World:
    base = FIRST + timedelta(days=random.randrange(20, 600))
    overrides = [
        (_scope(random, override.layer), override) for override in random_overrides(random)
    ]
    weeks = {"": WorkingWeek("", random_week(random), FIRST, LAST)}
    if random.random() < 0.5:
        weeks["24736"] = WorkingWeek("24736", random_week(random), FIRST, LAST)
    entries: list[Entry] = [
        Unit("67", "67", "Đắk Nông", UnitLevel.PROVINCE),
        *(Unit(code, code, code, UnitLevel.COMMUNE, "67") for code in COMMUNES),
        *weeks.values(),
        *(
            CalendarDay(one.layer, scope, one.day, one.kind, one.windows)
            for scope, one in overrides
        ),
        *(_procedure(random, code) for code in CODES),
        *_catalogue(random),
        *(_suspension(random, base, number) for number in range(random.choice((0, 1, 2, 3)))),
        *(_rules(random, base) for _ in range(random.randrange(4))),
    ]
    return World(Registry().with_entries(enumerate(entries)), weeks, overrides, base)


def _scope(random: Random, layer: Layer) -> str:
    wide = {Layer.NATIONAL: "", Layer.PROVINCE: "67"}
    return wide[layer] if layer in wide else random.choice(COMMUNES)


def _procedure(random: Random, code: str) -> Procedure:
    limit = random_limit(random)
    phases: list[TimePhase] = []
    then = limit.then
    while then is not None:
        by_day = bool(then.end_rule)
        phases.append(TimePhase(then.unit, then.amount, _promise(random, then.amount), by_day))
        then = then.then
    own = TimeLimit(
        Channel.UNSPECIFIED,
        limit.unit,
        limit.amount,
        _promise(random, limit.amount),
        bool(limit.end_rule),
        limit.cutoff_minute,
        tuple(phases),
    )
    return Procedure(
        code,
        code,
        FIRST,
        limits=() if limit.unit is LimitUnit.NONE else (own,),
        pause_modes=tuple(
            (cause, PauseMode.RESTART) for cause in PauseCause if random.random() < 0.3
        ),
        extension=random.choice((None, ExtensionRule(960, 1), ExtensionRule(2880, 2))),
        consultations=tuple(
            ConsultationRule(agency, random.choice((0, 480, 1000)), random.random() < 0.6)
            for agency in ("", "24736")
            if random.random() < 0.6
        ),
    )


def _promise(random: Random, minutes: int) -> int | None:
    """A committed limit, shorter or longer than the statutory one, or none."""
    return random.choice((None, None, max(1, minutes - 240), minutes + 480)) if minutes else None


def _catalogue(random: Random) -> list[Entry]:
    if random.random() < 0.3:
        return []
    cap = random.randrange(6)
    return [
        PauseReason("plain", "plain"),
        PauseReason("running", "running", keeps_running=True),
        PauseReason("capped", "capped", cap_working_days=cap),
        PauseReason("held", "held", holder=Holder.CONSULTED),
    ]


def _suspension(random: Random, base: date, number: int) -> Suspension:
    first = base + timedelta(days=random.randrange(-5, 60))
    last = None if random.random() < 0.15 else first + timedelta(days=random.randrange(15))
    units = random.choice(((), ("67",), ("24733",), ("24736",)))
    return Suspension(f"QĐ {number}", units, random.choice(((), CODES[:3])), first, last)


def _rules(random: Random, base: date) -> DeadlineRules:
    return DeadlineRules(
        random.choice(("", "67", "24733")),
        base + timedelta(days=random.randrange(-30, 30)),
        random.choice((None, 240, 480)),
        random.choice((None, 600, 900)),
    )


_Opening = type[SupplementRequested] | type[PaymentRequested] | type[Stopped]
_PAUSES: tuple[tuple[_Opening, Change], ...] = (
    (SupplementRequested, SupplementSupplied()),
    (PaymentRequested, PaymentPaid()),
    (Stopped, Resumed()),
)


def random_story(random: Random, base: date) -> Story:
    """Events in order, each a moment after the one before, as the life cycle allows them."""
    day = base + timedelta(days=random.randrange(40))
    moment = at_local(day, random.choice(EDGES) if random.random() < 0.3 else 0)
    story: Story = [(Instant(moment + random.randrange(DAY)), _nothing)]
    unit, code = random.choice(COMMUNES), random.choice(CODES)
    receiving = random.choice(COMMUNES)
    if random.random() < 0.5:
        _tell(random, story, Filed(code, receiving))
        for _ in range(random.choice((0, 0, 1, 2))):
            _tell(random, story, SupplementRequested(random.choice(REASONS)))
            if random.random() < 0.1:
                return story[1:]
            _tell(random, story, SupplementSupplied())
        if random.random() < 0.1:
            return story[1:]
    _tell(random, story, Received(code, Channel.COUNTER, receiving, unit))
    _tell(random, story, Forwarded("dat"))
    waiting: list[str] = []
    for _ in range(random.choice((0, 1, 2, 4, 6))):
        if not _something(random, story, waiting):
            return story[1:]
    if random.random() < 0.3:
        _tell(random, story, Resolved())
    return story[1:]


_nothing = Forwarded("")


def _tell(random: Random, story: Story, change: Change) -> None:
    gap = random.choice((1, HOUR, random.randrange(1, DAY), random.randrange(1, 6 * DAY)))
    story.append((Instant(story[-1][0] + gap), change))


def _something(random: Random, story: Story, waiting: list[str]) -> bool:
    """One thing more; False where a pause is left open and the story ends."""
    what = random.randrange(5)
    if what == 0:
        reasons = random.choice((("law", "04"), ("law", "04"), ("", "04"), ("law", "")))
        minutes = random.choice((60, 480, 960, 2000))
        _tell(random, story, Extended(minutes, *reasons, random.random() < 0.7))
    elif what == 1:
        waiting.append(random.choice(AGENCIES))
        _tell(random, story, Consulted(waiting[-1]))
    elif what == 2 and waiting:
        agency = waiting.pop(random.randrange(len(waiting)))
        _tell(random, story, OpinionGiven(agency))
    else:
        opens, closes = random.choice(_PAUSES)
        _tell(random, story, opens(reason=random.choice(REASONS)))
        if random.random() < 0.08:
            return False
        if random.random() < 0.1:
            _tell(random, story, Extended(480, "law", "04", replaces_due=True))
        _tell(random, story, closes)
    return True


def events_of(story: Story) -> list[Event]:
    return [
        Event("p1", f"e{number}", DOSSIER, KIND_OF_CHANGE[type(change)], moment, "s", 0, change)
        for number, (moment, change) in enumerate(story)
    ]
