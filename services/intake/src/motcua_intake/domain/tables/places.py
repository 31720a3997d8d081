"""Units, departments and procedures by the words that an export has for them."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from motcua_kernel.admission_rules import Rejected

from motcua_intake.domain.tables.cells import folded

_NUMBER: Final = re.compile(r"([1-9])[.,](\d{1,6})")

if TYPE_CHECKING:
    from collections.abc import Collection

    from motcua_kernel.parties import Publisher
    from motcua_kernel.registry import Registry
    from motcua_kernel.units import Unit


class Places:
    """Looks words up in a registry: an id, a code, or a name as people write it."""

    def __init__(self, registry: Registry, publisher: Publisher) -> None:
        self._registry = registry
        self._own = publisher.units[0] if len(publisher.units) == 1 else ""
        self._units: dict[str, list[Unit]] = {}
        for unit in registry.units.values():
            for word in {unit.code, folded(unit.name)}:
                self._units.setdefault(word, []).append(unit)
        self._procedures = {
            folded(versions[-1].name): code for code, versions in registry.procedures.items()
        }
        self.unit = lru_cache(maxsize=4_096)(self._find_unit)

    def _find_unit(self, field: str, word: str, day: date) -> str:
        """The id of the unit that a word means on a day; the publisher's only one for no word.

        Raises:
            Rejected: there is none, or several.
        """
        if not word and self._own:
            return self._own
        if word in self._registry.units:
            return word
        named = self._units.get(word) or self._units.get(folded(word), [])
        valid = [unit.id for unit in named if _stands(unit, day.isoformat())]
        if len(valid) != 1:
            raise Rejected(field, "unit-word")
        return valid[0]

    def department(self, unit: str, word: str) -> str:
        """The id of a unit's department by id or name; a code of a unit that declares none.

        Raises:
            Rejected: the unit declares its departments, and this is none of them.
        """
        known = self._registry.units.get(unit)
        declared = known.departments if known else ()
        for one in declared:
            if word == one.id or folded(word) == folded(one.name):
                return one.id
        if word and declared:
            raise Rejected("/department", "department")
        return word

    def departments(self, units: Collection[str], word: str) -> list[str]:
        """The ids of the departments that a word means in these units and those below them."""
        found = {
            one.id
            for unit in self._registry.units.values()
            for one in unit.departments
            if word == one.id or folded(word) == folded(one.name)
            if self._registry.is_within(unit.id, units)
        }
        return sorted(found)

    def procedure(self, word: str) -> str:
        """The code of a procedure, by itself or by name; what is neither is left as it is.

        A spreadsheet that took 2.001000 for a number writes 2.001, or 2,001: the zeros return.
        """
        if match := _NUMBER.fullmatch(word):
            word = f"{match[1]}.{match[2]:0<6}"
        if word in self._registry.procedures or word[:8] in self._registry.procedures:
            return word
        return self._procedures.get(folded(word), word)


def _stands(unit: Unit, day: str) -> bool:
    return unit.valid_from <= day and (not unit.valid_until or day <= unit.valid_until)
