"""What other teams read is what schemas, topic files and code say."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.contract_pages.pages import PAGES

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("place", PAGES)
def test_a_page_is_what_would_be_made_now(place: str) -> None:
    assert (ROOT / place).read_text("utf-8") == PAGES[place](), "run make docs"
