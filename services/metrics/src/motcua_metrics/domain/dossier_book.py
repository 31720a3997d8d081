"""The contribution of each dossier: whole while it is open, packed once it has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motcua_metrics.domain.ended import EndedDossiers
from motcua_metrics.domain.packing import Packing

if TYPE_CHECKING:
    from motcua_metrics.domain.contribution import Contribution


class DossierBook:
    """What each dossier contributes now, by its code."""

    def __init__(self) -> None:
        self._whole: dict[str, Contribution] = {}
        self._ended = EndedDossiers()
        self._packing = Packing()

    def __len__(self) -> int:
        return len(self._whole) + len(self._ended)

    def replace(self, dossier: str, new: Contribution) -> Contribution | None:
        """Write down what a dossier contributes; returns what it contributed before."""
        packed = self._packing.pack(new)
        if packed is None:
            old = self.forget(dossier)
            self._whole[dossier] = new
            return old
        old = self._whole.pop(dossier, None)
        row = self._ended.swap(dossier, *packed)
        return old if row is None else self._packing.unpack(*row)

    def forget(self, dossier: str) -> Contribution | None:
        """Let go of a dossier; returns what it contributed."""
        old = self._whole.pop(dossier, None)
        if old is not None:
            return old
        row = self._ended.pop(dossier)
        return None if row is None else self._packing.unpack(*row)
