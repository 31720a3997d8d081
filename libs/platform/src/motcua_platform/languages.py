"""In which of our two languages a request wants its answer: `Accept-Language`, RFC 9110."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from motcua_kernel.admission_rules import Language

if TYPE_CHECKING:
    from fastapi import Request

__all__ = ["Language", "language_of", "preferred"]

DEFAULT: Final[Language] = "vi"


def language_of(request: Request) -> Language:
    """The language of the answer to a request; Vietnamese where it does not say."""
    return preferred(request.headers.get("accept-language", ""))


@lru_cache(maxsize=256)
def preferred(accepted: str) -> Language:
    """Vietnamese or English, whichever weighs more; Vietnamese where neither is named.

    >>> preferred("en-GB,en;q=0.9,vi;q=0.4"), preferred("de"), preferred("")
    ('en', 'vi', 'vi')
    >>> preferred("en;Q=0.9, vi;q=0.1")
    'en'
    """
    weights = dict.fromkeys(("vi", "en"), 0.0)
    for tag, weight in _ranges(accepted):
        language = tag.partition("-")[0].lower()
        if language in weights:
            weights[language] = max(weights[language], weight)
    return "en" if weights["en"] > weights["vi"] else DEFAULT


def _ranges(accepted: str) -> Iterator[tuple[str, float]]:
    for one in accepted.split(","):
        tag, _, weight = one.partition(";")
        try:
            yield tag.strip(), float(weight.strip().lower().removeprefix("q=") or 1)
        except ValueError:
            yield tag.strip(), 0.0
