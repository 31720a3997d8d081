"""The targets by name, and where their corpora lie."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Final, TypeAlias

Target: TypeAlias = Callable[[bytes], None]

HERE: Final = Path(__file__).resolve().parent
CORPUS: Final = HERE / "corpus"
TARGETS: Final = tuple(
    sorted(path.stem.removeprefix("target_") for path in HERE.glob("target_*.py"))
)


def target_of(name: str) -> Target:
    """The function of a target: it returns on whatever it is given, or there is a defect."""
    return import_module(f"target_{name}").one_input
