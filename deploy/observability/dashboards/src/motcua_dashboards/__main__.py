"""Writes every dashboard as JSON: `python -m motcua_dashboards [FOLDER]`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from motcua_dashboards.generated import dashboards

FOLDER: Final = Path(__file__).parents[2] / "generated"


def main() -> None:
    """Write into the folder that is named, or into the one that is kept."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in dashboards().items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
