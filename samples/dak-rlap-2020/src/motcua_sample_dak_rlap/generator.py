"""The events of Đắk R'Lấp district, 1 January to 30 October 2020, from a seed."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import TYPE_CHECKING

from motcua_sample_dak_rlap.chance import happens
from motcua_sample_dak_rlap.deliveries import Delivery, deliver
from motcua_sample_dak_rlap.instants import instant_of, parse_rfc3339
from motcua_sample_dak_rlap.mishaps import SHARE, add_mishap
from motcua_sample_dak_rlap.office_hours import LAST, WORKDAY, moment
from motcua_sample_dak_rlap.stories import tell_all

if TYPE_CHECKING:
    from motcua_sample_dak_rlap.story import Happening, Story

THIRD_QUARTER_END = instant_of(datetime(2020, 9, 30, 17, 30))  # noqa: DTZ001
_MOVED_DAYS = 3


def generate(seed: int = 2020, *, altered: bool = False) -> list[Delivery]:
    """All deliveries in the order of delivery.

    With `altered` the resolution of one on-time dossier is moved three working days later, past
    its due date; everything else stays.
    """
    rng = Random(seed)  # noqa: S311
    stories = tell_all(rng)
    moved = _movable(stories) if altered else None
    for story in stories:
        if happens(rng, SHARE):
            add_mishap(rng, story)
    by = 0
    if moved is not None:
        by = moment(moved.position + _MOVED_DAYS * WORKDAY) - moved.at
    return deliver(rng, stories, moved, by)


def third_quarter(seed: int = 2020) -> list[Delivery]:
    """The deliveries of what occurred up to 30/09/2020 17:30."""
    return [
        delivery
        for delivery in generate(seed)
        if parse_rfc3339(delivery.event["time"]) <= THIRD_QUARTER_END
    ]


def _movable(stories: list[Story]) -> Happening:
    """The result of an on-time dossier that was not collected, weeks before the end."""
    results = [
        story.happenings[-1]
        for story in stories
        if story.fate == "on_time" and story.happenings[-1].kind == "Resolved"
    ]
    early_enough = [event for event in results if event.position < (LAST - 15) * WORKDAY]
    return early_enough[len(early_enough) // 2]
