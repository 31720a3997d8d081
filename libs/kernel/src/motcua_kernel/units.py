"""Units of the administration (đơn vị hành chính) and the departments inside them."""

from __future__ import annotations

from enum import IntEnum

import msgspec


class UnitLevel(IntEnum):
    """The level of a unit (cấp hành chính)."""

    UNSPECIFIED = 0
    PROVINCE = 1
    DISTRICT = 2
    COMMUNE = 3
    PROVINCIAL_DEPARTMENT = 4


class Department(msgspec.Struct, frozen=True):
    """A department (phòng) inside a unit; its id is unique within the unit."""

    id: str
    name: str


class Unit(msgspec.Struct, frozen=True):
    """A province, district, commune or provincial department, under its stable id."""

    id: str
    code: str
    name: str
    level: UnitLevel
    parent: str = ""
    valid_from: str = ""
    valid_until: str = ""
    predecessors: tuple[str, ...] = ()
    departments: tuple[Department, ...] = ()
    on_time_objective: float = 0.0
    """The share of dossiers it means to resolve in time, 0 to 1; 0: the unit above says."""
    offset: int = -1
