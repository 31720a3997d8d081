"""One dossier as it is told, and the lots that decide how it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from motcua_kernel.instant import Instant

from motcua_sample_lam_dong.catalogue import procedures
from motcua_sample_lam_dong.office import WORKDAY, WORKING_HOUR, WORKING_MINUTE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from motcua_sample_lam_dong.catalogue import Commune, Procedure
    from motcua_sample_lam_dong.office import Office

_SHARES: Final = {
    "2.000815": 14,
    "2.000884": 8,
    "2.000635": 8,
    "1.001193": 5,
    "1.000656": 4,
    "1.000894": 14,
    "1.004873": 16,
    "1.001612": 12,
    "1.004441": 9,
    "1.001699": 5,
    "1.003554": 3,
    "2.000346": 2,
}
"""How often each procedure is asked for; chosen."""
_ONLINE_SHARE: Final = 0.4
_LATE_SHARE: Final = 0.012
_CUT_OFF: Final = 5 * WORKING_HOUR + 30 * WORKING_MINUTE
"""15:00; received later, a result of the day is one of the next day."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One event: when, what kind, and the fields of its message."""

    at: Instant
    kind: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Story:
    """A dossier from its filing or receipt to its result, in the order of time."""

    commune: Commune
    happenings: tuple[Happening, ...]

    def is_open_at(self, moment: Instant) -> bool:
        """Whether it has no result by a moment."""
        return all(one.kind != "Resolved" or one.at > moment for one in self.happenings)


def tell(rng: Random, office: Office, communes: Sequence[Commune], position: int) -> Story:
    """A dossier that one of the communes receives at a position."""
    commune = rng.choice(communes)
    day = office.days[position // WORKDAY]
    code = rng.choices(tuple(_SHARES), weights=tuple(_SHARES.values()))[0]
    procedure = procedures(day)[code]
    told: list[tuple[int, str, dict[str, Any]]] = []
    channel = "counter"
    if position % WORKDAY > WORKING_HOUR and rng.random() < _ONLINE_SHARE:
        channel = "online"
        filed = position - rng.randrange(5, 55) * WORKING_MINUTE
        data = {"procedure": code, "channel": channel, "receiving_unit": commune.id}
        told.append((filed, "Filed", data))
    told.append((position, "Received", _receipt(procedure, channel, commune)))
    resolved = position + _length(rng, procedure, position)
    if procedure.length > WORKDAY:
        forwarded = position + rng.randrange(10, 120) * WORKING_MINUTE
        told.append((forwarded, "Forwarded", {"department": procedure.lead, "step": "giai-quyet"}))
    told.append((resolved, "Resolved", {"result_code": f"KQ.H36.{rng.randrange(1_000_000):06}"}))
    return Story(
        commune, tuple(Happening(office.moment(at), kind, data) for at, kind, data in told)
    )


def _receipt(procedure: Procedure, channel: str, commune: Commune) -> dict[str, Any]:
    return {
        "procedure": procedure.code,
        "channel": channel,
        "receiving_unit": commune.id,
        "resolving_unit": commune.id,
        "department": procedure.lead,
    }


def _length(rng: Random, procedure: Procedure, position: int) -> int:
    """Working time to the result: mostly towards the end of the limit, now and then beyond."""
    late = rng.random() < _LATE_SHARE
    if procedure.length:
        share = rng.uniform(1.4, 2.2) if late else rng.triangular(0.4, 0.99, 0.9)
        return round(procedure.length * share)
    worked = position % WORKDAY
    end = WORKDAY if worked < _CUT_OFF else 2 * WORKDAY
    return rng.randrange(WORKING_MINUTE, end - worked) + (2 * WORKDAY if late else 0)
