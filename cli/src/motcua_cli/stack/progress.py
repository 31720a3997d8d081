from collections.abc import Callable

Progress = Callable[[str], None]
"""Told one short line at each step of something that takes long."""


def silent(_line: str) -> None:
    """Tell nobody."""
