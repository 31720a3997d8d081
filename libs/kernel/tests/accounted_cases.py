"""Random dossiers with all that may rest, keep or move a clock, under random registries."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from motcua_kernel.clock import Holder
from motcua_kernel.decrees import PauseReason, Suspension
from motcua_kernel.events import Channel
from motcua_kernel.instant import DAY, HOUR, Instant
from motcua_kernel.life_cycle import Status
from motcua_kernel.procedures import (
    ConsultationRule,
    Procedure,
    ProcessStep,
    SendBack,
)
from motcua_kernel.registry import CalendarDay, Entry, Registry, WorkingWeek
from motcua_kernel.state import NEVER, Consultation, DossierState, Extension, Step
from motcua_kernel.units import Unit, UnitLevel
from msgspec.structs import replace
from random_cases import (
    FIRST,
    LAST,
    random_instant,
    random_limit,
    random_overrides,
    random_pauses,
    random_week,
)

if TYPE_CHECKING:
    from random import Random

PROVINCE, COMMUNE, SUCCESSOR, AGENCY = "67", "24733", "24733-2025", "so-tnmt"
CODE = "1.000001"
REASONS = ("", "runs", "capped", "plain")
STEPS = ("receive", "appraise", "sign", "unheard-of", "")


def random_registry(random: Random) -> Registry:
    entries: list[Entry] = [
        Unit(PROVINCE, PROVINCE, "Đắk Nông", UnitLevel.PROVINCE),
        Unit(COMMUNE, COMMUNE, "Kiến Đức", UnitLevel.COMMUNE, PROVINCE),
        WorkingWeek("", random_week(random), FIRST, LAST + timedelta(days=3650)),
        PauseReason("runs", "Chờ ký", keeps_running=True),
        PauseReason("capped", "Chờ bổ sung", "NĐ 61/2018", cap_working_days=random.randrange(4)),
        PauseReason("plain", "Chờ nộp phí", holder=Holder.AGENCY),
        _procedure(random),
    ]
    for one in random_overrides(random):
        scope = random.choice(("", PROVINCE, COMMUNE))
        kind = None if random.random() < 0.1 else one.kind
        windows = one.windows if kind is not None else ()
        entries.append(CalendarDay(one.layer, scope, one.day, kind, windows, f"QĐ {one.offset}"))
    if random.random() < 0.3:
        first = _day(random)
        last = first + timedelta(days=random.randrange(30))
        ends = None if random.random() < 0.2 else last
        entries.append(Suspension("dich", (), (), first, ends, "CT 16"))
    if random.random() < 0.2:
        merged = _day(random).isoformat()
        unit = Unit(SUCCESSOR, COMMUNE, "Kiến Đức", UnitLevel.COMMUNE, PROVINCE, merged)
        entries.append(replace(unit, predecessors=(COMMUNE,)))
    return Registry().with_entries(enumerate(entries))


def _day(random: Random) -> date:
    return FIRST + timedelta(days=random.randrange(760))


def _procedure(random: Random) -> Procedure:
    steps = tuple(
        ProcessStep(step, department, random.choice((0, 60, 240, 480, 2000)))
        for step, department in zip(STEPS[:3], ("mot-cua", "tu-phap", "tu-phap"), strict=True)
    )
    return Procedure(
        CODE,
        "Đăng ký khai sinh",
        FIRST - timedelta(days=400),
        steps=steps if random.random() < 0.8 else (),
        send_back=random.choice(list(SendBack)),
        consultations=(ConsultationRule("", 480, pauses=random.random() < 0.5),),
    )


def random_state(random: Random) -> DossierState:
    received = random_instant(random)
    state = DossierState(
        "000.00.31.H16-260302-0001",
        status=Status.RECEIVED,
        procedure=CODE,
        channel=Channel.ONLINE,
        receiving_unit=COMMUNE,
        resolving_unit=COMMUNE,
        received_at=received,
        limit=random_limit(random),
        pauses=tuple(
            replace(one, reason=random.choice(REASONS)) for one in random_pauses(random, received)
        ),
        extensions=_extensions(random, received),
        steps=_steps(random, received),
        consultations=_consultations(random, received),
    )
    if random.random() < 0.5:
        return state
    last = max(
        [
            received,
            *(one.left or one.entered for one in state.steps),
            *(one.closed or one.opened for one in state.pauses),
            *(one.answered or one.asked for one in state.consultations),
            *(one.at for one in state.extensions),
        ]
    )
    ended = Instant(last + random.choice((0, HOUR, random.randrange(30 * DAY))))
    pauses = tuple(replace(one, closed=one.closed or ended) for one in state.pauses)
    return replace(state, resolved_at=ended, pauses=pauses, steps=_all_left(state.steps, ended))


def random_now(random: Random, state: DossierState) -> Instant:
    """A moment from the receipt on, a good while after it at most."""
    return Instant(state.received_at + random.choice((0, HOUR, random.randrange(60 * DAY))))


def _extensions(random: Random, received: Instant) -> tuple[Extension, ...]:
    return tuple(
        Extension(
            Instant(received + random.randrange(10 * DAY)),
            random.choice((60, 480, 960)),
            random.random() < 0.7,
            random.choice(("", "xac-minh")),
            "04",
            "p1",
            f"x{number}",
        )
        for number in range(random.choice((0, 0, 1, 2)))
    )


def _steps(random: Random, received: Instant) -> tuple[Step, ...]:
    stays: list[Step] = []
    moment = received + random.choice((0, 0, HOUR, DAY))
    for _ in range(random.randrange(6)):
        if stays:
            stays[-1] = replace(stays[-1], left=Instant(moment))
        department = random.choice(("mot-cua", "tu-phap", "elsewhere"))
        stays.append(Step(department, random.choice(STEPS), Instant(moment)))
        moment += random.choice((0, HOUR, random.randrange(6 * DAY)))
    return tuple(stays)


def _all_left(steps: tuple[Step, ...], ended: Instant) -> tuple[Step, ...]:
    return tuple(one if one.left != NEVER else replace(one, left=ended) for one in steps)


def _consultations(random: Random, received: Instant) -> tuple[Consultation, ...]:
    found: list[Consultation] = []
    for _ in range(random.choice((0, 0, 0, 1, 2))):
        asked = Instant(received + random.randrange(10 * DAY))
        answered = Instant(asked + random.randrange(10 * DAY)) if random.random() < 0.7 else NEVER
        found.append(Consultation(AGENCY, asked, answered))
    return tuple(found)
