"""All dossiers of the ten months: lots are drawn until each day and each fate has its number."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from motcua_sample_dak_rlap import volumes
from motcua_sample_dak_rlap.catalogue import DISTRICT, procedures, units
from motcua_sample_dak_rlap.chance import happens
from motcua_sample_dak_rlap.office_hours import LAST
from motcua_sample_dak_rlap.publishers import publisher_of
from motcua_sample_dak_rlap.resolving import resolve
from motcua_sample_dak_rlap.story import Story, Unfit, arrival
from motcua_sample_dak_rlap.unresolved import (
    await_reception,
    end_otherwise,
    leave_open,
    refuse_at_counter,
    withdraw_unreceived,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from motcua_sample_dak_rlap.catalogue import Procedure

_TRIES = 5_000
_AGES = {
    "open_running": (0, 30),
    "open_received": (0, 1),
    "open_overdue": (4, 40),
    "open_no_deadline": (1, 60),
    "open_supplement": (1, 25),
    "open_payment": (1, 25),
    "open_stopped": (4, 50),
    "overdue": (8, LAST - 1),
    "withdrawn": (2, LAST - 1),
    "stopped": (4, LAST - 1),
    "refused": (32, LAST - 1),
    "refused_at_counter": (12, LAST - 1),
    "withdrawn_unreceived": (1, LAST - 1),
}
"""How many working days before the end dossiers of a fate are received, youngest and oldest."""


def tell_all(rng: Random) -> list[Story]:
    """Every dossier, in the order of fates and days."""
    stories: list[Story] = []
    for day, fate in _received(rng):
        stories.append(_attempt(rng, fate, day))
    for fate, number in volumes.BESIDE_FATES.items():
        for _ in range(number):
            day = _pick(rng, fate, volumes.day_weights()) if fate in _AGES else LAST
            stories.append(_attempt(rng, fate, day))
    return stories


def _received(rng: Random) -> Iterator[tuple[int, str]]:
    """The receipt day and the fate of each received dossier."""
    weights = volumes.day_weights()
    free = [0] * len(weights)
    for day in rng.choices(range(len(weights)), weights=weights, k=volumes.RECEIVED):
        free[day] += 1
    fates = {**volumes.OPEN_FATES, "overdue": volumes.OVERDUE, **volumes.ENDED_FATES}
    for fate, number in fates.items():
        for _ in range(number):
            day = _pick(rng, fate, [float(count) for count in free])
            free[day] -= 1
            yield day, fate
    rest = [day for day, count in enumerate(free) for _ in range(count)]
    outcomes = ["early"] * volumes.EARLY + ["on_time"] * volumes.ON_TIME
    rng.shuffle(outcomes)
    yield from zip(rest, outcomes, strict=True)


def _pick(rng: Random, fate: str, weights: Sequence[float]) -> int:
    """A day old enough for a fate, by weight; what runs is young, as in any office."""
    youngest, oldest = _AGES[fate]
    first, last = max(1, LAST - oldest), LAST - youngest
    part = list(weights[first : last + 1])
    if fate == "open_running":
        part = [weight * 0.92 ** (last - first - place) for place, weight in enumerate(part)]
    return first + rng.choices(range(len(part)), weights=part)[0]


def _attempt(rng: Random, fate: str, day: int) -> Story:
    for _ in range(_TRIES):
        story = _lot(rng, fate)
        try:
            _tell(story, day)
        except Unfit:
            continue
        return story
    raise RuntimeError(f"no dossier fits {fate} on working day {day}")


def _tell(story: Story, day: int) -> None:
    if story.fate == "awaiting":
        await_reception(story)
        return
    position = arrival(story.rng, day)
    if story.fate == "refused_at_counter":
        refuse_at_counter(story, position)
    elif story.fate == "withdrawn_unreceived":
        withdraw_unreceived(story, position)
    else:
        story.receive(position)
        if story.fate in ("early", "on_time", "overdue"):
            resolve(story, story.fate)
        elif story.fate in volumes.OPEN_FATES:
            leave_open(story)
        else:
            end_otherwise(story)


def _lot(rng: Random, fate: str) -> Story:
    """A unit, a procedure and a channel by their weights."""
    unit = units()[_one(rng, *_unit_weights())]
    procedure = procedures()[_one(rng, *_procedure_weights(unit.level))]
    if fate in volumes.BESIDE_FATES:
        channel = "online"
    else:
        channel = _one(rng, tuple(volumes.CHANNELS), tuple(volumes.CHANNELS.values()))
    receiving = unit.id
    if unit.id == DISTRICT and channel == "counter" and happens(rng, volumes.COMMUNE_RECEIVES):
        receiving = rng.choice([other for other in units() if other != DISTRICT])
    return Story(
        rng=rng,
        agency=unit.agency,
        publisher=publisher_of(unit.id),
        receiving_unit=receiving,
        resolving_unit=unit.id,
        procedure=procedure,
        channel=channel,
        fate=fate,
    )


def replacement(rng: Random, procedure: Procedure) -> Procedure:
    """Another procedure of the same level, as a clerk may pick it by mistake."""
    codes, _ = _procedure_weights(procedure.level)
    return procedures()[rng.choice([code for code in codes if code != procedure.code])]


def _one(rng: Random, names: Sequence[str], weights: Sequence[float]) -> str:
    return rng.choices(names, weights=weights)[0]


@lru_cache(maxsize=1)
def _unit_weights() -> tuple[tuple[str, ...], tuple[float, ...]]:
    return tuple(volumes.UNITS), tuple(volumes.UNITS.values())


@lru_cache(maxsize=2)
def _procedure_weights(level: str) -> tuple[tuple[str, ...], tuple[float, ...]]:
    codes = tuple(code for code, procedure in procedures().items() if procedure.level == level)
    return codes, tuple(volumes.PROCEDURES[code] for code in codes)
