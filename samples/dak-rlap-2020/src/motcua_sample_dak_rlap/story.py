"""One dossier as it is told: where it was handed in, for what, and what then happened."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from motcua_sample_dak_rlap.chance import between, happens
from motcua_sample_dak_rlap.instants import DAY, HOUR, MINUTE, local_day, midnight
from motcua_sample_dak_rlap.office_hours import LAST_POSITION, WORKDAY, moment

if TYPE_CHECKING:
    from random import Random

    from motcua_sample_dak_rlap.catalogue import Limit, Procedure

_ARRIVALS = ((12, 205), (268, 318), (342, 425))
"""Minutes of the working day at which dossiers are received; a quarter of an hour or more away
from lunch, the 15:00 cut-off and the middle of the day, where a definition could decide."""


class Unfit(Exception):  # noqa: N818
    """The lot drawn does not fit the fate of the dossier: draw again."""


@dataclass(slots=True)
class Happening:
    """One event: when, what kind, and the fields of its message."""

    at: int
    position: int
    kind: str
    data: dict[str, Any]
    id: str


@dataclass(slots=True)
class Story:
    """A dossier on its way, told forwards; `position` is where the telling has come to."""

    rng: Random
    agency: str
    publisher: str
    receiving_unit: str
    resolving_unit: str
    procedure: Procedure
    channel: str
    fate: str
    position: int = 0
    happenings: list[Happening] = field(default_factory=list[Happening])

    @property
    def limit(self) -> Limit:
        """The limit that applies to the dossier."""
        return self.procedure.limit(self.channel)

    @property
    def received(self) -> int:
        """The instant of the valid receipt."""
        return next(event.at for event in self.happenings if event.kind == "Received")

    def tell(self, kind: str, position: int, **data: Any) -> Happening:
        """Let something happen at a position.

        Raises:
            Unfit: it would come before what was told, or after the sample's end.
        """
        if position < self.position + MINUTE or position > LAST_POSITION:
            raise Unfit
        self.position = position
        return self._add(moment(position), position, kind, data)

    def file(self, received: int) -> None:
        """File online before a position, at any hour of the day."""
        before = received - between(self.rng, 5, 420)
        if before < 0 or happens(self.rng, 0.45):
            eve = midnight(local_day(moment(received))) - DAY
            at = eve + 18 * HOUR + self.rng.randrange(5 * HOUR)
        else:
            at = moment(before)
        self.file_at(at)

    def file_at(self, at: int) -> None:
        """File online at an instant."""
        data = {
            "procedure": self.procedure.code,
            "channel": "online",
            "receiving_unit": self.receiving_unit,
        }
        self._add(at, -1, "Filed", data)

    def receive(self, position: int) -> None:
        """Hand in at the counter or by post, or file online and be received."""
        if self.channel == "online":
            self.file(position)
        self.tell(
            "Received",
            position,
            procedure=self.procedure.code,
            channel=self.channel,
            receiving_unit=self.receiving_unit,
            resolving_unit=self.resolving_unit,
            department=self.procedure.lead,
        )

    def forward(self, step: str, position: int) -> None:
        """Hand to the department of a step (chuyển xử lý)."""
        department = next(s.department for s in self.procedure.steps if s.id == step)
        staff = f"cb-{self.rng.randrange(1000, 9999)}"
        self.tell("Forwarded", position, department=department, step=step, staff=staff)

    def _add(self, at: int, position: int, kind: str, data: dict[str, Any]) -> Happening:
        happening = Happening(at, position, kind, data, event_id(self.rng))
        self.happenings.append(happening)
        return happening


def arrival(rng: Random, day: int) -> int:
    """A position at which a dossier may be received on a working day."""
    first, last = rng.choices(_ARRIVALS, weights=(6, 2, 3))[0]
    return day * WORKDAY + rng.randrange(first * MINUTE, last * MINUTE)


def event_id(rng: Random) -> str:
    """A new event id."""
    return f"{rng.getrandbits(80):020x}"
