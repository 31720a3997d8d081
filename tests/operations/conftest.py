"""The stack of the fault tests and the comparisons of processing's tests, for day two."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

_TOP = Path(__file__).resolve().parents[2]
for folder in ("tests/operations", "tests/faults", "services/processing/tests"):
    sys.path.insert(0, str(_TOP / folder))

from stack_fixtures import own_stack  # noqa: E402

__all__ = ["own_stack"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take up the long proofs where their outages were given a length, and nowhere else."""
    if "MOTCUA_AWAY_SECONDS" in os.environ:
        return
    long = [one for one in items if one.get_closest_marker("long_form")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [one for one in items if one not in long]
