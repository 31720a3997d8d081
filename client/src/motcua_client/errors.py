"""What a publishing program has to handle; everything else is a defect and crashes."""

from __future__ import annotations


class ClientError(Exception):
    """The base of every error of this package. Events in the spool are safe whichever it is."""


class Invalid(ClientError):  # noqa: N818
    """What was handed in is no event at all: sending it is useless. It is not in the spool."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field or 'the event'}: {rule}")
        self.field = field
        self.rule = rule


class Away(ClientError):  # noqa: N818
    """Intake did not answer for good within the patience: drain again later.

    `retry_after` is how many seconds it asked to be left alone, 0 where it said nothing.
    """

    def __init__(self, why: str, retry_after: float = 0.0) -> None:
        super().__init__(why)
        self.why = why
        self.retry_after = retry_after


class NotAdmitted(ClientError):  # noqa: N818
    """The key is not accepted, or may not publish: somebody has to act before a retry helps."""

    def __init__(self, status: int, title: str) -> None:
        super().__init__(f"HTTP {status}: {title}")
        self.status = status
        self.title = title


class Refused(ClientError):  # noqa: N818
    """The answer says that this is no intake, or that it does not understand us: a wrong URL."""

    def __init__(self, status: int, title: str) -> None:
        super().__init__(f"HTTP {status}: {title}")
        self.status = status
        self.title = title


class SpoolError(ClientError):
    """The spool cannot be used; names its file."""


class SpoolFull(SpoolError):  # noqa: N818
    """The disk is full: what was being put in is not in the spool, what was in it still is."""


class SpoolInUse(SpoolError):  # noqa: N818
    """Another process is draining this spool."""
