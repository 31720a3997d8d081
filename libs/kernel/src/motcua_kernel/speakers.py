"""Who spoke for which units when: the terms of publishers, by when the registry recorded them.

An event is judged by the term that was known when it was recorded, so that a right taken away or
given later changes nothing that was said before (DESIGN section 3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from motcua_kernel.instant import Instant
    from motcua_kernel.parties import Publisher

Units = tuple[str, ...]
_NOBODY: Final[Units] = ()


class Term(NamedTuple):
    """From when on a publisher speaks for these units; none after it was revoked."""

    known_at: Instant
    units: Units


class Speakers:
    """The terms of all publishers; an immutable value."""

    def __init__(self, terms: Mapping[str, tuple[Term, ...]] | None = None) -> None:
        self._terms: Mapping[str, tuple[Term, ...]] = terms or {}

    def with_publisher(self, publisher: Publisher, known_at: Instant) -> Speakers:
        """With an entry of a publisher that was recorded at this moment of domain time."""
        term = Term(known_at, _NOBODY if publisher.revoked else publisher.units)
        earlier = self._terms.get(publisher.id, ())
        if earlier and earlier[-1].units == term.units:
            return self
        return Speakers({**self._terms, publisher.id: (*earlier, term)})

    def known_by(self, moment: Instant) -> Speakers:
        """What was recorded before domain time began to be mapped was known from then on."""
        return Speakers(
            {
                name: tuple(Term(min(one.known_at, moment), one.units) for one in terms)
                for name, terms in self._terms.items()
            }
        )

    def units_at(self, publisher: str, recorded: Instant) -> Units | None:
        """The units that a publisher spoke for at a moment; None before the registry knew it.

        >>> Speakers().units_at("xa-24733", 0) is None
        True
        """
        terms = self._terms.get(publisher)
        if terms is None:
            return None
        for term in reversed(terms):
            if term.known_at <= recorded:
                return term.units
        return None
