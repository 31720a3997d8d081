"""Lets the tests here import what stands beside them, and gives them their stacks."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from stack_fixtures import own_stack, stack

__all__ = ["own_stack", "stack"]
