"""What the kernel refuses. Callers turn `Invalid` into a problem or a quarantine record."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class KernelError(Exception):
    """Base of everything the kernel raises on purpose."""


class Invalid(KernelError):  # noqa: N818
    """A value breaks a rule: asking again with the same value is useless.

    `field` names the value at fault, `rule` what it should have been, `value` what it was.
    """

    def __init__(self, field: str, rule: str, value: str) -> None:
        super().__init__(field, rule, value)
        self.field = field
        self.rule = rule
        self.value = value

    def __str__(self) -> str:
        return f"{self.field}: {self.rule}, not {self.value!r}"


class BeyondCalendar(KernelError):  # noqa: N818
    """A question about a `day` that the calendar, known until `horizon`, does not cover."""

    def __init__(self, day: date, horizon: date) -> None:
        super().__init__(day, horizon)
        self.day = day
        self.horizon = horizon

    def __str__(self) -> str:
        return f"{self.day} lies outside the calendar, which is known until {self.horizon}"
