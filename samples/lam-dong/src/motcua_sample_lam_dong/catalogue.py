"""The registry files of the sample as the generators read them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import yaml

from motcua_sample_lam_dong.office import WORKDAY, WORKING_HOUR

if TYPE_CHECKING:
    from datetime import date

_SAMPLES: Final = Path(__file__).resolve().parents[3]
REGISTRY: Final = _SAMPLES / "lam-dong" / "registry"
"""The folder of the registry files; the sample is used from the checkout."""
CALENDAR: Final = _SAMPLES / "calendars" / "vietnam-2020-2026"
"""The nation's calendar, in files."""
SWAP: Final = CALENDAR / "2026-01-swap.yaml"
"""The one file of it that was announced when dossiers were already open."""

PROVINCE: Final = "68-2025"
DISTRICT: Final = "666"
"""Đắk R'Lấp, until 30/06/2025."""


@dataclass(frozen=True)
class Commune:
    """A commune, ward or special zone, with the agency id that its dossier codes begin with."""

    id: str
    agency: str


@dataclass(frozen=True)
class Procedure:
    """A procedure: the lead department, and about how much working time its limit is.

    `length` is in working milliseconds; 0 for a result within the day.
    """

    code: str
    lead: str
    length: int


@lru_cache(maxsize=1)
def communes() -> tuple[Commune, ...]:
    """The 124 units of commune level since 01/07/2025; their agency ids are invented."""
    ids = [unit["id"] for unit in _entries("units-2025.yaml", "unit") if unit["id"] != PROVINCE]
    return tuple(Commune(one, f"H36.{number}") for number, one in enumerate(ids, start=1))


@lru_cache(maxsize=1)
def old_communes() -> tuple[Commune, ...]:
    """The communes of Đắk R'Lấp until 30/06/2025."""
    units = _entries("units-2024.yaml", "unit")
    ids = [unit["id"] for unit in units if unit.get("parent") == DISTRICT]
    return tuple(Commune(one, f"000.{number:02}.31.H16") for number, one in enumerate(ids, start=1))


@lru_cache(maxsize=1)
def successors() -> tuple[Commune, ...]:
    """The communes of 2025 that the communes of Đắk R'Lấp went into."""
    old = {commune.id for commune in old_communes()}
    units = _entries("units-2025.yaml", "unit")
    new = {unit["id"] for unit in units if old & set(unit.get("predecessors", ()))}
    return tuple(commune for commune in communes() if commune.id in new)


@cache
def procedures(day: date) -> dict[str, Procedure]:
    """The procedures by code, each in its version of a day."""
    versions = sorted(
        _entries("procedures.yaml", "procedure"), key=lambda version: version["valid_from"]
    )
    valid = [version for version in versions if version["valid_from"] <= day.isoformat()]
    return {version["code"]: _procedure(version) for version in valid}


def _procedure(version: dict[str, Any]) -> Procedure:
    limit = next(limit for limit in version["limits"] if limit["channel"] == 0)
    minutes: int = limit["statutory_minutes"]
    a_day = {
        "LIMIT_UNIT_WORKING_DAYS": (480, WORKDAY),
        "LIMIT_UNIT_WORKING_HOURS": (60, WORKING_HOUR),
        "LIMIT_UNIT_CALENDAR_DAYS": (1440 * 7, 5 * WORKDAY),
    }
    per, length = a_day[limit["unit"]]
    lead = next(step["department"] for step in version["steps"] if step["id"] == "giai-quyet")
    return Procedure(version["code"], lead, minutes * length // per)


@cache
def _entries(file: str, kind: str) -> list[dict[str, Any]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = (REGISTRY / file).read_text("utf-8")
    entries = cast("list[dict[str, Any]]", yaml.load(text, Loader=loader))  # noqa: S506
    return [entry[kind] for entry in entries if kind in entry]
