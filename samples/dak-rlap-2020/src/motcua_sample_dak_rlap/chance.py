"""Lots that read as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motcua_sample_dak_rlap.instants import MINUTE

if TYPE_CHECKING:
    from random import Random


def happens(rng: Random, share: float) -> bool:
    """True in this share of the cases."""
    return rng.random() < share


def between(rng: Random, first: int, last: int) -> int:
    """A length between two numbers of minutes, in milliseconds."""
    return rng.randrange(first * MINUTE, last * MINUTE)
