"""Write every page anew: `make docs`."""

from __future__ import annotations

from scripts.contract_pages.pages import PAGES
from scripts.contract_pages.schema_texts import ROOT

for place, made in PAGES.items():
    path = ROOT / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(made(), "utf-8")
    print(place)
