"""When intake closes to a publisher: too many of its records were set aside, or too many in a row.

The verdicts of a publisher's newest records are kept as bytes, 1 for set aside, in the order of the
log, so that a record counts once whatever is delivered again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from motcua_kernel.parties import QuarantineCap

GOOD: Final = b"\x00"
BAD: Final = b"\x01"
_PERCENT: Final = 100


class Breach(NamedTuple):
    """The cap that was reached: so many set aside of so many looked at."""

    rule: str
    quarantined: int
    looked_at: int


class Judged(NamedTuple):
    """The newest verdicts, the first cap that they reach, and how many new ones that took."""

    recent: bytes
    breach: Breach | None
    taken: int


def judge(recent: bytes, new: bytes, cap: QuarantineCap) -> Judged:
    r"""The newest verdicts with new ones behind them, up to the first cap that they reach.

    The ratio counts once the window is full: three records are no ratio.

    >>> from motcua_kernel.parties import QuarantineCap
    >>> judge(b"", b"\x00\x01\x01", QuarantineCap(percent=50, window=100, run=2)).breach
    Breach(rule='run', quarantined=2, looked_at=2)
    """
    kept = max(cap.window, cap.run, 1)
    if BAD not in recent and BAD not in new:
        return Judged((recent + new)[-kept:], None, len(new))
    for place in range(len(new)):
        recent = (recent + new[place : place + 1])[-kept:]
        if cap.run and recent.endswith(BAD * cap.run):
            return Judged(recent, Breach("run", cap.run, cap.run), place + 1)
        window = recent[-cap.window :] if cap.window else b""
        bad = window.count(BAD)
        if cap.window and len(window) == cap.window and bad * _PERCENT > cap.percent * cap.window:
            return Judged(recent, Breach("ratio", bad, cap.window), place + 1)
    return Judged(recent, None, len(new))
