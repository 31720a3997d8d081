"""From stories to deliveries: dossier codes, sequences and CloudEvents, in the order of time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from motcua_kernel.instant import format_local, local_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from random import Random

    from motcua_kernel.instant import Instant

    from motcua_sample_lam_dong.story import Happening, Story

_TYPE: Final = "motcua.dossier.v1."
Told = tuple[str, "Happening"]
"""A dossier's code and what happened to it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event as its publisher hands it in, at `delivered_at` (milliseconds since the epoch)."""

    publisher: str
    delivered_at: Instant
    event: dict[str, Any]


def coded(stories: Iterable[Story]) -> list[tuple[str, Story]]:
    """Stories with their codes, numbered per agency and day in the order of their beginnings."""
    numbers: Counter[str] = Counter()
    found: list[tuple[str, Story]] = []
    for story in sorted(stories, key=lambda story: story.happenings[0].at):
        day = f"{story.commune.agency}-{local_date(story.happenings[0].at):%y%m%d}"
        numbers[day] += 1
        found.append((f"{day}-{numbers[day]:04}", story))
    return found


def told_until(stories: Iterable[tuple[str, Story]], end: Instant) -> list[Told]:
    """What has happened by a moment."""
    return [(code, one) for code, story in stories for one in story.happenings if one.at <= end]


def deliver(rng: Random, publisher: str, told: Sequence[Told], *, first: int = 1) -> list[Delivery]:
    """What a publisher hands in, each event when it happens; `first` is its first sequence."""
    ordered = sorted(told, key=lambda each: (each[1].at, each[0]))
    return [
        Delivery(publisher, one.at, _event(rng, publisher, code, one, sequence))
        for sequence, (code, one) in enumerate(ordered, start=first)
    ]


def _event(
    rng: Random, publisher: str, code: str, happening: Happening, sequence: int
) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"{rng.getrandbits(80):020x}",
        "source": f"/{publisher}/mot-cua",
        "type": _TYPE + happening.kind,
        "subject": code,
        "time": format_local(happening.at),
        "sequence": str(sequence),
        "data": happening.data,
    }
