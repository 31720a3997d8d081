"""The sample year with one overdue spike (quá hạn tăng đột biến) injected in each department.

In the week of its spike a department leaves a handful of dossiers lying past their due day, and
ends them days later. The spikes follow each other through the year, so that few fall together.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from motcua_sample_dak_rlap.catalogue import procedures, units
from motcua_sample_dak_rlap.deliveries import Delivery, deliver
from motcua_sample_dak_rlap.due import firm_due
from motcua_sample_dak_rlap.instants import MINUTE, midnight
from motcua_sample_dak_rlap.office_hours import DAY_NUMBERS, LAST, WORKDAY, WORKING_DAYS
from motcua_sample_dak_rlap.publishers import publisher_of
from motcua_sample_dak_rlap.resolving import reach_department
from motcua_sample_dak_rlap.stories import tell_all
from motcua_sample_dak_rlap.story import Story, Unfit, arrival

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from motcua_sample_dak_rlap.catalogue import Procedure, Unit

_DOSSIERS = 12
_LIES_DAYS = 3
"""Working days from the due day to the result."""
_FIRST_DUE = 22
"""The working day of the first spike, a month after the sample begins."""
_LAST_DUE = LAST - 8
_TRIES = 200


@dataclass(frozen=True, slots=True)
class Spike:
    """A department whose dossiers turn overdue together at `begins`, the end of their due day."""

    unit: str
    department: str
    due_day: date
    begins: int
    dossiers: int


@dataclass(frozen=True, slots=True)
class SpikedYear:
    """What the publishers hand in, and the spikes that are in it."""

    deliveries: list[Delivery]
    spikes: list[Spike]


def spiked_year(seed: int = 2020) -> SpikedYear:
    """The sample's dossiers, and those of one spike in each department that leads a procedure."""
    rng = Random(seed)  # noqa: S311
    stories = tell_all(rng)
    spikes: list[Spike] = []
    places = list(_departments())
    rng.shuffle(places)
    stride = (_LAST_DUE - _FIRST_DUE) / max(1, len(places) - 1)
    for number, (unit, procedure) in enumerate(places):
        due_day = _FIRST_DUE + round(number * stride)
        own = [_overdue_story(rng, unit, procedure, due_day) for _ in range(_DOSSIERS)]
        day = WORKING_DAYS[due_day]
        begins = midnight(WORKING_DAYS[due_day + 1])
        spikes.append(Spike(unit.id, procedure.lead, day, begins, len(own)))
        stories += own
    return SpikedYear(deliver(rng, stories, None, 0), spikes)


def _departments() -> Iterator[tuple[Unit, Procedure]]:
    """Each department of each unit with one procedure that it leads, limited in working days."""
    for unit in units().values():
        found: dict[str, Procedure] = {}
        for procedure in procedures().values():
            limit = procedure.limit("counter")
            if procedure.level != unit.level or limit.unit != "working_days":
                continue
            if procedure.lead in unit.departments and limit.minutes <= _FIRST_DUE * 480 // 2:
                found.setdefault(procedure.lead, procedure)
        yield from ((unit, procedure) for _, procedure in sorted(found.items()))


def _overdue_story(rng: Random, unit: Unit, procedure: Procedure, due_day: int) -> Story:
    """A dossier that is due on a day and gets its result `_LIES_DAYS` later."""
    days = procedure.limit("counter").minutes // 480
    for _ in range(_TRIES):
        story = Story(
            rng,
            unit.agency,
            publisher_of(unit.id),
            unit.id,
            unit.id,
            procedure,
            "counter",
            "overdue",
        )
        try:
            story.receive(arrival(rng, due_day - days))
            reach_department(story)
            due = firm_due(story.limit, story.received, [], 0)
            if due is None or DAY_NUMBERS.get(due.day) != due_day:
                continue
            opens = (due_day + _LIES_DAYS) * WORKDAY + 60 * MINUTE
            story.tell("Resolved", opens + rng.randrange(300) * MINUTE, result_code="KQ.H16.000000")
        except Unfit:
            continue
        return story
    raise RuntimeError(f"no dossier of {procedure.code} is due on working day {due_day}")
