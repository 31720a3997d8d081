"""What a principal may, for which units and on which day: one table, pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from motcua_kernel.parties import Role
from motcua_kernel.registry import Registry

from motcua_platform.access.principals import Principal

SUFFICES: Final[dict[Role, frozenset[Role]]] = {
    Role.READER: frozenset({Role.READER, Role.OFFICER}),
    Role.OFFICER: frozenset({Role.OFFICER}),
    Role.ADMINISTRATOR: frozenset({Role.ADMINISTRATOR}),
}
"""Which roles of a grant suffice for what is to be done. Those who run the system decide nothing
about dossiers and read none."""


def may(
    principal: Principal, role: Role, units: Iterable[str], registry: Registry, day: date
) -> bool:
    """Whether a principal may act in a role for one of these units, on a day of domain time.

    A grant takes in the units named, those below them, and what their successors took over. A
    publisher reads what it speaks for.
    """
    asked = list(units)
    if role is Role.READER and principal.publisher is not None:
        publisher = principal.publisher.id
        if any(registry.may_speak_for(publisher, unit) for unit in asked):
            return True
    return any(
        grant.role in SUFFICES[role]
        and grant.is_valid_on(day)
        and any(registry.is_within(unit, grant.units) for unit in asked)
        for grant in (principal.account.grants if principal.account else ())
    )


def administers(principal: Principal, day: date) -> bool:
    """Whether a principal may ask how the system itself fares, whatever the units of its grant."""
    return any(
        grant.role is Role.ADMINISTRATOR and grant.is_valid_on(day)
        for grant in (principal.account.grants if principal.account else ())
    )
