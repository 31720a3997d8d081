"""The balance residual (design section 4): the journal's left side less our right side.

The left side, carried over + received, comes from processing's journal by SQL; the right side,
resolved + in progress + withdrawn + stopped + refused after receipt, from the states held here.
The two are read at different moments, so a unit is compared only when both of its sides, and the
journal's watermark, were the same at two polls in a row; until then its last residual stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides of the balance as one poll saw them."""

    watermark: str
    left: Mapping[str, int]
    right: Mapping[str, int]


class ResidualWatch:
    """The newest residual by unit; no unit at all while processing cannot be asked."""

    def __init__(self) -> None:
        self.residuals: dict[str, int] = {}
        self._last: Sides | None = None

    def observe(self, sides: Sides) -> None:
        """Compare with the poll before, and set the residuals of the units that were quiet."""
        last, self._last = self._last, sides
        if last is None or last.watermark != sides.watermark:
            return
        residuals = dict(self.residuals)
        for unit in sides.left.keys() | sides.right.keys():
            left, right = sides.left.get(unit, 0), sides.right.get(unit, 0)
            if left == last.left.get(unit, 0) and right == last.right.get(unit, 0):
                residuals[unit] = left - right
        self.residuals = residuals

    def lose_sight(self) -> None:
        """Processing did not answer: an old residual says nothing about now."""
        self._last = None
        self.residuals = {}
