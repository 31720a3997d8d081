"""Lets the tests here import what stands beside them, and gives each module a stack of its own."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from stack_of_module import stack

__all__ = ["stack"]
