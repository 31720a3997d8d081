"""One dashboard template, a copy for each place: the variable that names the place is fixed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

TAG: Final = "motcua-unit"
"""The only tag of every copy; links by tag lead from a copy to the copies that one may open."""

_HIDDEN: Final = 2
_encode: Final = msgspec.json.Encoder(order="sorted").encode


@dataclass(frozen=True, slots=True)
class Board:
    """A dashboard as it should be; `model` is its JSON, `mark` tells one content from another."""

    uid: str
    title: str
    model: bytes

    @property
    def mark(self) -> str:
        """What is written beside a saved version, and found again there while nobody edits it."""
        return f"motcua {hashlib.sha256(self.model).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class Template:
    """A dashboard whose variables choose the unit and the department."""

    model: Mapping[str, Any]

    def variables(self) -> frozenset[str]:
        """The names of its variables."""
        return frozenset(one["name"] for one in self._listed())

    def copy_for(self, uid: str, title: str, fixed: Mapping[str, str]) -> Board:
        """The dashboard of one place: `fixed` are the values of variables, no longer chosen."""
        listed = [
            _constant(one, fixed[one["name"]]) if one["name"] in fixed else one
            for one in self._listed()
        ]
        templating = {**self.model.get("templating", {}), "list": listed}
        links = [_to_copies(link) for link in self.model.get("links", ())]
        own = {"uid": uid, "title": title, "tags": [TAG], "links": links, "templating": templating}
        return Board(uid, title, _encode({**self.model, **own, "id": None, "version": 0}))

    def _listed(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self.model.get("templating", {}).get("list", [])
        return listed


def _to_copies(link: Mapping[str, Any]) -> dict[str, Any]:
    return {**link, "tags": [TAG]} if link.get("type") == "dashboards" else {**link}


def _constant(variable: Mapping[str, Any], value: str) -> dict[str, Any]:
    """A variable that neither a choice nor the address of the page changes."""
    chosen = {"text": value, "value": value, "selected": True}
    return {
        "type": "constant",
        "name": variable["name"],
        "label": variable.get("label"),
        "hide": _HIDDEN,
        "skipUrlSync": True,
        "query": value,
        "current": chosen,
        "options": [chosen],
    }
