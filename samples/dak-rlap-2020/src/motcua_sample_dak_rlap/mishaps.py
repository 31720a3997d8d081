"""Wrong events that their own publisher takes back: told, voided with a reason, told right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from motcua_sample_dak_rlap.catalogue import units
from motcua_sample_dak_rlap.chance import happens
from motcua_sample_dak_rlap.instants import MINUTE
from motcua_sample_dak_rlap.office_hours import WORKDAY, moment
from motcua_sample_dak_rlap.stories import replacement
from motcua_sample_dak_rlap.story import Happening, event_id

if TYPE_CHECKING:
    from random import Random

    from motcua_sample_dak_rlap.story import Story

SHARE = 0.004
_WRONG, _VOID, _ROOM = 9 * MINUTE, 4 * MINUTE, 20 * MINUTE


def add_mishap(rng: Random, story: Story) -> None:
    """Put a wrong event and its void before one of the story's events, where there is room."""
    places = [number for number in range(len(story.happenings)) if _has_room(story, number)]
    if not places:
        return
    place = rng.choice(places)
    right = story.happenings[place]
    kind, data = _mistake(rng, story, right)
    wrong = _at(rng, right.position - _WRONG, kind, data)
    void = _at(
        rng,
        right.position - _VOID,
        "Voided",
        {"event_id": wrong.id, "reason": rng.choice(("nhap-sai", "nham-ho-so"))},
    )
    story.happenings[place:place] = [wrong, void]


def _has_room(story: Story, number: int) -> bool:
    event = story.happenings[number]
    if event.kind == "Received":
        return story.channel != "online"
    if event.kind not in ("Forwarded", "Resolved"):
        return False
    before = story.happenings[number - 1].position
    same_day = (event.position - _ROOM) // WORKDAY == event.position // WORKDAY
    return same_day and event.position - before > _ROOM


def _mistake(rng: Random, story: Story, right: Happening) -> tuple[str, dict[str, Any]]:
    if right.kind == "Received":
        wrong = replacement(rng, story.procedure)
        return "Received", {**right.data, "procedure": wrong.code, "department": wrong.lead}
    if right.kind == "Forwarded":
        others = units()[story.resolving_unit].departments
        department = rng.choice([name for name in others if name != right.data["department"]])
        return "Forwarded", {**right.data, "department": department}
    if happens(rng, 0.5):
        return "Withdrawn", {"reason": "nop-nham"}
    return "Resolved", {"result_code": f"KQ.H16.{rng.randrange(1_000_000):06}"}


def _at(rng: Random, position: int, kind: str, data: dict[str, Any]) -> Happening:
    return Happening(moment(position), position, kind, data, event_id(rng))
