"""The dossiers of the 124 communes around 2 January 2026, as of Monday 5 January, 09:00.

The offices knew that Friday 2 January was off and worked by it. A system that had not been told
counts the dossiers due on that Friday as overdue on the Monday after.
"""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Final

from motcua_kernel.instant import at_local

from motcua_sample_lam_dong.catalogue import communes
from motcua_sample_lam_dong.deliveries import Delivery, coded, deliver, told_until
from motcua_sample_lam_dong.office import WORKDAY, WORKING_MINUTE, Office
from motcua_sample_lam_dong.story import tell

NOW: Final = at_local(date(2026, 1, 5), 9 * 60)
PROVINCE_PUBLISHER: Final = "lam-dong-2025"
FIRST_DAY: Final = date(2025, 12, 15)
_LAST_DAY: Final = date(2026, 6, 30)
_RECEIVING_DAYS: Final = 13
"""From 15 to 31 December; the last ones of the year are the busiest."""


def swap_day(seed: int = 2026, dossiers: int = 4_000) -> list[Delivery]:
    """All deliveries up to `NOW`, in their order."""
    rng = Random(seed)  # noqa: S311
    office = Office.between(FIRST_DAY, _LAST_DAY)
    days = rng.choices(
        range(_RECEIVING_DAYS + 1), weights=(*range(6, 6 + _RECEIVING_DAYS), 3), k=dossiers
    )
    stories = [tell(rng, office, communes(), _arrival(rng, day)) for day in days]
    return deliver(rng, PROVINCE_PUBLISHER, told_until(coded(stories), NOW))


def _arrival(rng: Random, day: int) -> int:
    """A position on a working day; on the last one, 5 January, before `NOW`."""
    last = 85 if day == _RECEIVING_DAYS else 470
    return day * WORKDAY + rng.randrange(5 * WORKING_MINUTE, last * WORKING_MINUTE)
