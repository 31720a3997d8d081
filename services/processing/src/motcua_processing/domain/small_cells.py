"""Small cells kept from the public: a count of a few can point to a person (Law 91/2025/QH15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Shown(NamedTuple):
    """A total and its parts as the public sees them; None is kept back."""

    total: int | None
    parts: dict[str, int | None]


def suppress(parts: Mapping[str, int], smallest: int) -> Shown:
    """Keep back counts from 1 to below `smallest`, and what would give them away.

    Where one part alone would be kept back, it could be had as the total less the others: the
    smallest other one is kept back with it, and the total where there is no other.

    >>> suppress({"early": 40, "on_time": 9, "overdue": 2}, 5)
    Shown(total=51, parts={'early': 40, 'on_time': None, 'overdue': None})
    >>> suppress({"early": 3, "on_time": 0}, 5)
    Shown(total=None, parts={'early': None, 'on_time': 0})
    """
    kept = {name for name, count in parts.items() if 0 < count < smallest}
    total = sum(parts.values())
    if not kept:
        return Shown(total, dict(parts))
    others = {name: count for name, count in parts.items() if count and name not in kept}
    hidden = sum(parts[name] for name in kept)
    if (len(kept) == 1 or hidden < smallest) and others:
        kept.add(min(others, key=lambda name: (others[name], name)))
    shown = {name: None if name in kept else count for name, count in parts.items()}
    return Shown(None if len(kept) == 1 or total < smallest else total, shown)
