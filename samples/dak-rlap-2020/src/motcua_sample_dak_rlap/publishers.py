"""The systems that publish the sample's events: the district's and one per commune."""

from __future__ import annotations

from dataclasses import dataclass

from motcua_sample_dak_rlap.catalogue import DISTRICT, units


@dataclass(frozen=True)
class SamplePublisher:
    """A publisher and the units that it may speak for; its keys are made at run time."""

    id: str
    name: str
    units: tuple[str, ...]


def publisher_of(unit: str) -> str:
    """The id of the system that publishes for a unit's one-stop."""
    return f"dak-rlap-{unit}" if unit == DISTRICT else f"xa-{unit}"


PUBLISHERS: tuple[SamplePublisher, ...] = tuple(
    SamplePublisher(publisher_of(unit.id), f"Một cửa điện tử {unit.name}", (unit.id,))
    for unit in units().values()
)
