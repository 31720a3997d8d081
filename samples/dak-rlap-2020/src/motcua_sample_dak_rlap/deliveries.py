"""From stories to deliveries: codes, sequences, CloudEvents, and when each event arrives."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from motcua_sample_dak_rlap.chance import happens
from motcua_sample_dak_rlap.instants import HOUR, local_day, rfc3339
from motcua_sample_dak_rlap.office_hours import END

if TYPE_CHECKING:
    from random import Random

    from motcua_sample_dak_rlap.story import Happening, Story

LATE_SHARE = 0.121
TWICE_SHARE = 0.03
_TYPE = "motcua.dossier.v1."


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event as its publisher hands it in, at `delivered_at` (milliseconds since the epoch)."""

    publisher: str
    delivered_at: int
    event: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Told:
    at: int
    code: str
    publisher: str
    happening: Happening


def deliver(rng: Random, stories: list[Story], moved: Happening | None, by: int) -> list[Delivery]:
    """All deliveries in the order of delivery; one event may be moved by some milliseconds."""
    told = [
        _Told(happening.at, code, story.publisher, happening)
        for story, code in zip(stories, _codes(stories), strict=True)
        for happening in story.happenings
    ]
    told.sort(key=lambda each: (each.at, each.code))
    sequences: Counter[str] = Counter()
    found: list[tuple[int, int, Delivery]] = []
    for number, each in enumerate(told):
        sequences[each.publisher] += 1
        shift = by if each.happening is moved else 0
        event = _event(each, each.at + shift, sequences[each.publisher])
        arrivals = _arrivals(rng, each.at)
        if shift:
            arrivals = [arrival + shift for arrival in arrivals]
        found += [(at, number, Delivery(each.publisher, at, event)) for at in arrivals]
    found.sort(key=lambda entry: entry[:2])
    return [delivery for _, _, delivery in found]


def _codes(stories: list[Story]) -> list[str]:
    """Dossier codes in the older order, numbered per agency and day."""
    order = sorted(range(len(stories)), key=lambda number: stories[number].happenings[0].at)
    numbers: Counter[str] = Counter()
    codes = [""] * len(stories)
    for place in order:
        story = stories[place]
        day = f"{story.agency}-{local_day(story.happenings[0].at):%y%m%d}"
        numbers[day] += 1
        codes[place] = f"{day}-{numbers[day]:04}"
    return codes


def _arrivals(rng: Random, at: int) -> list[int]:
    """Mostly within a minute; late by hours or days, or twice, as the shares say."""
    arrived = at + rng.randrange(2_000, 55_000)
    if happens(rng, LATE_SHARE):
        hours = rng.uniform(1, 8) if happens(rng, 0.6) else rng.uniform(8, 96)
        late = at + int(hours * HOUR)
        arrived = late if late <= END else arrived
    if not happens(rng, TWICE_SHARE):
        return [arrived]
    again = arrived + rng.randrange(10_000, 48 * HOUR)
    return [arrived, again if again <= END else rng.randint(arrived, END)]


def _event(told: _Told, at: int, sequence: int) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": told.happening.id,
        "source": f"/{told.publisher}/mot-cua",
        "type": _TYPE + told.happening.kind,
        "subject": told.code,
        "time": rfc3339(at),
        "sequence": str(sequence),
        "data": told.happening.data,
    }
