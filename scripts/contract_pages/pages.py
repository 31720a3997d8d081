"""Every page and document that is made here, by its place in the repository."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from scripts.contract_pages import asyncapi, events_page, openapi, problems_page

PAGES: Final[dict[str, Callable[[], str]]] = {
    "docs/asyncapi.yaml": asyncapi.document,
    "docs/openapi/intake.json": lambda: openapi.in_json(openapi.intake_document()),
    "docs/openapi/processing.json": lambda: openapi.in_json(openapi.processing_document()),
    "docs/events.md": events_page.document,
    "docs/problems.md": problems_page.document,
}
