"""What intake refuses as a whole, and what it cannot do for a while."""

from __future__ import annotations


class IntakeError(Exception):
    """Base of what intake raises on purpose."""


class MalformedBody(IntakeError):  # noqa: N818
    """The body is not what its content type and encoding say."""


class TooManyEvents(IntakeError):  # noqa: N818
    """A batch with no event at all, or with more than `limit`."""

    def __init__(self, count: int, limit: int) -> None:
        super().__init__(count, limit)
        self.count = count
        self.limit = limit


class LogAway(IntakeError):  # noqa: N818
    """The log did not acknowledge in time: nothing may be promised, asking again is right."""


class ProcessingAway(IntakeError):  # noqa: N818
    """Processing does not answer: nothing is known about an event for now."""
