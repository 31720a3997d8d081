"""The stack of the fault tests and the comparisons of processing's tests, for day two."""

from __future__ import annotations

import sys
from pathlib import Path

_TOP = Path(__file__).resolve().parents[2]
for folder in ("tests/operations", "tests/faults", "services/processing/tests"):
    sys.path.insert(0, str(_TOP / folder))

from stack_fixtures import own_stack  # noqa: E402

__all__ = ["own_stack"]
