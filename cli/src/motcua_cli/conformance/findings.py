"""What a check found: passed, failed, or nothing to judge; in both languages, with details."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

import msgspec

Verdict: TypeAlias = Literal["passed", "failed", "skipped"]


class Finding(msgspec.Struct, frozen=True):
    """One line of the report; `details` name events, fields and rules, never a value."""

    check: str
    verdict: Verdict
    vi: str
    en: str
    details: tuple[str, ...] = ()


def found(check: str, vi: str, en: str, faults: Sequence[str]) -> Finding:
    """Passed where there are no faults."""
    return Finding(check, "failed" if faults else "passed", vi, en, tuple(faults))


def skipped(check: str, vi: str, en: str) -> Finding:
    """Nothing happened by which it could be judged."""
    return Finding(check, "skipped", vi, en)


def failures(findings: Iterable[Finding]) -> int:
    """How many failed."""
    return sum(one.verdict == "failed" for one in findings)
