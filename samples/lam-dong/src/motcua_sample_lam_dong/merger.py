"""Đắk R'Lấp over the night to 1 July 2025: eleven communes on one evening, three the next morning.

Dossiers received in June by the old communes are told by the district's system. From 1 July on
the province's system tells what happens, to what the old communes left open too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final

from motcua_kernel.instant import Instant, at_local

from motcua_sample_lam_dong.catalogue import old_communes, successors
from motcua_sample_lam_dong.deliveries import Delivery, Told, coded, deliver, told_until
from motcua_sample_lam_dong.office import WORKDAY, WORKING_MINUTE, Office
from motcua_sample_lam_dong.story import Happening, tell
from motcua_sample_lam_dong.swap_day import PROVINCE_PUBLISHER

EVE: Final = at_local(date(2025, 6, 30), 16 * 60)
MORNING: Final = at_local(date(2025, 7, 1), 8 * 60)
DISTRICT_PUBLISHER: Final = "lam-dong-666"
FIRST_DAY: Final = date(2025, 6, 2)
_FIRST_DAY_OF_THE_NEW: Final = date(2025, 7, 1)
_LAST_DAY: Final = date(2025, 12, 26)
_NEW_DOSSIERS: Final = 30
_RESOLVED: Final = 25


@dataclass(frozen=True)
class Merger:
    """The deliveries of June, the first receipts of July, and results for old dossiers."""

    june: list[Delivery]
    received: list[Delivery]
    resolved: list[Delivery]


def merger(seed: int = 2025, dossiers: int = 1_200) -> Merger:
    """What is told until `EVE`, and what between then and `MORNING`."""
    rng = Random(seed)  # noqa: S311
    office = Office.between(FIRST_DAY, _LAST_DAY)
    first_of_july = office.opening(_FIRST_DAY_OF_THE_NEW)
    positions = [_before(rng, first_of_july - WORKDAY) for _ in range(dossiers)]
    june = coded(tell(rng, office, old_communes(), position) for position in positions)
    july = coded(
        tell(rng, office, successors(), first_of_july + _minutes(rng, 1, 14))
        for _ in range(_NEW_DOSSIERS)
    )
    left_open = [code for code, story in june if story.is_open_at(EVE)]
    results = [_result(rng, code) for code in sorted(rng.sample(left_open, _RESOLVED))]
    receipts = [(code, story.happenings[0]) for code, story in july]
    received = deliver(rng, PROVINCE_PUBLISHER, receipts)
    return Merger(
        deliver(rng, DISTRICT_PUBLISHER, told_until(june, EVE)),
        received,
        deliver(rng, PROVINCE_PUBLISHER, results, first=len(received) + 1),
    )


def _before(rng: Random, last_day: int) -> int:
    """A position in June, on the last day before 15:40."""
    day = rng.randrange(last_day // WORKDAY + 1)
    return day * WORKDAY + _minutes(rng, 5, 370 if day * WORKDAY == last_day else 470)


def _minutes(rng: Random, first: int, last: int) -> int:
    return rng.randrange(first * WORKING_MINUTE, last * WORKING_MINUTE)


def _result(rng: Random, code: str) -> Told:
    """A result on the first morning, for a dossier that an old commune received."""
    at = Instant(MORNING - _minutes(rng, 1, 14))
    return code, Happening(at, "Resolved", {"result_code": f"KQ.H36.{rng.randrange(1_000_000):06}"})
