"""The registry files of the sample as the generator and the counting read them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast

import yaml

REGISTRY = Path(__file__).resolve().parents[2] / "registry"
"""The folder of the registry files; the sample is used from the checkout."""

DISTRICT = "666"
CHANNEL_NUMBERS = {"counter": 1, "online": 2, "post": 3}

LimitUnit = Literal["none", "working_days", "working_hours", "calendar_days"]
Level = Literal["district", "commune"]


@dataclass(frozen=True)
class Limit:
    """A time limit in minutes: a working day 480, a working hour 60, a calendar day 1440."""

    unit: LimitUnit
    minutes: int = 0
    cutoff: int | None = None


@dataclass(frozen=True)
class Step:
    """A step of the internal process (quy trình nội bộ)."""

    id: str
    department: str


@dataclass(frozen=True)
class Procedure:
    """An administrative procedure (thủ tục hành chính)."""

    code: str
    level: Level
    limits: tuple[tuple[int, Limit], ...]
    supplement_restarts: bool
    steps: tuple[Step, ...]

    def limit(self, channel: str) -> Limit:
        """The limit of a channel, else the one of all channels, else none."""
        by_channel = dict(self.limits)
        every = by_channel.get(0, Limit("none"))
        return by_channel.get(CHANNEL_NUMBERS[channel], every)

    @property
    def lead(self) -> str:
        """The lead department (phòng chủ trì): the one of the step `giai-quyet`."""
        return next(step.department for step in self.steps if step.id == "giai-quyet")


@dataclass(frozen=True)
class Unit:
    """The district or a commune, with the agency id that its dossier codes begin with."""

    id: str
    name: str
    level: Level
    agency: str
    departments: tuple[str, ...]


def registry_entries() -> list[dict[str, Any]]:
    """All entries of all files, in the order of file names."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: list[dict[str, Any]] = []
    for path in sorted(REGISTRY.glob("*.yaml")):
        with path.open(encoding="utf-8") as file:
            found += cast("list[dict[str, Any]]", yaml.load(file, Loader=loader))  # noqa: S506
    return found


@lru_cache(maxsize=1)
def procedures() -> dict[str, Procedure]:
    """The procedures by code."""
    found = [_procedure(entry["procedure"]) for entry in _entries() if "procedure" in entry]
    return {procedure.code: procedure for procedure in found}


@lru_cache(maxsize=1)
def units() -> dict[str, Unit]:
    """The units that resolve dossiers, by id: the district first, then the communes."""
    raw: list[dict[str, Any]] = [entry["unit"] for entry in _entries() if "unit" in entry]
    resolving = [unit for unit in raw if unit.get("departments")]
    return {unit["id"]: _unit(number, unit) for number, unit in enumerate(resolving)}


@lru_cache(maxsize=1)
def calendar_days() -> dict[str, bool]:
    """The days that differ from the week, ISO date to whether it is a working day."""
    days = [entry["calendar_day"] for entry in _entries() if "calendar_day" in entry]
    return {day["day"]: day["kind"] == "DAY_KIND_WORKING" for day in days}


@lru_cache(maxsize=1)
def _entries() -> list[dict[str, Any]]:
    return registry_entries()


def _unit(number: int, raw: dict[str, Any]) -> Unit:
    return Unit(
        id=raw["id"],
        name=raw["name"],
        level="district" if raw["id"] == DISTRICT else "commune",
        agency=f"000.{number:02}.31.H16",
        departments=tuple(department["id"] for department in raw["departments"]),
    )


def _procedure(raw: dict[str, Any]) -> Procedure:
    rules = {rule["cause"]: rule["mode"] for rule in raw["pause_rules"]}
    return Procedure(
        code=raw["code"],
        level="district" if raw["level"] == "UNIT_LEVEL_DISTRICT" else "commune",
        limits=tuple((limit["channel"], _limit(limit)) for limit in raw.get("limits", [])),
        supplement_restarts=rules["PAUSE_CAUSE_SUPPLEMENT"] == "PAUSE_MODE_RESTART",
        steps=tuple(Step(step["id"], step["department"]) for step in raw["steps"]),
    )


def _limit(raw: dict[str, Any]) -> Limit:
    unit = cast("LimitUnit", raw["unit"].removeprefix("LIMIT_UNIT_").lower())
    statutory: int = raw["statutory_minutes"]
    return Limit(
        unit, min(statutory, raw.get("committed_minutes", statutory)), raw.get("cutoff_minute")
    )
