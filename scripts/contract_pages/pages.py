"""Every page and document that is made here, by its place in the repository."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from scripts.contract_pages import asyncapi

PAGES: Final[dict[str, Callable[[], str]]] = {
    "docs/asyncapi.yaml": asyncapi.document,
}
