"""What intake refuses, and what it cannot do for a while."""

from __future__ import annotations


class IntakeError(Exception):
    """Base of what intake raises on purpose."""


class Rejected(IntakeError):  # noqa: N818
    """An event breaks a rule: sending it again unchanged is useless.

    `field` is a JSON pointer within the event, `rule` a stable word, `expected` a sentence.
    """

    def __init__(self, field: str, rule: str, expected: str) -> None:
        super().__init__(field, rule, expected)
        self.field = field
        self.rule = rule
        self.expected = expected


class MalformedBody(IntakeError):  # noqa: N818
    """The body is no JSON, or neither one event nor an array of them."""


class TooManyEvents(IntakeError):  # noqa: N818
    """An array with no event at all, or with more than `limit`."""

    def __init__(self, count: int, limit: int) -> None:
        super().__init__(count, limit)
        self.count = count
        self.limit = limit


class LogAway(IntakeError):  # noqa: N818
    """The log did not acknowledge in time: nothing may be promised, asking again is right."""
