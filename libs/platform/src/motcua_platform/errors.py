"""Three classes of failure: what is bad input, what passes by itself, and everything else."""

from __future__ import annotations


class PlatformError(Exception):
    """Base of what the platform raises on purpose."""


class Unreadable(PlatformError):  # noqa: N818
    """A record that cannot be read or may not be accepted; it goes to quarantine with the rule."""

    def __init__(self, rule: str, field: str = "") -> None:
        super().__init__(rule, field)
        self.rule = rule
        self.field = field


class Transient(PlatformError):  # noqa: N818
    """Something away for a while: try again with backoff."""


class Misconfigured(PlatformError):  # noqa: N818
    """The process cannot start as it is configured; the message says what to change."""
